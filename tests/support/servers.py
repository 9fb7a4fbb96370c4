"""Start a server as a reader would, wait until it answers, and stop it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

# The command, which ends as soon as this shell's input does: also if the process that started it is killed.
KEEPER = """
exec 3<&0
{ read -r line <&3; kill 0; } &
trap : TERM
"$@" </dev/null 3<&-
status=$?
kill $!
exit $status
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_address() -> str:
    """An address of this machine beside 127.0.0.1, so that http to it isn't secure; 127.0.0.1 if it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing; the address is one for documentation (RFC 5737)
        return probe.getsockname()[0]
    return "127.0.0.1"


def get(address: str, **headers: str) -> str:
    """The text at an address of this machine."""
    request = urllib.request.Request(address, headers=headers)  # noqa: S310
    return urllib.request.urlopen(request, timeout=10).read().decode()  # noqa: S310


def answers(address: str) -> bool:
    """Whether a server answers at this address, with any status."""
    try:
        get(address)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextlib.contextmanager
def running(command: list[str], folder: Path, address: str, seconds: float = 60, **variables: str) -> Iterator[None]:
    """Run a command that serves `address`, until the block ends; AssertionError with its output if it never does."""
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["sh", "-c", KEEPER, "sh", *command],
            cwd=folder,
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + seconds
        while not answers(address):
            assert process.poll() is None, f"{command} stopped: {log.read_text()}"
            assert time.monotonic() < deadline, f"{command} does not answer at {address}: {log.read_text()}"
            time.sleep(0.1)
        yield
    finally:
        # The command may have started others; the shell ends all of its session.
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
