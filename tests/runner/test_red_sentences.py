"""Edited code makes the page's marks old, its tests run after Run, and a paragraph whose test fails says so itself."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.runner.live_panel import Panel
from tests.runner.test_page_tests import LONG, PAGE, TEST, runnable, status
from tests.site.test_site_browser import STATES, assert_accessible_in, assert_accessible_in_forced_colors

pytestmark = pytest.mark.browser

APP = "count_visits/app.py"
FAILED = ".claim-failed"
SAVE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


def told(panel: Panel):
    """The line in the example that says how the tests went."""
    return panel.example.locator(":scope > .live-told")


def settled(page: Page) -> None:
    """Wait until the page's tests have run on the edited code."""
    expect(status(page)).to_have_text(re.compile(r"^\d+ passed.*with your edits$"), timeout=LONG)


def test_a_paragraph_whose_test_fails_says_so_after_run_and_until_the_code_is_right_again(page, site_url):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(site_url + PAGE)
    marks = page.locator("a.test-mark")
    first = page.locator(f'a.test-mark[data-tests~="{TEST}"]')
    panel = Panel(page, APP).run()
    page.wait_for_timeout(500)
    assert not any("/pytest-" in address for address in fetched)  # the page's own code has its tests already
    panel.edit("Visits: ", "Seen: ")
    expect(first).to_have_text(re.compile("^↻"))
    expect(first).to_have_accessible_name(re.compile("not run on your edits"))
    assert {text[0] for text in marks.all_inner_texts()} == {"↻"}
    panel.run()
    start = time.perf_counter()
    panel.shows("Seen: ")
    panel.press("Reload")  # it doesn't wait for the tests
    expect(page.locator(FAILED).first).to_be_visible(timeout=LONG)
    seconds = time.perf_counter() - start
    settled(page)
    print(f"paragraphs are marked {seconds:.1f} to {time.perf_counter() - start:.1f} s after the app's page")
    expect(panel.frame.locator("body")).to_contain_text(re.compile(r"Seen: \d"))
    paragraph = page.locator(FAILED).filter(has=first)
    expect(paragraph).to_contain_text(re.compile("tests? fails? on your code"))
    expect(first).to_have_text(re.compile("^✗"))
    expect(first).to_have_accessible_name(re.compile("failed"))
    right = page.locator("a.test-mark:not([data-outcome=failed])")
    expect(right).not_to_have_count(0)  # the others still pass, or need more than Python
    number = runnable(PAGE)
    expect(told(panel)).to_have_text(re.compile(rf"^✗ \d+ of the {number} tests on this page fail on your code\."))
    told(panel).get_by_role("button", name="Show the first").press("Enter")
    expect(page.locator('a.test-mark[data-outcome="failed"]').first).to_be_focused()
    page.keyboard.press("Escape")
    panel.edit("Seen: ", "Visits: ")
    expect(page.locator(FAILED)).to_have_count(0)
    expect(told(panel)).to_have_count(0)
    expect(first).to_have_text(re.compile("^✓"))
    # Right code that is not the page's own: its tests pass.
    panel.edit("import os", "import os  # edited").run()
    expect(told(panel)).to_have_text(
        f"✓ All {number} tests on this page that run here pass on your code.", timeout=LONG
    )
    assert page.locator(".claim-outcome").count() == 0


def test_a_failed_paragraph_is_seen_with_forced_colors_accessible_and_taken_back_by_reset_code(page, site_url):
    page.goto(site_url + PAGE)
    panel = Panel(page, APP).edit("Visits: ", "Seen: ").run()
    panel.run()  # the tests that are under way end, and begin again
    settled(page)
    page.emulate_media(forced_colors="active")
    line = (
        "e => { const s = getComputedStyle(e, '::before'); return [s.borderLeftWidth, s.borderLeftStyle, s.content] }"
    )
    assert page.locator(FAILED).first.evaluate(line) == ["3px", "double", '""']
    page.emulate_media(forced_colors="none")
    panel.reset()
    expect(page.locator(FAILED)).to_have_count(0)
    assert {text[0] for text in page.locator("a.test-mark").all_inner_texts()} == {"✓"}
    panel.edit("Visits: ", "Seen: ").run()
    settled(page)
    assert_accessible_in(page, *STATES)
    assert_accessible_in_forced_colors(page)
    expect(page.locator(FAILED)).not_to_have_count(0)


def test_under_save_data_marks_are_old_and_the_popover_offers_run(page, site_url):
    page.add_init_script(SAVE_DATA)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(site_url + PAGE)
    panel = Panel(page, APP).edit("Visits: ", "Seen: ").run()
    panel.shows("Seen: 1")
    page.wait_for_timeout(1000)
    assert not any("/pytest-" in address for address in fetched)
    mark = page.locator(f'a.test-mark[data-tests~="{TEST}"]')
    expect(mark).to_have_text(re.compile("^↻"))
    mark.press("Enter")
    popover = page.get_by_role("dialog", name="Tests")
    popover.get_by_role("button", name="Run all 2 tests").press("Enter")
    expect(mark).to_have_text(re.compile("^✗"), timeout=LONG)
    expect(page.locator(FAILED).filter(has=mark)).to_have_count(1)


def test_what_came_back_runs_in_no_test_before_run_is_pressed_on_it(page, site_url):
    page.goto(site_url + PAGE)
    panel = Panel(page, APP).edit("Visits: ", "Seen: ")
    other = Panel(page, "count_visits/wrong.py").edit("visits = 0", "visits = 7")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator("a.test-mark").first).to_have_text(re.compile("^↻"))
    panel.run()
    page.wait_for_timeout(1500)
    expect(status(page)).to_be_empty()
    other.run()
    settled(page)


def test_a_popover_shows_what_its_test_uses_and_the_line_of_an_app_that_does_not_start(page, site_url):
    page.goto(site_url + PAGE)
    panel = Panel(page, APP).edit("def index():", "def index(:")
    mark = page.locator(f'a.test-mark[data-tests~="{TEST}"]')
    mark.press("Enter")
    item = page.get_by_role("dialog", name="Tests").locator(f'[data-test="{TEST}"]')
    uses = item.locator(".test-uses")
    uses.locator("summary").press("Enter")
    expect(uses).to_contain_text("client is Flask's test client, which sends requests to the app without a server.")
    expect(uses).to_contain_text("def client(app):")
    expect(uses).to_contain_text("tests/conftest.py")
    assert "def visitor" not in uses.inner_text()
    item.get_by_role("button", name="Run this test").press("Enter")
    report = item.locator(".test-report")
    expect(report).to_have_text(
        re.compile(r"^app\.py did not start\. SyntaxError: .* \(app\.py, line \d+\)\s*$"), timeout=LONG
    )
    panel.edit("def index(:", "def index():").edit("app = Flask(", "missing()\napp = Flask(")
    mark.press("Enter")  # the presses in the editor have closed the popover
    item.get_by_role("button", name="Run this test").press("Enter")
    expect(report).to_have_text(
        re.compile(r"^app\.py did not start\. NameError: .* \(app\.py, line \d+\)\s*$"), timeout=LONG
    )
