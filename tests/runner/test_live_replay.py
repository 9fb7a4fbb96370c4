"""Replay, in a real browser: an exchange that a page shows is performed again, and gives the very bytes."""

import re
from hashlib import sha256

import pytest
from playwright.sync_api import Page, expect

from extensions import snippets, transcripts
from tests.runner.live_panel import SHORTENED, WAIT, Panel, shortened
from tests.runner.test_live_site import name_of, pages_of
from tests.site.test_site_browser import NARROW, STATES, assert_accessible_in
from tests.support import loading, modules, site

pytestmark = pytest.mark.browser

SNIPPETS = site.ROOT / "snippets"
# Another visitor; a closed browser and days that pass; forms, hashed passwords and templates.
WHOLE_PAGES = ("recipes/count-visits/", "learn/how-long-a-session-lasts/", "learn/signing-in-and-out/")
COUNT = "recipes/count-visits/"
# The transcripts of the other pages are replayed once, as a whole.
OTHERS = [
    p
    for p in sorted(SNIPPETS.rglob("*.http"))
    if not snippets.of_others(p) and pages_of(p) and not set(pages_of(p)) & set(WHOLE_PAGES)
]


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


CHANGE = """async ([module, folder, app, path, old, now]) => {
    const { change, files } = await import(module);
    const example = document.querySelector(`.example[data-folder="${folder}"][data-app="${app}"]`);
    if (!files(example)[path].includes(old)) throw new Error(`${path} lacks ${old}`);
    change(example, path, files(example)[path].replace(old, () => now));
}"""


def change(page: Page, example: str, path: str, old: str, new: str) -> None:
    """Edit a file of an example, as the editor does: `old` becomes `new`."""
    folder, _, app = example.partition("/")
    page.evaluate(CHANGE, [modules.address(page), folder, app, path, old, new])


def buttons(page: Page, of: str):
    """The Replay buttons of an app's transcript, and its panel."""
    found = page.locator(f'ol.exchanges[data-example="{of}"]').get_by_role("button", name=re.compile("^Replay "))
    expect(found.first).to_be_attached()
    return found, Panel(page, of)


def bar(panel: Panel):
    """The replay's own controls in the panel."""
    return panel.region.get_by_role("group", name="Replay", exact=True)


def time_of(panel: Panel) -> str:
    """What the panel's clock shows."""
    return panel.region.locator(".live-time").inner_text()


@pytest.mark.open_page(4)
@pytest.mark.parametrize("address", WHOLE_PAGES)
def test_every_exchange_of_a_page_is_replayed_with_its_bytes(visit, address):
    page = visit(address)
    lists = page.locator("ol.exchanges").all()
    assert lists
    for exchanges in lists:
        shown = [item for item in exchanges.locator("> .exchange").all()]
        replays, panel = buttons(page, exchanges.get_attribute("data-example"))
        assert replays.count() == len(shown)
        names = [replay.get_attribute("aria-label") for replay in replays.all()]
        assert len(set(names)) == len(names)
        for number, replay in enumerate(replays.all(), 1):
            replay.click()
            expect(bar(panel)).to_contain_text(f"exchange {number} of {len(shown)}", timeout=WAIT)
            panel.settled()
            panel.says("The response matches the page." if number == 1 else f"All {number} responses match the page.")
            assert exchanges.locator(".exchange-outcome").all_inner_texts() == ["✓ same again"] * number


# The first token of a transcript (`ids` in tests/chain/test_shown_output.py). Apps make random ones, as they must, so
# that a replay gives other cookies than the page shows, and says so.
TOKEN = sha256(b"0").hexdigest()[:8]


@pytest.mark.open_page(4)
@pytest.mark.parametrize(("address", "path"), [(pages_of(path)[-1], path) for path in OTHERS], ids=name_of)
def test_the_whole_of_every_other_transcript_is_replayed_with_its_bytes(visit, address, path):
    example = path.with_suffix(".py").relative_to(SNIPPETS).as_posix()
    asked = [part for part in transcripts.parse(path.read_text("utf-8")) if isinstance(part, transcripts.Exchange)]
    page = visit(address)
    folder, _, app = example.partition("/")
    live = page.locator(f'.example[data-folder="{folder}"][data-app="{app}"]:not([data-local])')
    if not live.count():
        modules.evaluated(page, "live/page/extras.js")
        assert page.locator(f'ol.exchanges[data-example="{example}"] button').count() == 0
        return
    replays, panel = buttons(page, example)
    assert replays.count() == len(asked)
    replays.last.click()
    if TOKEN in path.read_text("utf-8"):
        panel.says(re.compile("differs? from the page"))
        return
    panel.says("the page.")
    panel.says(f"All {len(asked)} responses" if len(asked) > 1 else "The response matches")


