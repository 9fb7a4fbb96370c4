"""What only some readers meet: fingers, forced colors, narrow windows, the drawer by keyboard, the search."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.runner.live_panel import Panel
from tests.site.test_site_browser import NARROW, WIDE, assert_accessible_in, assert_accessible_in_forced_colors

pytestmark = pytest.mark.browser

LEARN = "learn/signing-in-and-out/"
# Controls that are smaller than a finger. Links within sentences are as high as their lines, so they're left out.
SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, summary, label[for], [role=tab]")]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().right > 0)
    .filter((e) => !e.matches(".md-skip, .tabbed-button, [type=radio]") && !e.closest(".tabbed-labels a, .md-search"))
    .filter((e) => e.closest("nav") || !e.matches(":is(p, li, td, th, dd, h1, h2, h3, .md-footer-meta) a"))
    .map((e) => [e, (e.closest("label") ?? e).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 43.9 || height < 43.9)
    .map(([e, { width, height }]) => `${e.className} ${e.textContent.trim().slice(0, 20)} ${width} x ${height}`)"""
MARKS = """() => [...document.querySelectorAll("a.test-mark")].map((e) => getComputedStyle(e, "::after"))
    .map(({ width, height }) => Math.min(parseFloat(width), parseFloat(height)))"""


@pytest.fixture
def opened(browser, site_url):
    """Open pages of the site in a context of its own; an error that a page throws fails the test."""
    contexts, faults = [], []

    def opened(address: str, **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(site_url + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def test_what_a_finger_presses_is_44_pixels_high_and_wide(opened, site_url):
    page = opened(LEARN, viewport=NARROW, has_touch=True, is_mobile=True)
    Panel(page, "signing_in_and_out/app.py").run()
    expect(page.locator(".live-panel input").first).to_have_css("font-size", "16px")
    assert page.evaluate(SMALL) == []
    assert min(page.evaluate(MARKS)) >= 43.9
    page.goto(site_url + "reference/configuration/")
    page.locator("table.stacked").first.wait_for()
    assert page.evaluate(SMALL) == []


def test_a_wide_table_puts_the_cells_of_a_row_below_each_other_on_a_phone(opened):
    page = opened("reference/configuration/", viewport=NARROW)
    table = page.get_by_role("table").filter(has_text="SECRET_KEY_FALLBACKS").first
    expect(table).to_have_class("stacked")
    row = table.get_by_role("row").filter(has_text="SESSION_COOKIE_SAMESITE")
    cells = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert len(cells) == 4
    assert all(above["y"] + above["height"] <= below["y"] for above, below in zip(cells, cells[1:], strict=False))
    assert all(cell["x"] + cell["width"] <= NARROW["width"] for cell in cells)
    names = row.get_by_role("cell").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert names[1:] == ['"Default: "', '"Since: "', '"Effect: "']
    assert_accessible_in(page, (NARROW, "light"), (NARROW, "dark"))


def test_forced_colors_show_the_chosen_tab_the_copy_button_what_changed_and_the_faulty_line(opened):
    page = opened("recipes/count-visits/", viewport=WIDE, forced_colors="active")
    panel = Panel(page, "count_visits/app.py").run()
    panel.press("Reload")
    tabs = panel.region.get_by_role("tab").evaluate_all(
        "tabs => tabs.map((tab) => getComputedStyle(tab).borderBottomColor)"
    )
    assert tabs[0] not in tabs[1:]
    chosen, other = page.locator(".example-run .tabbed-labels > label").evaluate_all(
        "labels => labels.slice(0, 2).map((label) => getComputedStyle(label).textDecorationLine)"
    )
    assert (chosen, other) == ("underline", "none")
    expect(panel.session.locator("ins")).to_have_css("text-decoration-line", "underline")
    copy = page.locator(".example .md-code__button").first
    icon = copy.evaluate("button => getComputedStyle(button, '::after').backgroundColor")
    assert icon != copy.evaluate("() => getComputedStyle(document.body).backgroundColor")
    panel.edit("import os", "import os os")
    expect(panel.example.locator(".editor-line")).to_have_css("outline-style", "solid")
    assert_accessible_in_forced_colors(page)


def test_the_copy_button_can_be_seen_without_the_pointer(opened):
    page = opened("recipes/count-visits/", viewport=WIDE)
    quiet = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink-quiet').trim()")
    color = page.locator(".example .md-code__button").first.evaluate("button => getComputedStyle(button).color")
    assert color == "rgb({}, {}, {})".format(*bytes.fromhex(quiet.removeprefix("#")))
    expect(page.get_by_role("button", name="Replay GET / (1)").first).to_have_css("opacity", "1")


def test_the_drawer_takes_the_focus_and_gives_it_back_on_escape(opened):
    page = opened(LEARN, viewport=NARROW)
    page.get_by_role("button", name="Navigation").press("Enter")
    expect(page.locator(".md-sidebar--primary :focus")).to_have_count(1)
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('.md-content, .md-header, .md-footer')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Navigation")).to_be_focused()
    page.get_by_role("button", name="Navigation").press("Enter")
    expect(page.locator(".md-content")).to_have_attribute("inert", "")
    page.set_viewport_size(WIDE)
    expect(page.locator(".md-content")).not_to_have_attribute("inert", "")


def test_the_search_button_puts_the_cursor_into_the_field(opened):
    page = opened(LEARN, viewport=NARROW)
    page.locator("button.opens__search").click()
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()


def test_a_page_found_by_search_marks_whole_words_and_none_in_code(opened):
    page = opened(f"{LEARN}?h=sign+session", viewport=WIDE)
    expect(page.locator("mark[data-md-highlight]").first).to_be_attached(timeout=10_000)
    page.wait_for_function("!document.querySelector('code mark, pre mark')")
    texts = page.evaluate(
        """() => [...document.querySelectorAll("mark[data-md-highlight]")].map((mark) =>
            (mark.previousSibling?.textContent.at(-1) ?? "") + (mark.nextSibling?.textContent[0] ?? ""))"""
    )
    assert [text for text in texts if any(letter.isalnum() or letter == "_" for letter in text)] == []


def test_a_page_lists_what_the_site_keeps_and_deletes_it_but_nothing_of_others(opened, site_url):
    page = opened("recipes/count-visits/")
    panel = Panel(page, "count_visits/app.py").run()
    panel.edit("Visits: ", "Seen: ")
    page.get_by_title("Switch to dark").click()
    page.wait_for_function("caches.keys().then((names) => names.length)", timeout=15_000)
    page.evaluate("localStorage.setItem('/other/.__palette', 'theirs')")
    page.goto(site_url + "kept/")
    kept = page.locator(".stored").get_by_role("listitem")
    expect(kept.filter(has_text="What you did on /guide/recipes/count-visits/")).to_have_count(1)
    expect(kept.filter(has_text="Your color scheme")).to_have_count(1)
    expect(kept.filter(has_text="memory of a started Python")).to_have_count(1)
    assert_accessible_in(page, (WIDE, "light"), (NARROW, "dark"))
    page.get_by_role("button", name="Delete all of it").click()
    expect(page.get_by_role("status").filter(has_text="Deleted.")).to_be_visible()
    expect(kept).to_have_text(["Nothing."])
    left = page.evaluate(
        "caches.keys().then((names) => [names, Object.keys(localStorage), Object.keys(sessionStorage)])"
    )
    assert left == [[], ["/other/.__palette"], []], json.dumps(left)
