"""Home: the recorded first state of an app is in the first window, and a press makes it live."""

import re

import pytest
from playwright.sync_api import Page, expect

from extensions import transcripts
from tests.runner.live_panel import WAIT
from tests.site.test_site_browser import NARROW, WIDE, assert_accessible_in
from tests.support import site

pytestmark = pytest.mark.browser

PYTHON = re.compile(r"python.*\.zip|pyodide|^worker-|^panel-.*\.js")
FIRST, SECOND = transcripts.parse((site.ROOT / "snippets/count_visits/app.http").read_text("utf-8"))[:2]


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_first_window_shows_the_recorded_page_and_cookie_and_fetches_no_python(page, site_url, size):
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.set_viewport_size(size)
    page.goto(site_url)
    box = page.locator(".recorded")
    reload = box.get_by_role("button", name="Reload")
    for part in (page.locator(".lead"), box.get_by_text(FIRST.body), box.get_by_text('{"visits":1}'), reload):
        expect(part).to_be_in_viewport(ratio=1)
    if size == WIDE:
        expect(page.locator(".example").first).to_be_in_viewport(ratio=1)
    else:
        box.get_by_role("link", name="See the code").click()
        expect(page.locator(".example .highlight code").first).to_be_in_viewport(ratio=0.5)
    page.wait_for_load_state("networkidle")
    assert [url for url in fetched if PYTHON.search(url.rpartition("/")[2])] == []
    assert_accessible_in(page, (size, "light"), (size, "dark"))


def test_the_first_press_shows_the_recorded_next_state_at_once_and_then_it_is_live(page, site_url):
    waiting: list = []
    released = False
    page.route(re.compile(r"python.*\.zip"), lambda route: route.continue_() if released else waiting.append(route))
    page.goto(site_url)
    box = page.locator(".recorded")
    reload = box.get_by_role("button", name="Reload")
    reload.click()
    expect(box).to_contain_text(SECOND.body)
    expect(box).to_contain_text('{"visits":2}')
    expect(box.get_by_role("status")).to_contain_text("Python is still loading")
    reload.click()  # a press that has to wait counts
    expect(box).to_contain_text(SECOND.body)
    for _ in range(WAIT // 20):
        if waiting:
            break
        page.wait_for_timeout(20)
    assert waiting
    released = True
    for route in waiting:
        route.continue_()
    expect(box.get_by_role("status")).to_contain_text("Live", timeout=WAIT)
    expect(box).to_contain_text("Visits: 3")
    expect(box).to_contain_text('{"visits":3}')
    assert_accessible_in(page, (WIDE, "light"), (NARROW, "dark"))
    # Run goes on with the same cookie.
    page.locator(".example").first.get_by_role("button", name="Run", exact=True).click()
    expect(page.frame_locator("iframe[title=Page]").locator("body")).to_have_text("Visits: 4", timeout=WAIT)
    expect(box).to_be_hidden()


def test_without_javascript_the_recorded_state_is_there_without_a_button(new_context, site_url):
    page = new_context(java_script_enabled=False, viewport=NARROW).new_page()
    page.goto(site_url)
    expect(page.locator(".recorded").get_by_text(FIRST.body)).to_be_in_viewport()
    assert page.locator(".recorded button").count() == 0