def test_what_happens_between_exchanges_is_replayed_too(page, site_url):
    page.goto(site_url + "learn/how-long-a-session-lasts/")
    replays, panel = buttons(page, "how_long_a_session_lasts/app.py")
    replays.last.click()
    panel.says("All 6 responses match the page.")
    assert time_of(panel) == "12 Dec 2026, 12:00:00 UTC"  # 6, 6 and 8 days after the start
    panel.shows("Ticket: none")


def test_another_visitor_of_the_transcript_is_one_in_the_panel(page, site_url):
    page.goto(site_url + COUNT)
    replays, panel = buttons(page, "count_visits/app.py")
    replays.last.click()
    panel.says("All 3 responses")
    visitor = panel.region.get_by_role("combobox", name="Visitor")
    assert visitor.locator("option").all_inner_texts() == ["1", "2"]
    visitor.select_option("1")
    panel.settled().shows("Visits: 3")


def test_the_clock_stands_still_and_moves_only_when_told(page, site_url):
    page.goto(site_url + COUNT)
    replays, panel = buttons(page, "count_visits/app.py")
    replays.first.click()
    panel.says("The response matches the page.")
    page.wait_for_timeout(1100)
    panel.press("Reload")
    panel.holds("signed 12:00:00")
    panel.press("+1 hour", "Reload")
    panel.holds("signed 13:00:00")
    assert time_of(panel) == "22 Nov 2026, 13:00:00 UTC"


@pytest.mark.parametrize("leave", ["Now", "Exit replay", "Run"])
def test_a_replay_leaves_the_reader_s_own_visits_alone(page, site_url, leave):
    page.goto(site_url + COUNT)
    panel = Panel(page, "count_visits/app.py").run().press("Reload")
    panel.shows("Visits: 2")
    key = panel.region.get_by_text("SECRET_KEY=")
    own = key.inner_text()
    replays, _ = buttons(page, "count_visits/app.py")
    replays.last.click()
    panel.says("All 3 responses")
    panel.shows("Visits: 1")
    expect(key.and_(page.locator(":visible"))).to_have_text(f"SECRET_KEY={loading.ENVIRONMENT['SECRET_KEY']}")
    assert time_of(panel).startswith("22 Nov 2026, 12:00:00")
    if leave == "Run":
        panel.run()
    else:
        panel.press(leave)
    panel.shows("Visits: 3")
    panel.holds("valid signature")
    expect(bar(panel)).to_be_hidden()
    expect(key.and_(page.locator(":visible"))).to_have_text(own)
    now = page.evaluate("new Date().toISOString().slice(11, 15)")
    assert f", {now}" in time_of(panel)
    assert panel.region.get_by_role("combobox", name="Visitor").locator("option").count() == 1


def test_leaving_gives_the_focus_to_run(page, site_url):
    page.goto(site_url + COUNT)
    replays, panel = buttons(page, "count_visits/app.py")
    replays.first.click()
    panel.says("The response")
    panel.press("Exit replay")
    expect(page.locator(".example").first.get_by_role("button", name="Run", exact=True)).to_be_focused()


def test_edited_code_answers_for_itself_and_what_differs_is_named(page, site_url):
    page.goto(site_url + COUNT)
    change(page, "count_visits/app.py", "app.py", "Visits: ", "Seen: ")
    replays, panel = buttons(page, "count_visits/app.py")
    replays.nth(1).click()
    panel.says("2 of 2 responses differ from the page: GET / (1) (body); GET / (2) (body).")
    panel.shows("Seen: 2")
    outcomes = page.locator("ol.exchanges").first.locator(".exchange-outcome")
    assert outcomes.all_inner_texts() == ["✗ differs now: body"] * 2
    change(page, "count_visits/app.py", "app.py", "Seen: ", "Visits: ")
    expect(outcomes).to_have_count(0)
    replays.nth(1).click()
    panel.says("All 2 responses match the page.")


