"""The workbench: what is in view after Run, and how it is worked and left."""

import json
import statistics

import pytest
from playwright.sync_api import Page, expect

from tests.runner.live_panel import WAIT, Panel
from tests.runner.test_live_site import ADDRESSES, panels
from tests.site.test_site_browser import NARROW, USUAL, WIDE, assert_accessible_in, look
from tests.support import once

pytestmark = pytest.mark.browser

SIZES = [WIDE, {"width": 1366, "height": 768}, {"width": 1440, "height": 900}]
WIDTHS = [str(size["width"]) for size in SIZES]
COUNT = "recipes/count-visits/"
# What of an example is in view: whole elements by their names, and the shown part of the code's height.
SEEN = """example => {
    const top = document.querySelector(".md-header").getBoundingClientRect().bottom;
    const whole = (element) => {
        const box = element.getBoundingClientRect();
        return box.height > 0 && box.top >= top - 1 && box.bottom <= innerHeight + 1;
    };
    const parts = { Run: ".live-run", question: ".predict", page: "iframe[title=Page]", session: ".live-session" };
    const missing = Object.entries(parts).filter(([, selector]) => {
        const element = example.querySelector(selector);
        return element && !whole(element);
    });
    const code = [...example.querySelectorAll(":scope > :is(.highlight, .tabbed-set) code")]
        .find((one) => one.checkVisibility());
    const scroller = code?.closest(".example > *").getBoundingClientRect();
    const labels = code?.closest(".tabbed-set")?.querySelector(".tabbed-labels").getBoundingClientRect().height ?? 0;
    const box = code?.getBoundingClientRect();
    const above = code && Math.max(box.top, scroller.top + labels, top);
    const seen = code && Math.min(box.bottom, scroller.bottom, innerHeight) - above;
    return { missing: missing.map(([name]) => name), code: code ? Math.max(0, seen) / box.height : 0,
             wide: document.documentElement.scrollWidth > innerWidth };
}"""


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


@pytest.fixture
def open_bench(page, site_url):
    """Open a page in a window of a size, and run its first example: `open_bench(size)`."""

    def open_bench(size: dict, address: str = COUNT) -> Panel:
        page.set_viewport_size(size)
        page.goto(site_url + address)
        return panels(page)[0].run()

    return open_bench


@pytest.fixture(scope="session")
def shares(tmp_path_factory):
    """A folder with a file for each page: by the window's width, which part of the code was in view."""
    folder = once.shared(tmp_path_factory) / "shares"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.open_page(1)
@pytest.mark.parametrize("address", ADDRESSES)
def test_after_run_the_code_the_question_and_the_page_of_the_app_are_in_view(visit, address, shares):
    """On all pages with Run; on a phone, the code is one press away. The page that comes last looks at all shares."""
    page, code = visit(address), {}
    if page.locator(".example[data-app]:not([data-local])").count():
        panel = panels(page)[0]
        for size in SIZES:
            page.set_viewport_size(size)
            panel.run()
            seen = panel.example.evaluate(SEEN)
            where = f"{address} at {size['width']}: {seen}"
            assert (seen["missing"], seen["wide"]) == ([], False), where
            code[size["width"]] = seen["code"]
        page.set_viewport_size(NARROW)
        panel.run()
        expect(panel.example.get_by_role("button", name="Run", exact=True)).to_be_in_viewport(ratio=1)
        expect(panel.region.locator("iframe")).to_be_in_viewport()
        panel.example.get_by_role("button", name="Code", exact=True).click()
        seen = panel.example.evaluate(SEEN)
        assert "Run" not in seen["missing"], address
        assert seen["code"] > 0.1, address
        page.set_viewport_size(USUAL)
    part = shares / f"{address.replace('/', ' ')}.part"
    part.write_text(json.dumps(code), "utf-8")
    part.rename(part.with_suffix(".json"))  # so that no other process reads half of it
    of_pages = [json.loads(path.read_text("utf-8")) for path in shares.glob("*.json")]
    if len(of_pages) < len(ADDRESSES):
        return
    assert sum(bool(of_page) for of_page in of_pages) > 30
    medians = {size: statistics.median(of_page[size] for of_page in of_pages if of_page) for size in WIDTHS}
    assert min(medians.values()) >= 0.8, medians


def test_the_bench_is_left_by_escape_or_its_button_to_where_the_reader_was(page, open_bench):
    page.set_viewport_size(WIDE)
    panel = open_bench(WIDE)
    run = panel.example.get_by_role("button", name="Run", exact=True)
    place = "e => e.getBoundingClientRect().top"
    for leave in ("Escape", "Escape in the app's page", "button"):
        panel.example.get_by_role("button", name="Back to the text").click()
        page.evaluate("scrollTo(0, 300)")
        before = panel.example.evaluate(place)
        panel.run()
        assert panel.example.evaluate(place) != before
        expect(page.locator(".md-sidebar").first).to_be_hidden()
        if leave == "button":
            button = panel.example.get_by_role("button", name="Back to the text")
            button.click()
            expect(panel.example.get_by_role("button", name="Full size")).to_be_focused()
            panel.example.get_by_role("button", name="Full size").click()
            button.wait_for()
            button.click()
        elif leave == "Escape":
            page.keyboard.press("Escape")
            expect(run).to_be_focused()
        else:
            panel.frame.locator("body").click()
            page.keyboard.press("Escape")
            expect(run).to_be_focused()
        assert abs(panel.example.evaluate(place) - before) <= 1, leave
        expect(page.locator(".md-sidebar").first).to_be_visible()
        panel.example.get_by_role("button", name="Full size").click()
    panel.run()
    page.keyboard.press("/")  # the search is over the page, so Escape closes it first
    expect(page.locator("#__search")).to_be_checked()  # the theme opens it a moment later
    page.keyboard.press("Escape")
    expect(panel.example.get_by_role("button", name="Back to the text")).to_be_visible()


