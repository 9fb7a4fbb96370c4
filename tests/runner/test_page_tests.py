"""Tests run in the reader's page: every one that needs nothing else, and a failing one is shown as it is."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from extensions import page_tests
from tests.chain import chain
from tests.site.test_site_browser import STATES, assert_accessible_in
from tests.support import site

pytestmark = pytest.mark.browser

PAGES = [
    page.relative_to(site.ROOT / "docs").with_suffix("").as_posix() + "/" for page in chain.content_pages(site.ROOT)
]


def runnable(address: str) -> int:
    """How many tests of a page need nothing but Python."""
    return sum(not one.needs for one in page_tests.tests_of(page_tests.test_file(f"{address.rstrip('/')}.md")))


# The first page of each section. The ledger runs the tests of every page: tests/site/test_site_ledger.py.
ONE_OF_EACH = {address.partition("/")[0]: address for address in reversed(PAGES)}.values()
RUNS = [
    pytest.param(page, marks=[] if page in ONE_OF_EACH else pytest.mark.touched) for page in PAGES if runnable(page)
]
PAGE = "recipes/count-visits/"
CLAIM = "Each visit adds one"
TEST = "test_each_visit_adds_one"
LONG = 180_000  # milliseconds; Python comes with the first test, and a page can have fifty that hash passwords


def with_change(page: Page, old: str, new: str) -> None:
    """Let the page fetch another test file than it has, as if it had been written so."""

    def answer(route: Route) -> None:
        files = route.fetch().json()
        text = files["tests/pages/test_count_visits.py"]
        assert re.search(old, text)
        route.fulfill(json=files | {"tests/pages/test_count_visits.py": re.sub(old, lambda _: new, text, count=1)})

    page.route("**/test_count_visits-*.json", answer)


def with_test(page: Page, body: str) -> None:
    """Let the page come with another body for the test of CLAIM."""
    name = "def test_each_visit_adds_one(client):"
    with_change(page, re.escape(name) + r"(\n    .*)+", f"{name}\n    {body}")


def status(page: Page):
    """The line that tells how the tests went."""
    return page.locator(".test-status")


@pytest.mark.open_page(0)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_offers_to_run_all_of_its_tests(visit, address):
    button = visit(address).get_by_role("button", name=f"Run all {runnable(address)} tests")
    expect(button).to_be_visible(visible=runnable(address) > 0)


@pytest.mark.open_page(5)
@pytest.mark.parametrize("address", RUNS)
def test_all_tests_of_a_page_pass_in_the_page(visit, address):
    page = visit(address)
    number = runnable(address)
    page.get_by_role("button", name=f"Run all {number} tests").click()
    expect(status(page)).to_have_text(re.compile(r"^\d+ passed"), timeout=LONG)
    failed = page.locator(".test-outcome.failed").all_inner_texts()
    assert failed == [], f"{address}: {page.locator('.test-report:not([hidden])').all_text_contents()}"
    expect(status(page)).to_have_text(f"{number} passed")


def test_a_mark_opens_its_test_and_runs_it_by_keyboard(page, site_url):
    page.goto(site_url + PAGE)
    mark = page.locator(f'a.test-mark[data-tests~="{TEST}"]')
    mark.focus()
    page.keyboard.press("Enter")
    popover = page.get_by_role("dialog", name="Tests")
    item = popover.get_by_role("group", name=CLAIM)
    expect(item).to_contain_text('assert client.get("/").text == "Visits: 1"')
    together = popover.get_by_role("button", name="Run all 2 tests")
    expect(together).to_be_focused()
    page.keyboard.press("Tab")
    expect(item.get_by_role("button", name="Run this test")).to_be_focused()
    page.keyboard.press("Enter")
    expect(item).to_contain_text("Passed in", timeout=LONG)
    expect(status(page)).to_have_text("1 passed")
    together.press("Enter")
    expect(status(page)).to_have_text("2 passed")
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(mark).to_be_focused()


def test_a_mark_shows_its_test_under_the_pointer(page, site_url):
    page.goto(site_url + PAGE)
    page.locator(f'a.test-mark[data-tests~="{TEST}"]').hover()
    expect(page.get_by_role("dialog", name="Tests")).to_contain_text(CLAIM)
    page.mouse.move(5, 5)
    expect(page.get_by_role("dialog", name="Tests")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", [PAGE, "understand/when-flask-saves-the-session/"])
def test_every_popover_is_inside_the_window(clean_page, site_url, address, width):
    clean_page.set_viewport_size({"width": width, "height": 844})
    clean_page.goto(site_url + address)
    marks = clean_page.locator("a.test-mark")
    assert marks.count() > 1
    for index in range(marks.count()):
        marks.nth(index).click()
        popover = clean_page.get_by_role("dialog", name="Tests")
        expect(popover).to_be_visible()
        box = popover.bounding_box()
        assert 0 <= box["x"] <= width - box["width"], (index, box)
        assert 0 <= box["y"] <= 844 - box["height"], (index, box)
        clean_page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"{PAGE}#{TEST}", TEST),
        (
            "recipes/sign-out-everywhere/#test_each_request_asks_the_database_once",
            "test_opening_a_page_asks_the_database_once",
        ),
    ],
)
def test_an_address_with_a_test_s_name_of_today_or_before_opens_its_popover(clean_page, site_url, address, name):
    clean_page.goto(site_url + address)
    item = clean_page.get_by_role("dialog", name="Tests").locator(f'[data-test="{name}"]')
    expect(item.locator("details").first).to_have_attribute("open", "")


def test_a_page_explains_its_marks_once(page, site_url):
    page.goto(site_url + PAGE)
    expect(page.get_by_text("opens the tests of its paragraph")).to_have_count(1)


def test_axe_finds_nothing_with_a_test_open(page, site_url):
    page.goto(site_url + PAGE)
    page.locator(".page-test summary").first.click()
    page.locator(f'a.test-mark[data-tests~="{TEST}"]').click()
    expect(page.get_by_role("dialog", name="Tests")).to_be_visible()
    assert_accessible_in(page, *STATES)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("assert client.get('/').text == 'Visits: 7'", "AssertionError"),
        ("while True: pass", "didn't respond within"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("import os; os._exit(3)", "SystemExit"),
    ],
    ids=["false", "endless", "broken", "leaves"],
)
def test_a_failing_test_is_shown_and_the_others_go_on(clean_page, site_url, body, told):
    page = clean_page
    with_test(page, body)
    page.goto(site_url + PAGE)
    number = runnable(PAGE)
    page.get_by_role("button", name=f"Run all {number} tests").click()
    expect(status(page)).to_have_text(f"{number - 1} passed, 1 failed", timeout=LONG)
    page.locator(".page-test summary").first.click()
    expect(page.locator(".page-test").first).to_contain_text(told)
    page.get_by_role("button", name="Run this test").first.click()
    expect(status(page)).to_have_text("0 passed, 1 failed", timeout=LONG)


def test_a_test_file_that_cannot_be_imported_says_why(page, site_url):
    with_change(page, "import pytest\n", "import no_such_module\n")
    page.goto(site_url + PAGE)
    page.locator(".page-test summary").first.click()
    page.get_by_role("button", name="Run this test").first.click()
    expect(page.locator(".page-test").first).to_contain_text("No module named 'no_such_module'", timeout=LONG)


def test_on_a_slow_line_the_first_test_waits_for_pytest(page, site_url):
    page.route("**/pytest-*.zip.gz", lambda route: (page.wait_for_timeout(10_000), route.continue_()))
    page.goto(site_url + PAGE)
    page.locator(".page-test summary").first.click()
    page.get_by_role("button", name="Run this test").first.click()
    expect(page.locator(".page-test").first).to_contain_text("Passed in", timeout=LONG)


def test_without_a_connection_a_test_says_so_and_can_be_run_again(page, site_url):
    page.route("**/pytest-*.zip.gz", lambda route: route.fulfill(status=503))
    page.goto(site_url + PAGE)
    page.locator(".page-test summary").first.click()
    button = page.get_by_role("button", name="Run this test").first
    button.click()
    expect(page.locator(".page-test").first).to_contain_text("could not be fetched. Check the connection", timeout=LONG)
    page.unroute("**/pytest-*.zip.gz")
    button.click()
    expect(page.locator(".page-test").first).to_contain_text("Passed in", timeout=LONG)


def test_nothing_is_fetched_before_a_reader_asks_for_a_test(page, site_url):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(site_url + PAGE)
    page.locator(f'a.test-mark[data-tests~="{TEST}"]').click()
    page.wait_for_timeout(500)
    assert [url for url in fetched if "runtime" in url] == []


def test_the_popover_keeps_the_tab_key_follows_its_mark_and_gives_the_focus_back(clean_page, site_url):
    clean_page.set_viewport_size({"width": 1280, "height": 900})
    clean_page.goto(site_url + PAGE)
    mark = clean_page.locator("a.test-mark").first
    mark.press("Enter")
    popover = clean_page.get_by_role("dialog", name="Tests")
    expect(popover.locator(":focus")).to_have_count(1)
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 9:
        clean_page.keyboard.press(key)
        expect(popover.locator(":focus")).to_have_count(1)
    before = popover.bounding_box()["y"]
    clean_page.evaluate("scrollBy(0, 60)")
    clean_page.wait_for_function(
        "y => document.querySelector('.test-popover').getBoundingClientRect().y < y", arg=before
    )
    expect(popover).to_be_in_viewport(ratio=1)
    clean_page.evaluate("document.activeElement.blur()")
    clean_page.keyboard.press("Escape")
    expect(mark).to_be_focused()
