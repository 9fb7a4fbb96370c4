"""`mkdocs serve`: after a failed build each page shows the fault, and loads again when the next build is done."""

import html
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

state: dict = {"serve": False, "started": False, "error": None}
PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>The build failed</title>
    <meta name="viewport" content="width=device-width">
    <style>body {{ font: 1rem/1.5 sans-serif; margin: 2rem; }} pre {{ white-space: pre-wrap; }}</style>
  </head>
  <body>
    <h1>The build failed</h1>
    <pre>{fault}</pre>
    <p>This page loads again when you have saved a file and the build succeeds.</p>
  </body>
</html>
"""


def taken(host: str, port: int) -> bool:
    """Whether another program listens there."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it would share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def fault_of(error: BaseException) -> str:
    """What a page shows: a fault of a page is one line, any other error has its traceback."""
    from mkdocs.exceptions import BuildError

    return str(error) if isinstance(error, BuildError) else "".join(traceback.format_exception(error))


def show(site: Path, docs: Path, fault: str) -> None:
    """Put the fault into the place of each page."""
    text = PAGE.format(fault=html.escape(fault))
    for page in docs.rglob("*.md"):
        name = page.relative_to(docs).with_suffix("")
        folder = site / (name.parent if name.name == "index" else name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(text, "utf-8")
    (site / "404.html").write_text(text, "utf-8")


def shown(build: Callable[[], None], site: Path, docs: Path) -> Callable[[], None]:
    """A build that ends in any case, so that the server goes on."""

    def rebuild() -> None:
        state["error"] = None
        try:
            build()
        except (Exception, SystemExit) as error:
            fault = fault_of(state["error"] or error)
            sys.stderr.write(f"{fault}\n")
            show(site, docs, fault)

    return rebuild
