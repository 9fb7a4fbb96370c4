"""Where a built site has the modules of live/: their addresses contain a hash."""

import functools
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from extensions import assets

TESTED = "live/page/tested.js"  # exports the modules that tests call


def address(page: Page, path: str = TESTED) -> str:
    """The address of a module of the site that a page belongs to."""
    script = page.locator('script[src*="/live-"]').evaluate("script => script.src")
    folder = script.rpartition("/")[0]
    listed = page.request.get(f"{folder}/modules.json").json()
    return f"{folder}/{listed[path]['file']}"


def evaluated(page: Page, path: str) -> None:
    """Waits until a page has run a module of the site. The network's silence says less, and may never come."""
    page.evaluate("module => import(module).then(() => {})", address(page, path))


@functools.cache
def folder() -> tuple[Path, dict[str, dict], tempfile.TemporaryDirectory]:
    """A folder with all modules and the runtime, what it holds, and what keeps it until the process ends."""
    kept = tempfile.TemporaryDirectory()
    return Path(kept.name), assets.bundle(Path(kept.name)), kept


def fetched_files(path: str) -> list[Path]:
    """A module's file and those that it imports at once, as readers fetch them."""
    built, modules, _ = folder()
    return [built / name for name in [modules[path]["file"], *modules[path]["imports"]]]
