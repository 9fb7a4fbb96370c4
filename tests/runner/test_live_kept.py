"""What a reader did on a page is there again when they come back to it in the same tab, and nothing runs by that."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.runner import live_page
from tests.runner.live_panel import Panel

pytestmark = pytest.mark.browser

COUNT = "count_visits/app.py"
KEY = "live /guide/"
BLOCKED = """for (const name of ["sessionStorage", "localStorage"])
    Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError") } });"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") }"""


@pytest.fixture(scope="module")
def plain():
    """The address of a page with one example."""
    with live_page.served() as address:
        yield f"{address}?{COUNT}"


@pytest.fixture
def page(browser):
    """A tab of its own; an error that it throws fails the test."""
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def test_edits_cookies_clock_and_panel_are_back_and_nothing_runs_before_run(page: Page, plain):
    page.goto(plain)
    panel = Panel(page, COUNT).run()
    panel.visit("/?first").press("New visitor", "+1 week")
    panel.edit("Visits: ", "Seen: ")
    fetched = []
    page.goto("about:blank")
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(plain)

    panel.says("Back from before: your cookies and the clock at +7 days. Press Run to start the app.")
    expect(panel.example.get_by_text("Your edits from before are back. Press Run to run them")).to_be_visible()
    expect(panel.example.locator(".editor-text")).to_contain_text("Seen: ")
    panel.example.get_by_text("What was changed: 1 place in app.py").click()
    expect(panel.example.locator(".changed-lines ins")).to_have_text("""+     return f"Seen: {session['visits']}"\n""")
    expect(panel.example.locator(".changed-bar")).to_have_count(1)
    assert [name for name in fetched if re.match("worker|python|pyodide", name)] == []

    panel.run().shows("Seen: 2")
    expect(panel.address).to_have_value("/?first")
    panel.region.get_by_role("combobox", name="Visitor").select_option("1")
    panel.settled().shows("Seen: 3")
    panel.holds("valid signature")
    expect(panel.region).to_contain_text(re.compile("SECRET_KEY=[0-9a-f]{64}"))


def test_reset_before_run_runs_nothing_and_keeps_nothing(page: Page, plain):
    page.goto(plain)
    panel = Panel(page, COUNT).run()
    panel.edit("Visits: ", "Seen: ")
    page.reload()
    panel.example.get_by_role("button", name="Reset code").click()
    expect(panel.example.locator(".editor-text")).to_contain_text("Visits: ")
    expect(panel.example.locator(".changed-bar, .changed-lines")).to_have_count(0)
    expect(panel.region.get_by_role("button", name="Reload")).to_be_hidden()
    page.reload()
    panel.says("Press Run to start the app.")
    expect(panel.example.get_by_text("Your edits from before")).to_have_count(0)


def test_two_tabs_of_one_page_keep_their_own(page: Page, plain):
    page.goto(plain)
    Panel(page, COUNT).edit("Visits: ", "One: ")
    other = page.context.new_page()
    other.goto(plain)
    expect(Panel(other, COUNT).editor()).to_have_value(re.compile("Visits: "))
    Panel(other, COUNT).edit("Visits: ", "Two: ")
    page.reload()
    expect(page.locator(".editor-text")).to_contain_text("One: ")


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_where_nothing_can_be_kept_the_page_works_and_says_how_long_edits_last(page: Page, plain, script):
    page.add_init_script(script)
    page.goto(plain)
    panel = Panel(page, COUNT).run()
    panel.edit("Visits: ", "Seen: ")
    expect(panel.example.get_by_text("Edits last until you leave this page.")).to_be_visible()
    typing = panel.example.get_by_role("checkbox", name="Run as I type")
    typing.check()
    expect(typing).to_have_accessible_description("until you leave this page")
    panel.shows("Seen: 2")
    page.reload()
    expect(panel.example.get_by_role("button", name="Edit", exact=True)).to_be_visible()
    assert page.locator(".editor-text").count() == 0


DAMAGED = {
    "no JSON": "{",
    "a list": [1],
    "another version": {"version": 0, "edits": {COUNT: "old"}},
    "no objects": {"version": 1, "edits": 7, "panels": "x", "linked": 3},
    "other types": {"version": 1, "edits": {COUNT: 5, "x": "y", "a/b": None}, "linked": [1]},
    "an example that is gone": {"version": 1, "edits": {"gone/app.py": "x"}, "panels": {"gone/app.py": {}}},
    "a file that is gone": {"version": 1, "edits": {"count_visits/old.py": "x"}},
    "a panel without parts": {"version": 1, "panels": {COUNT: None}},
    "a damaged jar": {"version": 1, "panels": {COUNT: {"visitors": ['[{"a": 1}]'], "visitor": 9}}},
    "a jar of another build": {"version": 1, "panels": {COUNT: {"visitors": ["[7]", "{"], "offset": "x"}}},
}


@pytest.fixture(scope="module")
def reader(browser):
    """One tab for all that is damaged, whose browser keeps Python."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kept", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_or_of_another_build_is_left_out_and_the_app_runs(reader: Page, plain, kept):
    faults: list[str] = []
    reader.on("pageerror", lambda error: faults.append(str(error)))
    reader.goto(plain)
    reader.evaluate(
        "([key, kept]) => sessionStorage.setItem(key, kept)",
        [KEY, kept if isinstance(kept, str) else json.dumps(kept)],
    )
    reader.reload()
    Panel(reader, COUNT).run().shows("Visits: 1")
    assert reader.locator(".editor-text").count() == 0
    assert faults == []


def test_edits_during_a_run_and_a_window_that_changes_its_width_leave_the_panel_usable(page: Page, plain):
    page.goto(plain)
    panel = Panel(page, COUNT)
    panel.editor()
    panel.example.get_by_role("button", name="Run", exact=True).click()
    panel.edit("Visits: ", "Seen: ")
    for width in (390, 1280, 800):
        page.set_viewport_size({"width": width, "height": 700})
    panel.settled()
    text = panel.frame.locator("body").inner_text()
    # Either the edit came in time, or the page says that it is from before it.
    expect(panel.region.locator(".live-stale")).to_have_count(0 if text.startswith("Seen") else 1)
    panel.run().shows("Seen: 2")
    expect(panel.region.locator(".live-stale")).to_have_count(0)
