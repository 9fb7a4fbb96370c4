"""Drives a live panel as a reader does: through the names that a screen reader tells."""

import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

WAIT = 30_000  # milliseconds; a busy machine may take long to start Python
# A page ends an app that doesn't respond within 8 seconds. If this script runs first, a test can shorten that.
SHORTENED = """{
    const real = setTimeout;
    self.setTimeout = (f, ms, ...more) => real(f, ms === 8000 ? self.limit ?? ms : ms, ...more);
}"""


@contextlib.contextmanager
def shortened(page: Page, endless: bool = True) -> Iterator[None]:
    """End an app that doesn't respond sooner than usual: what the page says and does then is the same."""
    if endless:
        page.evaluate("self.limit = 2500")
    try:
        yield
    finally:
        page.evaluate("delete self.limit")


class Panel:
    """The panel of the example at `path` (such as "count_visits/app.py") on the page that is open."""

    def __init__(self, page: Page, path: str) -> None:
        self.page, self.path = page, path
        self.region = page.get_by_role("region", name=path, exact=True)
        self.status = self.region.get_by_role("status")
        self.session = self.region.get_by_role("group", name="Session cookie")
        self.address = self.region.get_by_role("textbox", name="Address")
        self.frame = self.region.frame_locator("iframe[title=Page]")

    @property
    def example(self) -> Locator:
        """The example that the panel belongs to."""
        folder, _, app = self.path.partition("/")
        return self.page.locator(f'.example[data-folder="{folder}"][data-app="{app}"]')

    def run(self) -> "Panel":
        """Press the example's Run and wait until the app answered, or did not start."""
        # What the panel said before must not be taken for the answer.
        self.example.evaluate("e => e.querySelectorAll('.live-line > *').forEach((part) => (part.textContent = ''))")
        self.example.get_by_role("button", name="Run", exact=True).click()
        return self.settled()

    def editor(self, file: str = "") -> Locator:
        """The editor of a file of the example, the app if none is named, with its tab or fold opened."""
        if not self.example.locator("code textarea").count():
            self.example.get_by_role("button", name="Edit", exact=True).click()
            self.example.locator("code textarea:focus").wait_for()
        file = file or self.path.partition("/")[2]
        editor = self.example.get_by_role("textbox", name=file, exact=True)
        if not editor.count():
            self.example.locator(".tabbed-labels label, .editor-more summary").get_by_text(file, exact=True).click()
        return editor

    def edit(self, old: str, new: str, file: str = "") -> "Panel":
        """Type `new` in the place of `old`."""
        editor = self.editor(file)
        text = editor.input_value()
        assert old in text
        editor.fill(text.replace(old, new, 1))
        return self

    def reset(self) -> "Panel":
        """Press Reset code, which runs the example again if it had been run with the edits."""
        self.example.get_by_role("button", name="Reset code", exact=True).click()
        expect(self.example.get_by_role("button", name="Edit", exact=True)).to_be_focused()
        return self.settled()

    def settled(self) -> "Panel":
        """Wait until the panel has done what was asked."""
        expect(self.status).not_to_be_empty(timeout=WAIT)
        expect(self.region).not_to_have_attribute("aria-busy", "true", timeout=WAIT)
        return self

    def press(self, *names: str) -> "Panel":
        """Press buttons of the panel, one after the other."""
        for name in names:
            self.region.get_by_role("button", name=name, exact=True).click()
            self.settled()
        return self

    def tab(self, name: str) -> Locator:
        """Open a tab; its contents."""
        self.region.get_by_role("tab", name=name, exact=True).click()
        return self.region.get_by_role("tabpanel", name=name, exact=True)

    def visit(self, path: str) -> "Panel":
        """Type an address and press Enter."""
        self.address.fill(path)
        self.address.press("Enter")
        return self.settled()

    def shows(self, text: str | re.Pattern) -> None:
        """The app's page holds this text."""
        expect(self.frame.locator("body")).to_contain_text(text, timeout=WAIT)

    def says(self, text: str | re.Pattern) -> None:
        """The status line, which is announced, holds this text."""
        expect(self.status).to_contain_text(text, timeout=WAIT)

    def holds(self, text: str | re.Pattern) -> None:
        """The summary of the session cookie holds this text."""
        expect(self.session).to_contain_text(text, timeout=WAIT)
