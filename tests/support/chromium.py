"""Find the browser that the tests drive, or get one. Run as a program, it prints the browser's path."""

import contextlib
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.engine import Engine

MISSING = (
    "Chromium or Chrome, or its path in CHROME_PATH "
    "(Debian: apt-get install chromium; anywhere: python -m playwright install chromium)"
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# Chromium takes the last list that it is given, so this one has Playwright's own as well (1.64). The first three draw
# the list under the address bar as a page of its own, in each window: a third of a small page's processor time.
FEATURES_OFF = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,"
    "PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning"
)
# A quiet browser: no look-ups of its own, so that every request that is seen is the page's.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={FEATURES_OFF}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@functools.cache
def found() -> str | None:
    """The browser's path: $CHROME_PATH, else a Chromium or Chrome of the system, else Playwright's own; or None."""
    from playwright.sync_api import sync_playwright

    if given := os.environ.get("CHROME_PATH"):
        if not Path(given).is_file():
            sys.exit(f"CHROME_PATH names {given}, which isn't a file; correct it, or unset it")
        return given
    for path in [*map(shutil.which, NAMES), MACOS]:
        if path and Path(path).is_file():
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def shell() -> str | None:
    """Chromium without what is drawn around a page, where Debian's package is there; else the browser.

    It opens a page in two thirds of the processor's time. Playwright's own download is one, too.
    """
    return (None if os.environ.get("CHROME_PATH") else shutil.which("chromium-headless-shell")) or found()


class Chromium(Engine):
    """One page of Playwright."""

    name = "Chromium"

    def __init__(self, page) -> None:
        self.page, self.version, self.entries = page, page.context.browser.version, []
        self.place_of_scripts = page
        page.on("console", lambda m: self.entries.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.entries.append(str(error)))

    def go(self, address: str) -> None:
        self.page.goto(address)

    def run(self, script: str, *arguments: object):
        from playwright.sync_api import Error

        function = f"(given) => (function () {{ {script} }})(...given)"
        try:
            return self.place_of_scripts.evaluate(function, arguments)
        except Error as error:
            if "Execution context was destroyed" not in str(error):  # by a page that took the place of this one
                raise
            self.page.wait_for_load_state()
            return self.page.evaluate(function, arguments)

    @contextlib.contextmanager
    def within(self, frame: str) -> Iterator[None]:
        self.place_of_scripts = self.page.query_selector(frame).content_frame()
        try:
            yield
        finally:
            self.place_of_scripts = self.page

    def press_at(self, x: float, y: float) -> None:
        self.page.mouse.click(x, y)

    def tap_at(self, x: float, y: float) -> None:
        self.page.touchscreen.tap(x, y)

    def keys(self, text: str) -> None:
        self.page.keyboard.type(text)

    def faults(self) -> list[str]:
        self.page.evaluate("0")  # what came before its result has been read
        entries, self.entries = self.entries, []
        return entries

    def tabs(self) -> int:
        return len(self.page.context.pages)

    def expires(self, cookie: str) -> float:
        return next(one["expires"] for one in self.page.context.cookies() if one["name"] == cookie)


def install() -> None:
    """Try Playwright's own download, then Debian's package where that is allowed. Says nothing of what fails."""

    def works(*command: str) -> bool:
        result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return result.returncode == 0

    if works(sys.executable, "-m", "playwright", "install", "chromium"):
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        works("apt-get", "update", "-qq")
        works("apt-get", "install", "-y", "-qq", "chromium", "fonts-liberation")


def path() -> str:
    """The browser's path; ends the program with one line if there is none and none can be had."""
    if not found():
        install()
        found.cache_clear()
    return found() or sys.exit(f"No browser to test with. It needs {MISSING}")


if __name__ == "__main__":
    print(path())
