"""The question above an app: a choice, a run that checks it, and the transcript that is folded until then."""

import pytest
from playwright.sync_api import Page, expect

from tests.runner.live_panel import WAIT, Panel
from tests.site.test_site_browser import NARROW, WIDE, assert_accessible_in
from tests.support import site

pytestmark = pytest.mark.browser

FIRST = "learn/your-first-session/"
LEARN = [address for address in site.addresses() if address.startswith("learn/")]


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


@pytest.mark.long
def test_each_learn_page_shows_the_effect_that_it_asks_about_after_two_presses(page, site_url):
    """The right choice is found by trying: the build has checked that one of them comes true."""
    assert len(LEARN) >= 6
    for address in LEARN:
        page.goto(site_url + address)
        for question in page.locator(".predict").all():
            example = question.locator("xpath=..")
            run = question.get_by_role("button", name="Run and check")
            outcome = question.get_by_role("status")
            choices = question.get_by_role("listitem").get_by_role("button")
            expect(choices.first).to_be_visible()
            folder, app = example.get_attribute("data-folder"), example.get_attribute("data-app")
            transcript = page.locator(f'ol.exchanges[data-example="{folder}/{app}"]')
            expect(transcript.locator(".exchange-status").first).to_be_hidden()
            expect(run).to_be_hidden()
            choices.first.click()
            expect(choices.first).to_have_attribute("aria-pressed", "true")
            run.click()
            expect(outcome).not_to_be_empty(timeout=WAIT)
            expect(question.locator("[data-outcome=true]")).to_have_count(1)
            expect(transcript.locator(".exchange-status").first).to_be_visible()
            right = question.locator("[data-outcome=true] button")
            came = right.get_attribute("aria-pressed") == "true"
            expect(outcome).to_contain_text("Your prediction came true:" if came else "You predicted:")
            expect(outcome).to_be_in_viewport(ratio=1)


def test_the_edited_app_and_not_the_page_decides_which_choice_comes_true(page, site_url):
    page.goto(site_url + FIRST)
    panel = Panel(page, "your_first_session/app.py")
    panel.edit('color = session.get("color", "none yet")', 'color = session.setdefault("color", "green")')
    question = panel.example.locator(".predict")
    run, outcome = question.get_by_role("button", name="Run and check"), question.get_by_role("status")
    question.get_by_role("button", name="The second one").click()
    run.click()
    expect(outcome).to_have_text("The app did something else: none of these came true.", timeout=WAIT)
    panel.editor().fill("no Python")
    run.click()
    expect(outcome).to_contain_text("didn't get to the end", timeout=WAIT)
    question.get_by_role("button", name="All three").click()
    expect(outcome).to_be_empty()
    panel.reset()
    run.click()
    expect(outcome).to_have_text("You predicted: All three. What happened: The second one.", timeout=WAIT)


def test_the_transcript_is_unfolded_by_its_button_and_open_without_javascript(page, new_context, site_url):
    page.goto(site_url + FIRST)
    shown = page.locator(".exchange-response").first
    expect(shown).to_be_hidden()
    expect(page.locator(".exchange-request").first).to_be_visible()
    page.get_by_role("button", name="Show the responses").click()
    expect(shown).to_be_visible()
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(site_url + FIRST)
    expect(plain.locator(".exchange-response").first).to_be_visible()
    expect(plain.locator(".predict").get_by_text("The second one")).to_be_visible()
    assert plain.locator(".predict button").count() == 0


def test_a_question_is_settled_by_keyboard_and_axe_finds_nothing(page, site_url):
    page.set_viewport_size(WIDE)
    page.goto(site_url + FIRST)
    question = page.locator(".predict")
    question.get_by_role("button", name="The first one").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(question.get_by_role("button", name="Run and check")).to_be_focused()
    assert_accessible_in(page, (WIDE, "light"))
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_have_text("Your prediction came true: The second one.", timeout=WAIT)
    assert_accessible_in(page, *[(size, scheme) for size in (WIDE, NARROW) for scheme in ("light", "dark")])
