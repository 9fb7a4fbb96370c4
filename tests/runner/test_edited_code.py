"""Edited code counts: what a reader breaks in the editor fails its test, which passes again after Reset code."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.runner.live_panel import Panel

pytestmark = pytest.mark.browser

LONG = 60_000  # milliseconds; Python comes with the first test
# What a reader changes, and the test that it breaks.
BROKEN = {
    "sessions are readable, not encrypted": (
        "understand/sessions-and-cookies/",
        "sessions_and_cookies/app.py",
        'session["points"] = 10',
        'session["points"] = "b4mDz0Yk"  # as if encrypted',
        "test_the_session_cookie_is_readable_without_the_key",
    ),
    "signing out revokes nothing": (
        "understand/what-clear-does/",
        "what_clear_does/app.py",
        'if action == "copy":',
        'if action == "clear":\n        app.secret_key = "another"  # revokes every cookie\n    if action == "copy":',
        "test_a_copy_of_the_old_cookie_still_works_after_clear",
    ),
    "a lifetime slides": (
        "understand/two-clocks/",
        "two_clocks/app.py",
        'app.secret_key = "dev"',
        'app.secret_key = "dev"\napp.config["SESSION_REFRESH_EACH_REQUEST"] = False',
        "test_a_permanent_session_slides_with_each_visit",
    ),
    "changes inside a list are lost": (
        "understand/when-flask-saves-the-session/",
        "when_flask_saves_the_session/wrong.py",
        '.append("apple")',
        '.append("apple")\n    session.modified = True',
        "test_wrong_keeps_the_first_apple_and_loses_the_second",
    ),
    "reading adds Vary": (
        "understand/sessions-and-cookies/",
        "sessions_and_cookies/app.py",
        'session.get("points")',
        "None",
        "test_reading_the_session_adds_vary_cookie_and_no_more",
    ),
}


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


class Shown:
    """A test in the section at the foot of the page that is open."""

    def __init__(self, page: Page, name: str) -> None:
        self.details = page.locator(f"#{name}")
        self.outcome = self.details.locator(".test-outcome")
        self.report = self.details.locator(".test-report")
        self.details.locator("summary").click()

    def run(self, outcome: str) -> None:
        """Press Run this test, and see how it ends; on a busy machine pytest may come too late."""
        button = self.details.get_by_role("button", name="Run this test")
        button.click()
        expect(self.outcome).to_have_text(re.compile("Passed|Failed|didn't respond"), timeout=LONG)
        if "didn't respond" in self.outcome.inner_text():
            button.click()
        expect(self.outcome).to_have_text(re.compile(outcome), timeout=LONG)


@pytest.mark.parametrize("claim", BROKEN)
def test_a_claim_that_is_broken_in_the_editor_fails_its_test_and_passes_after_reset(page, site_url, claim):
    address, path, old, new, name = BROKEN[claim]
    page.goto(site_url + address)
    example = Panel(page, path)
    shown = Shown(page, name)
    example.edit(old, new)
    shown.run(r"^\u2717 Failed in \d+ ms, with your edits$")
    expect(page.locator(".test-status")).to_have_text("0 passed, 1 failed, with your edits")
    expect(shown.report).to_contain_text(f": in {name}")
    example.example.get_by_role("button", name="Reset code").click()
    expect(shown.outcome).to_be_empty()  # what was proven of the edits says nothing any more
    shown.run(r"^\u2713 Passed in \d+ ms$")
    expect(page.locator(".test-status")).to_have_text("1 passed")


@pytest.mark.parametrize(
    ("before", "line", "after", "place"),
    [
        ("app = Flask(__name__)\n", "1 / 0", "\n", r"app\.py, line \d+"),
        ("app = Flask(__name__)\n", "def (:", "\n", r"app\.py, line \d+"),
        ('    action = request.form.get("action")\n    ', "1 / 0", "\n    ", r'app\.py", line \d+'),
    ],
    ids=["at import", "syntax", "in a view"],
)
def test_a_report_leads_to_the_line_of_the_edited_file(page, site_url, before, line, after, place):
    page.goto(f"{site_url}understand/what-clear-does/")
    example = Panel(page, "what_clear_does/app.py")
    shown = Shown(page, "test_a_copy_of_the_old_cookie_still_works_after_clear")
    example.edit(before, f"{before}{line}{after}")
    shown.run("Failed")
    shown.report.get_by_role("button", name=re.compile(place)).last.click()
    editor = example.editor()
    expect(editor).to_be_focused()
    assert editor.evaluate("area => area.value.slice(area.selectionStart)").startswith(f"{line}\n")


def test_edits_of_another_example_leave_a_test_alone(page, site_url):
    page.goto(f"{site_url}understand/when-flask-saves-the-session/")
    Panel(page, "when_flask_saves_the_session/app.py").edit("apple", "pear")
    shown = Shown(page, "test_wrong_keeps_the_first_apple_and_loses_the_second")
    shown.run("Passed in .* with your edits")