def test_an_edit_that_changes_the_cookie_and_the_status_is_seen(page, site_url):
    page.goto(site_url + COUNT)
    change(page, "count_visits/app.py", "app.py", 'session.get("visits", 0) + 1', "7")
    replays, panel = buttons(page, "count_visits/app.py")
    replays.first.click()
    panel.says("1 of 1 response differs from the page: GET / (1) (Set-Cookie, body).")
    change(page, "count_visits/app.py", "app.py", '@app.get("/")', '@app.get("/elsewhere")')
    replays.first.click()
    panel.says("GET / (1) (status, Set-Cookie, body).")


def test_an_app_that_no_longer_starts_or_ends_is_told_and_the_next_replay_works(page, site_url):
    page.add_init_script(SHORTENED)
    page.goto(site_url + COUNT)
    replays, panel = buttons(page, "count_visits/app.py")
    for old, new, told in [
        ("import os", "import os, nothing_like_this", "did not start"),
        ("def index():", "def index():\n    while True: pass", "didn't respond within 8 seconds"),
    ]:
        change(page, "count_visits/app.py", "app.py", old, new)
        with shortened(page, "8 seconds" in told):
            replays.nth(1).click()
            panel.says(told)
        change(page, "count_visits/app.py", "app.py", new, old)
        replays.nth(1).click()
        panel.says("All 2 responses match the page.")


def test_the_replay_goes_on_and_back_exchange_by_exchange(page, site_url):
    page.goto(site_url + COUNT)
    replays, panel = buttons(page, "count_visits/app.py")
    replays.first.click()
    panel.says("The response matches the page.")
    previous, following = (bar(panel).get_by_role("button", name=name, exact=True) for name in ("Previous", "Next"))
    expect(previous).to_have_attribute("aria-disabled", "true")
    following.press("Enter")
    panel.says("All 2 responses")
    expect(following).to_be_focused()
    panel.shows("Visits: 2")
    panel.press("Next")
    expect(following).to_have_attribute("aria-disabled", "true")
    panel.press("Previous")
    panel.says("All 2 responses")
    panel.press("To the transcript")
    expect(replays.nth(1)).to_be_focused()
    expect(replays.nth(1)).to_be_in_viewport()


def test_replay_is_seen_and_works_by_keyboard(page, site_url):
    page.goto(site_url + COUNT)
    replays, panel = buttons(page, "count_visits/app.py")
    expect(replays.first).to_have_css("opacity", "1")
    page.get_by_role("heading", name="What you'll see").evaluate("heading => heading.tabIndex = -1")
    page.get_by_role("heading", name="What you'll see").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel") == "Replay GET / (1)":
            break
    expect(replays.first).to_be_focused()
    page.keyboard.press("Enter")
    panel.says("The response matches the page.")


def test_replay_is_seen_and_pressed_on_a_touch_screen(site_url, browser):
    context = browser.new_context(viewport=NARROW, has_touch=True, is_mobile=True)
    touch = context.new_page()
    touch.goto(site_url + COUNT)
    replays, panel = buttons(touch, "count_visits/app.py")
    expect(replays.nth(1)).to_have_css("opacity", "1")
    size = replays.nth(1).bounding_box()
    assert min(size["width"], size["height"]) >= 24
    replays.nth(1).tap()
    panel.says("All 2 responses match the page.")
    context.close()


def test_without_javascript_a_transcript_has_no_button(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + COUNT)
    expect(page.locator("ol.exchanges").first).to_be_visible()
    assert page.locator("ol.exchanges button").count() == 0
    context.close()


@pytest.mark.parametrize("address", ["recipes/count-visits/", "learn/signing-in-and-out/"])
def test_axe_finds_nothing_in_a_replay(page, site_url, address):
    page.goto(site_url + address)
    first = page.locator("ol.exchanges").first
    replays, panel = buttons(page, first.get_attribute("data-example"))
    if address == COUNT:  # one page where the answers differ, one where they do not
        change(page, "count_visits/app.py", "app.py", "Visits: ", "Seen: ")
    replays.nth(1).click()
    panel.says("the page")
    assert_accessible_in(page, *STATES)
    replays.nth(1).focus()
    assert_accessible_in(page, *STATES)