def test_the_bench_hides_no_text_of_the_page(page, open_bench):
    panel = open_bench(WIDE)
    for place in ("h1", "#tests", ".page-foot"):
        page.locator(place).first.scroll_into_view_if_needed()
        assert page.locator(place).first.evaluate(
            """e => { const { left, top, height } = e.getBoundingClientRect();
                return e.contains(document.elementFromPoint(left + 5, top + height / 2)) }"""
        ), place
    # Links are followed, and another example takes its place.
    other = panels(page)[1].run()
    expect(other.example.get_by_role("button", name="Back to the text")).to_be_visible()
    expect(panel.example.get_by_role("button", name="Full size")).to_be_visible()


def test_the_splitter_is_moved_by_keys_and_by_pointer(page, open_bench):
    panel = open_bench(WIDE)
    splitter = panel.example.get_by_role("separator", name="Width of the code")
    width = "e => e.querySelector('.highlight').getBoundingClientRect().width"
    half = panel.example.evaluate(width)
    for key, value in {"ArrowRight": 52, "ArrowLeft": 50, "Home": 25, "End": 75}.items():
        splitter.press(key)
        expect(splitter).to_have_attribute("aria-valuenow", str(value))
    assert panel.example.evaluate(width) > 1.4 * half
    box, whole = splitter.bounding_box(), panel.example.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(whole["x"] + 0.4 * whole["width"], box["y"] + 50, steps=4)
    page.mouse.up()
    page.mouse.move(900, 400)  # released, so this moves nothing
    expect(splitter).to_have_attribute("aria-valuenow", "40")
    assert panel.example.evaluate(width) < half


def test_on_a_phone_the_bar_stays_and_says_that_the_cookie_changed(page, open_bench):
    panel = open_bench(NARROW)
    code, result = (panel.example.get_by_role("button", name=name) for name in ("Code", "Result"))
    mark = panel.example.locator(".bench-mark")
    expect(result).to_have_attribute("aria-pressed", "true")
    expect(mark).to_contain_text("cookie changed")
    panel.press("+1 minute")
    expect(mark).to_be_empty()
    page.mouse.wheel(0, 200)
    expect(panel.example.get_by_role("button", name="Run", exact=True)).to_be_in_viewport(ratio=1)
    panel.press("Reload")
    expect(mark).to_have_text("● cookie changed")  # in words, so not by color only
    code.click()
    expect(code).to_have_attribute("aria-pressed", "true")
    expect(panel.region).to_be_hidden()
    # A screen reader hears what is not shown.
    heard = panel.example.locator("[aria-live=polite]")
    panel.example.evaluate("e => [...e.querySelectorAll('button')].find((b) => b.textContent === 'Reload').click()")
    expect(heard).to_have_text("The cookie changed: Result shows it.", timeout=WAIT)
    result.click()
    panel.shows("Visits: 3")
    panel.example.get_by_role("button", name="Edit", exact=True).click()
    expect(panel.example.locator("code textarea")).to_be_focused()


def test_a_window_that_changes_its_width_during_a_run_keeps_the_example(page, open_bench):
    panel = open_bench(WIDE)
    for size in (NARROW, WIDE):
        panel.example.get_by_role("button", name="Run", exact=True).click()
        page.set_viewport_size(size)
        panel.settled()
        assert panel.example.evaluate(SEEN)["missing"] == []
    panel.shows("Visits: 3")


def test_axe_finds_nothing_in_the_bench_on_either_side(page, open_bench):
    panel = open_bench(WIDE)
    panel.example.get_by_role("checkbox", name="Run as I type").check()
    assert_accessible_in(page, (WIDE, "light"), (WIDE, "dark"))
    for side in ("Result", "Code"):
        look(page, (NARROW, "light"))
        panel.example.get_by_role("button", name=side).click()
        assert_accessible_in(page, (NARROW, "light"), (NARROW, "dark"))
    # axe doesn't know the system's colors.
    page.emulate_media(forced_colors="active")
    rules = {"color-contrast": {"enabled": False}}
    assert page.evaluate("rules => axe.run({ rules }).then((result) => result.violations)", rules) == []


def test_the_commands_and_the_zip_are_below_one_fold_with_the_install_line(page, site_url):
    page.goto(site_url + COUNT)
    fold = page.locator(".example").first.get_by_role("group").filter(has_text="Run it on your computer")
    expect(fold.get_by_text("flask --app app run").first).to_be_hidden()
    fold.get_by_text("Run it on your computer").click()
    for text in ("pip install flask", "flask --app app run", "Download"):
        expect(fold.get_by_text(text).first).to_be_visible()
