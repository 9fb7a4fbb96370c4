"""Play, in a real browser: a transcript goes on by itself, can be paused and stepped, and stops for its reader."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.runner.live_panel import WAIT, Panel
from tests.runner.test_live_replay import bar
from tests.site.test_site_browser import STATES, assert_accessible_in, assert_accessible_in_forced_colors

pytestmark = pytest.mark.browser

FIRST = "learn/your-first-session/"
COUNT = "recipes/count-visits/"
# The longest transcripts, with visitors who come and go, days that pass and browsers that close.
LONG = ("understand/two-clocks/", "learn/how-long-a-session-lasts/", "recipes/remember-me/")
# Two seconds are a pace for reading; a test needs no time to read.
FAST = """const real = window.setTimeout;
window.setTimeout = (what, wait, ...more) => real(what, wait === 2000 ? 20 : wait, ...more);"""


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


def play(page: Page, number: int = 0) -> tuple[Panel, int]:
    """Press Play at a transcript. Its panel, and how many steps the transcript has."""
    exchanges = page.locator("ol.exchanges:has(.exchange-play)").nth(number)
    expect(exchanges).to_be_attached()
    exchanges.evaluate("e => { for (let up = e; up; up = up.parentElement) if (up.hidden) up.hidden = false; }")
    exchanges.evaluate("e => e.closest('details')?.setAttribute('open', '')")
    panel = Panel(page, exchanges.get_attribute("data-example"))
    steps = exchanges.locator("> li").count()
    exchanges.locator(".exchange-play").evaluate("e => { e.focus(); e.click(); }")
    return panel, steps


def control(panel: Panel, name: str):
    """A button of the replay's bar."""
    return bar(panel).get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("address", [FIRST, COUNT, *LONG])
def test_play_performs_each_step_and_with_reduced_motion_each_waits_for_a_press(page, site_url, address):
    page.add_init_script(FAST)
    page.goto(site_url + address)
    panel, steps = play(page)
    exchanges = page.locator("ol.exchanges:has(.exchange-play)").first.locator("> .exchange").count()
    end = f"The end. All {exchanges} responses match the page."
    expect(bar(panel)).to_contain_text(end, timeout=2 * WAIT)
    outcomes = page.locator(".exchange-outcome")
    assert outcomes.all_inner_texts() == ["✓ same again"] * exchanges
    expect(control(panel, "Play again")).to_be_focused()

    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Enter")
    for number in range(1, steps):
        expect(bar(panel)).to_contain_text(f"Step {number} of {steps}: ", timeout=WAIT)
        expect(control(panel, "Step")).to_be_focused()
        expect(panel.region).not_to_have_attribute("aria-busy", "true", timeout=WAIT)
        if number == 1:
            page.wait_for_timeout(300)  # 15 times the pace of this test
            expect(bar(panel)).to_contain_text(f"Step 1 of {steps}: ")
            expect(bar(panel).get_by_role("button", name=re.compile("Continue|Pause"))).to_have_count(0)
        page.keyboard.press("Enter")
    expect(bar(panel)).to_contain_text(end, timeout=WAIT)
    assert outcomes.count() == exchanges
    expect(control(panel, "Play again")).to_be_focused()


def test_the_pace_can_be_read_and_the_tab_edits_presses_and_escape_are_heeded(page, site_url):
    page.goto(site_url + COUNT)
    panel, steps = play(page)
    expect(bar(panel)).to_contain_text(f"Step 1 of {steps}: GET /", timeout=WAIT)
    panel.says("matches the page.")
    assert len(panel.status.inner_text()) < 100
    shown = time.monotonic()
    expect(bar(panel)).to_contain_text(f"Step 2 of {steps}: ")
    assert 1 < time.monotonic() - shown < 6

    expect(control(panel, "Pause")).to_be_focused()
    page.keyboard.press("Enter")
    expect(control(panel, "Continue")).to_be_focused()
    # The tab is left as soon as the step begins: what the step says does not hide why the replay paused.
    bar(panel).evaluate(
        """bar => new MutationObserver((_, observer) => {
            if (!bar.textContent.includes("Step 3 of ")) return;
            observer.disconnect();
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
            delete document.hidden;
        }).observe(bar, { childList: true, characterData: true, subtree: true })"""
    )
    page.keyboard.press("Enter")
    panel.says("You left the tab. The replay is paused.")
    panel.region.get_by_role("button", name="+1 day", exact=True).click()
    control(panel, "Step").click()
    expect(bar(panel)).to_contain_text("You pressed something else. The replay stopped.")

    control(panel, "Play again").click()
    expect(bar(panel)).to_contain_text(f"Step 1 of {steps}: GET /", timeout=WAIT)
    panel.says("matches the page.")
    panel.edit("+ 1", "+ 2")
    expect(bar(panel)).to_contain_text("The code was edited. The replay stopped.")
    control(panel, "Play again").click()
    panel.says("differs from the page: GET / (1) (Set-Cookie, body)")

    page.keyboard.press("Escape")
    expect(bar(panel)).to_be_hidden()
    expect(panel.example.get_by_role("button", name="Run", exact=True)).to_be_focused()
    expect(page.locator(".bench-open")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".bench-open")).to_have_count(0)


def test_an_app_that_does_not_start_or_answer_stops_the_replay(page, site_url):
    page.add_init_script(FAST)
    page.goto(site_url + COUNT)
    panel = Panel(page, "count_visits/app.py")
    panel.edit("import", "imprt")
    play(page)
    panel.says("did not start")
    expect(bar(panel).get_by_text(re.compile("^Step "))).to_have_count(0)
    panel.reset()
    play(page)
    expect(bar(panel)).to_contain_text("The end. All ", timeout=WAIT)


def test_axe_finds_nothing_while_a_transcript_is_played(page, site_url):
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url + COUNT)
    panel, steps = play(page)
    expect(bar(panel)).to_contain_text(f"Step 1 of {steps}: ", timeout=WAIT)
    panel.says("matches the page.")
    assert_accessible_in(page, *STATES)
    assert_accessible_in_forced_colors(page)
