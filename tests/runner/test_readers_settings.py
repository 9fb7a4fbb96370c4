"""What readers set in their system or browser, in each engine as far as its driver can set it.

Reduced motion, touch and a window of half the width, as 200 % zoom gives: all three. Forced colours: Chromium and
Firefox; WebKitGTK's driver can't set them. Print: Chromium; the others print to a file that no test can read.
"""

import contextlib

import pytest

from tests.runner.test_smoke import APP, COUNT, FRAME, Reader
from tests.support import chromium, firefox, webkit
from tests.support.engine import Engine

pytestmark = [pytest.mark.browser, pytest.mark.site]

HALF = {"width": 640, "height": 450}
GTK = "[Settings]\ngtk-enable-animations=false\n"
FIREFOX = {
    "ui.prefersReducedMotion": 1,
    "ui.useAccessibilityTheme": 1,  # with the next one: forced colours
    "browser.display.document_color_use": 2,
    "ui.primaryPointerCapabilities": 1,  # a finger
    "ui.allPointerCapabilities": 1,
}
MATCHES = "return matchMedia(arguments[0]).matches"
MOVING = """return document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().activeDuration > 1)
  .map((one) => `${one.effect.target.className} ${one.animationName ?? one.transitionProperty}`)"""
SIDEWAYS = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of each tab, whether it is chosen, and what can be seen of that.
CHOSEN = """return Array.from(document.querySelectorAll(".live-tabs [role=tab]"), (tab) => {
  const { borderBottomWidth, color, backgroundColor } = getComputedStyle(tab);
  return [tab.getAttribute("aria-selected"), JSON.stringify([borderBottomWidth, color, backgroundColor])];
});"""


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def reader(request, watched_url, tmp_path_factory):
    """A reader with a touch screen, who wants less motion, forced colours and large letters."""
    engine: Engine
    with contextlib.ExitStack() as running:
        if request.param == "chromium":
            options = request.getfixturevalue("browser_type_launch_args")
            launched = running.enter_context(request.getfixturevalue("playwright").chromium.launch(**options))
            context = launched.new_context(
                viewport=HALF, has_touch=True, reduced_motion="reduce", forced_colors="active"
            )
            engine = chromium.Chromium(context.new_page())
        elif request.param == "firefox":
            engine = running.enter_context(firefox.running(tmp_path_factory.mktemp("firefox"), **FIREFOX))
            engine.send("browsingContext.setViewport", context=engine.tab, viewport=HALF)
        else:
            home = tmp_path_factory.mktemp("webkit")
            (home / ".config/gtk-3.0").mkdir(parents=True)
            (home / ".config/gtk-3.0/settings.ini").write_text(GTK, "utf-8")
            engine = running.enter_context(webkit.running(home))
            engine.send("POST", "/window/rect", HALF)
        yield Reader(engine, watched_url)


def test_at_200_percent_and_with_less_motion_an_app_runs_by_touch(reader):
    engine = reader.engine
    reader.open(COUNT)
    assert engine.run(MATCHES, "(prefers-reduced-motion: reduce) and (width <= 640px)")
    engine.tap(f"{APP} .live-run")
    reader.shows("Visits: 1")
    assert engine.run(MOVING) == []
    assert engine.run(SIDEWAYS) <= 0
    engine.tap("ol.exchanges li:nth-child(2) .exchange-replay")
    reader.says(".exchange-outcome", "same again")
    engine.tap(".page-tests [href^='#test_'], a[href^='#test_']")
    engine.wait("document.querySelector('.test-popover, [popover]:popover-open')")
    assert engine.faults() == []


def test_with_forced_colours_the_chosen_tab_is_told_from_the_others(reader):
    engine = reader.engine
    reader.open(COUNT)
    if engine.name == "WebKitGTK":
        assert not engine.run(MATCHES, "(forced-colors: active)")  # or this test is to ask more of it
        return
    assert engine.run(MATCHES, "(forced-colors: active)")
    engine.tap(f"{APP} .live-run")
    reader.shows("Visits: 1")
    looks = engine.run(CHOSEN)
    chosen = {look for selected, look in looks if selected == "true"}
    assert len(chosen) == 1
    assert chosen.isdisjoint(look for selected, look in looks if selected != "true")


def test_on_paper_the_code_and_the_responses_are_whole_and_no_button_is_printed(page, site_url):
    page.goto(site_url + COUNT)
    page.wait_for_selector(f"{APP} .live-run", state="attached")
    page.emulate_media(media="print")
    assert page.locator("main button:visible, .md-header:visible, .md-sidebar:visible, .md-search:visible").count() == 0
    cut = page.evaluate(
        """() => Array.from(document.querySelectorAll("main pre > code"))
          .filter((code) => code.checkVisibility() && code.scrollWidth > code.clientWidth + 1)
          .map((code) => code.textContent.slice(0, 60))"""
    )
    assert cut == []
    assert page.locator(FRAME).count() == 0
