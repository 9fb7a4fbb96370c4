"""Challenges in Chromium: a wrong app is fixed by keyboard, and what goes wrong meanwhile is said in one line."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from extensions import challenges, snippets
from tests.runner.live_panel import SHORTENED, WAIT, shortened
from tests.site.test_site_browser import NARROW, WIDE, assert_accessible_in, assert_accessible_in_forced_colors

pytestmark = pytest.mark.browser

FIRST = "learn/your-first-session/"
APP = "your_first_session/wrong.py"
WRONG = snippets.read(snippets.ROOT / APP)
FIXED = WRONG.replace("values = dict(session)\n    values[", "session[")
KEY = "live /guide/fixed"
# Whether no element around a count cuts it off at its right end.
NOT_CLIPPED = """count => {
    const right = count.getBoundingClientRect().right;
    for (let around = count.parentElement; around; around = around.parentElement)
        if (getComputedStyle(around).overflowX !== "visible" && around.getBoundingClientRect().right < right)
            return false;
    return true;
}"""
STATES = [(size, scheme) for size in (WIDE, NARROW) for scheme in ("light", "dark")]


class Challenge:
    """The challenge of a page's wrong app."""

    def __init__(self, page: Page, address: str, app: str = APP) -> None:
        self.page = page
        page.goto(address)
        folder, _, name = app.partition("/")
        self.example = page.locator(f'.example[data-folder="{folder}"][data-app="{name}"]')
        self.press = self.example.get_by_role("button", name="Fix this app")
        self.region = page.get_by_role("region", name=f"Fix {app}")
        self.line = self.region.get_by_role("status")
        self.editor = self.example.get_by_role("textbox", name=name, exact=True)
        self.count = page.locator(".md-nav__link", has_text="Your first Flask session").locator(".fix-count")

    def says(self, text: str | re.Pattern) -> None:
        """The line below the statements is this."""
        expect(self.line).to_have_text(text, timeout=WAIT)

    def check(self, code: str, text: str | re.Pattern) -> None:
        """Check other code; the line says this, and nothing of the code is lost."""
        self.editor.fill(code)
        self.region.get_by_role("button", name="Check").click()
        self.says(text)
        expect(self.editor).to_have_value(code)


