"""Serve an app as in production: gunicorn with two workers, each a process of its own."""

import contextlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from extensions import snippets
from tests.support import loading, servers


@contextlib.contextmanager
def gunicorn(app: Path, folder: Path, **variables: str) -> Iterator[int]:
    """Serve the app of a snippet file from a copy of its folder, and give the port of 127.0.0.1."""
    for name, text in snippets.files_of(app).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    module = snippets.module_of(app.relative_to(snippets.ROOT).as_posix().partition("/")[2])
    port = servers.free_port()
    # The control socket would be one for all of a user's gunicorns.
    command = [sys.executable, "-m", "gunicorn", "--workers=2", "--no-control-socket", f"--bind=127.0.0.1:{port}"]
    address = f"http://127.0.0.1:{port}/"
    with servers.running([*command, f"{module}:app"], folder, address, **loading.ENVIRONMENT | variables):
        yield port


@contextlib.contextmanager
def one_is_busy(port: int) -> Iterator[None]:
    """Keep one worker waiting for a request that does not come, so that the other one answers."""
    with socket.create_connection(("127.0.0.1", port)) as held:
        held.sendall(b"GET / HTTP/1.1\r\n")
        yield
