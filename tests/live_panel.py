"""Drives a live panel as a reader does: through the names that a screen reader tells."""

import re

from playwright.sync_api import Locator, Page, expect

WAIT = 30_000  # milliseconds; a busy machine may take long to start Python


class Panel:
    """The panel of the example at `path` (such as "count_visits/app.py") on the page that is open."""

    def __init__(self, page: Page, path: str) -> None:
        self.page, self.path = page, path
        self.region = page.get_by_role("region", name=path, exact=True)
        self.status = self.region.get_by_role("status")
        self.session = self.region.get_by_role("group", name="Session cookie")
        self.address = self.region.get_by_role("textbox", name="Address")
        self.frame = self.region.frame_locator("iframe[title=Page]")

    def run(self) -> "Panel":
        """Press the example's Run and wait until the app answered, or did not start."""
        folder, _, app = self.path.partition("/")
        example = self.page.locator(f'.example[data-folder="{folder}"][data-app="{app}"]')
        example.get_by_role("button", name="Run", exact=True).click()
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
