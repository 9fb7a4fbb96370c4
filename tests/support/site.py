"""The built site, served as a static host would, below a path of its own."""

import contextlib
import functools
import gzip
import http.server
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PREFIX = "/guide"
FIRST = f'<head><script src="{PREFIX}/first.js"></script>'.encode()


def build(target: Path, root: Path = ROOT, **variables: str) -> subprocess.CompletedProcess:
    """Build the site strictly into `target`; what MkDocs printed is in the result's `stdout`.

    Without --quiet: that would make MkDocs 1.6 forget warnings, and exit with 0 in spite of --strict.
    """
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(root)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@functools.cache
def compressed(path: Path, _changed: int) -> bytes:
    """A file's bytes, compressed; static hosts keep them, too."""
    return gzip.compress(path.read_bytes())


class StaticHost(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below PREFIX as GitHub Pages does: texts compressed, what is missing answered with 404.html."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # as static hosts do; a small file takes 40 ms more otherwise

    def translate_path(self, path: str) -> str:
        """The file for a path; nothing lies outside of the prefix."""
        inside = path.removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else "/outside-of-the-site"
        return super().translate_path(inside)

    def do_GET(self) -> None:
        """Answer with the file, its folder's index.html, or the site's own page for what is missing."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.is_file():
            self.answer(200, path)
        else:
            self.answer(404, Path(self.directory, "404.html"))

    def answer(self, status: int, path: Path) -> None:
        """Send a file."""
        kind = self.guess_type(path)
        self.send_response(status)
        if kind.partition("/")[0] == "text" or kind in ("application/json", "image/svg+xml"):
            body = compressed(path, path.stat().st_mtime_ns)
            self.send_header("Content-Encoding", "gzip")
        else:
            body = path.read_bytes()
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class FirstScript(StaticHost):
    """Runs a script before each page's own, and before its workers'. A page's policy lets it, since it is a file."""

    script = b""

    def do_GET(self) -> None:
        """Answer with the script, a page that loads it, or a worker that begins with it."""
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() else path
        if self.path == f"{PREFIX}/first.js":
            return self.send("text/javascript", self.script)
        if page.suffix == ".html" and page.is_file():
            return self.send("text/html", page.read_bytes().replace(b"<head>", FIRST, 1))
        if "worker" in page.name and page.is_file():
            return self.send("text/javascript", self.script + b";" + page.read_bytes())
        return super().do_GET()

    def send(self, kind: str, body: bytes) -> None:
        """Send what is made here."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class SlowLine(StaticHost):
    """Sends 400,000 bytes a second, as a slow line does that all files share."""

    bytes_at_once = 40_000
    line = threading.Lock()

    def answer(self, status: int, path: Path) -> None:
        """Send a file, a tenth of a second's bytes at a time."""
        sent, self.wfile = self.wfile, io.BytesIO()
        super().answer(status, path)
        body, self.wfile = self.wfile.getvalue(), sent
        for start in range(0, len(body), self.bytes_at_once):
            with self.line:
                time.sleep(len(body[start : start + self.bytes_at_once]) / 400_000)
                sent.write(body[start : start + self.bytes_at_once])


@contextlib.contextmanager
def served(folder: Path, first: str = "", address: str = "127.0.0.1", host: type = StaticHost) -> Iterator[str]:
    """Serve a built site on a free port of 127.0.0.1 and give its address, with a slash at the end.

    A script that runs before those of the site may be given, another address of this machine, and how to serve.
    """
    kind = type("Host", (FirstScript,), {"script": first.encode()}) if first else host
    handler = functools.partial(kind, directory=str(folder))
    with http.server.ThreadingHTTPServer((address, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{address}:{server.server_port}{PREFIX}/"
        finally:
            server.shutdown()
            thread.join()


def addresses(root: Path = ROOT) -> list[str]:
    """The address of each page, relative to the site's, as MkDocs makes it: learn/your-first-session/ and so on."""
    names = [page.relative_to(root / "docs").with_suffix("").as_posix() for page in (root / "docs").rglob("*.md")]
    return sorted("" if name == "index" else f"{name.removesuffix('/index')}/" for name in names)


def source(address: str, root: Path = ROOT) -> Path:
    """The Markdown file of a page."""
    page = root / "docs" / f"{address.rstrip('/') or 'index'}.md"
    return page if page.is_file() else root / "docs" / address / "index.md"
