"""The search in a real browser: by keyboard, with a screen reader, with bad input, and when its index is missing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.test_search import BAD, COOKIES
from tests.site.test_site_browser import STATES, assert_accessible, ids, look

pytestmark = pytest.mark.browser

ADDRESS = "recipes/count-visits/"
FOUND = re.compile(r"\d+ matching documents?|The 20 best matches")
INDEX = re.compile(r"/assets/live/search-index-\w+\.json$")


def search(page: Page, query: str) -> None:
    """Put a query into the box, as pasting does."""
    page.locator(".md-search__input").fill(query)
    page.keyboard.press("End")  # the theme looks at the box when a key goes up


def count(page: Page):
    """The line that says how many pages were found, which screen readers announce."""
    return page.locator(".md-search").get_by_role("status")


@pytest.mark.parametrize("keys", ["Control+k", "Meta+k", "/"])
def test_keys_alone_lead_to_the_page(clean_page, site_url, keys):
    clean_page.goto(site_url + ADDRESS)
    clean_page.keyboard.press(keys)
    expect(clean_page.locator(".md-search__input")).to_be_focused()
    clean_page.keyboard.type("logout")
    expect(count(clean_page)).to_have_text(FOUND)
    # The results of the whole word, not of its first letters: new results would take the focus away.
    expect(clean_page.locator(".md-search-result__link").first).to_have_attribute("href", re.compile(r"h=logout$"))
    clean_page.keyboard.press("ArrowDown")
    expect(clean_page.locator(".md-search-result__link").first).to_be_focused()
    clean_page.keyboard.press("Enter")
    clean_page.wait_for_url(re.compile(r"/\?h=logout"))


def test_the_index_is_fetched_when_the_box_is_entered(clean_page, site_url):
    fetched = []
    clean_page.on("request", lambda request: fetched.append(request.url) if INDEX.search(request.url) else None)
    clean_page.goto(site_url + ADDRESS, wait_until="networkidle")
    assert fetched == []
    with clean_page.expect_request(INDEX):
        clean_page.locator(".md-search__input").focus()


def test_a_pasted_cookie_leads_to_the_inspector_and_is_kept_nowhere(clean_page, site_url):
    sent = []
    clean_page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    clean_page.goto(site_url + ADDRESS)
    for cookie in COOKIES:
        search(clean_page, cookie)
        expect(clean_page.locator(".md-search-result__link")).to_have_count(1)
    clean_page.keyboard.press("Enter")
    clean_page.wait_for_url("**/tools/cookie-inspector/**")
    kept = clean_page.evaluate("[location.href, JSON.stringify({...localStorage, ...sessionStorage}), history.state]")
    for cookie in COOKIES:
        secret = cookie.rpartition("=")[2]
        assert secret not in f"{sent} {kept}"
        assert clean_page.evaluate("document.referrer").find(secret) < 0


def test_bad_input_gets_a_clear_line_and_throws_nothing(clean_page, site_url):
    clean_page.goto(site_url + ADDRESS)
    for query in BAD:
        search(clean_page, "")
        expect(count(clean_page)).to_have_text("Type to start searching")
        search(clean_page, query)
        expect(count(clean_page)).to_have_text(re.compile(f"Nothing found|{FOUND.pattern}"))
        assert clean_page.locator(".md-search-result__link").count() > 0
    assert clean_page.locator(".md-search-result img").count() == 0


def test_the_most_that_is_shown_is_not_called_a_count(clean_page, site_url):
    clean_page.goto(site_url + ADDRESS)
    search(clean_page, "session cookie")
    expect(count(clean_page)).to_have_text("The 20 best matches")
    search(clean_page, "celery")
    expect(count(clean_page)).to_have_text(re.compile(r"^1?\d matching documents?$"))


@pytest.mark.parametrize("state", STATES, ids=ids)
def test_axe_finds_nothing_with_advice_open(clean_page, site_url, state):
    look(clean_page, state)
    clean_page.goto(site_url + ADDRESS)
    clean_page.keyboard.press("/")
    clean_page.keyboard.type("qqqzzz")
    expect(count(clean_page)).to_have_text("Nothing found. These pages may help:")
    expect(clean_page.get_by_text("Start from the symptom")).to_be_visible()
    assert_accessible(clean_page)


def test_a_missing_index_is_said_and_asked_for_again(browser, site_url):
    page = browser.new_page()
    thrown = []
    page.on("pageerror", lambda error: thrown.append(error))
    page.context.route(INDEX, lambda route: route.abort())
    page.goto(site_url + ADDRESS)
    search(page, "logout")
    expect(page.get_by_text("The search couldn't load its index")).to_be_visible()
    page.context.unroute(INDEX)
    search(page, "logouts")
    expect(count(page)).to_have_text(FOUND)
    assert thrown == []
    page.close()