@pytest.fixture
def page(browser):
    """A tab of its own, which keeps nothing from before; an error that it throws fails the test."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def test_an_app_is_fixed_by_keyboard_and_counted_until_that_is_forgotten(page, site_url):
    challenge = Challenge(page, site_url + FIRST)
    heights = "[...document.querySelectorAll('.md-sidebar--primary .md-nav__link')].map((a) => a.offsetHeight)"
    before = page.evaluate(heights)
    challenge.press.focus()
    page.keyboard.press("Enter")
    challenge.says("1 of 3 statements is true.")
    expect(challenge.region.get_by_role("listitem")).to_have_text(
        [
            "\u2717not true: After the button the page shows green",
            "\u2717not true: The response to the button sets the cookie",
            "\u2713true: A new visitor has not chosen",
        ]
    )
    expect(challenge.editor).to_be_focused()
    expect(challenge.count).to_have_count(0)
    for name in ("Hint", "Show the fix"):
        challenge.region.get_by_role("button", name=name).press("Enter")
    expect(challenge.region).to_contain_text("Assign to the session itself.")
    expect(challenge.region.locator("ins")).to_have_text(re.compile(r'session\["color"\] = "green"'))
    assert_accessible_in(page, *STATES)
    assert_accessible_in_forced_colors(page)

    page.set_viewport_size(WIDE)
    challenge.editor.focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(FIXED)
    challenge.says("The code was edited since the last check.")
    page.keyboard.press("Tab")
    expect(challenge.region.get_by_role("button", name="Check")).to_be_focused()
    page.keyboard.press("Enter")
    challenge.says("All 3 statements are true: you fixed this app.")
    expect(challenge.count).to_have_text("1 of 1 fixed")
    assert_accessible_in(page, *STATES)
    assert_accessible_in_forced_colors(page)
    page.keyboard.press("Escape")
    expect(challenge.press).to_be_focused()

    page.set_viewport_size(WIDE)
    page.reload()
    expect(challenge.count).to_have_text("1 of 1 fixed")
    assert challenge.count.evaluate(NOT_CLIPPED)
    assert page.evaluate(heights) == before
    page.goto(f"{site_url}kept/")
    expect(page.get_by_text("Which apps you fixed, 1 KB")).to_be_visible()
    page.goto(site_url + FIRST)
    challenge.press.press("Enter")
    challenge.region.get_by_role("button", name="Forget that I fixed it").click(timeout=WAIT)
    challenge.says("Forgotten: this app counts as not fixed.")
    expect(challenge.count).to_have_count(0)
    assert page.evaluate(f"localStorage.getItem({KEY!r})") is None


def test_what_is_no_solution_is_said_in_one_line_and_nothing_is_lost(page, site_url):
    page.add_init_script(SHORTENED)
    challenge = Challenge(page, site_url + FIRST)
    challenge.press.click()
    challenge.says("1 of 3 statements is true.")
    last = FIXED.rindex("@app.post")
    challenge.check(FIXED[:last], "1 of 3 statements is true.")  # the view is deleted
    challenge.check(FIXED.replace("def choose():", "def choose(:"), re.compile(r"^wrong.py did not start. SyntaxError"))
    expect(challenge.line).to_contain_text("(wrong.py, line 20). Your edits are kept.")
    loop = FIXED.replace("    session[", "    while True:\n        pass\n    session[")
    with shortened(page):
        challenge.check(loop, "The app didn't respond within 8 seconds, so it was stopped. Your edits are kept.")
        challenge.check(f"{FIXED}\nwhile True:\n    pass\n", re.compile("^The app didn't respond within 8 seconds"))
    challenge.check("", re.compile("^wrong.py did not start. wrong.py has no Flask app."))
    expect(challenge.count).to_have_count(0)
    challenge.check(FIXED, "All 3 statements are true: you fixed this app.")


def test_what_was_fixed_in_an_older_build_is_said_and_not_counted(page, site_url):
    page.goto(f"{site_url}kept/")
    fixed = {
        APP: "00000000",
        "count_visits/wrong.py": challenges.of("count_visits/wrong.py").hash,
        "gone/wrong.py": "1",
    }
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps({"version": 1, "fixed": fixed})])
    challenge = Challenge(page, site_url + FIRST)
    challenge.press.click()
    challenge.says(
        "You fixed this app as an earlier version of this site had it, which doesn't count any more. "
        "1 of 3 statements is true."
    )
    expect(challenge.count).to_have_count(0)
    page.goto(f"{site_url}recipes/count-visits/")
    expect(page.locator(".md-nav__link .fix-count")).to_have_text("1 of 1 fixed")
    page.goto(f"{site_url}kept/")
    page.get_by_role("button", name="Delete all of it").click()
    expect(page.locator(".fix-count")).to_have_count(0)
    for damaged in ("{", '{"version": 1}', '{"version": 1, "fixed": [3]}', '{"version": 2, "fixed": {}}'):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, damaged])
        page.goto(f"{site_url}recipes/count-visits/")
        expect(page.get_by_role("button", name="Fix this app")).to_be_visible()
        expect(page.locator(".fix-count")).to_have_count(0)


# Of each kind one: with the page's tests, with a template, with keys, with a package, with passwords.
SOME = ["count_visits", "forms_and_templates", "two_apps_on_one_host", "protect_forms_against_csrf", "limit_guesses"]
FIXED_HERE = [
    pytest.param(one.app, marks=[] if one.folder in SOME else pytest.mark.touched)
    for one in challenges.read()
    if one.app != APP
]


@pytest.mark.parametrize("app", FIXED_HERE)
def test_the_fix_makes_all_statements_true_in_the_page(page, site_url, app):
    one = challenges.of(app)
    challenge = Challenge(page, site_url + one.page, app)
    challenge.press.click()
    number = len(one.tests)
    challenge.says(re.compile(rf"^(The statement is not|\d of {number} statements? (is|are)) true\.$"))
    for path, text in one.fixed.items():
        if path != one.name:
            fold = challenge.example.locator(".tabbed-labels label, .editor-more summary").get_by_text(path, exact=True)
            fold.click()
        challenge.example.get_by_role("textbox", name=path, exact=True).fill(text)
    challenge.region.get_by_role("button", name="Check").click()
    challenge.says(re.compile(r"true: you fixed this app\.$"))
