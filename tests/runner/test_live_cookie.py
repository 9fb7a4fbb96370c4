"""A session cookie in the panel: taken apart, changed, rejected, signed in the inspector, and accepted."""

import pytest
from playwright.sync_api import expect

from tests.runner.live_panel import Panel
from tests.site.test_site_browser import STATES, assert_accessible_in, assert_accessible_in_forced_colors

pytestmark = pytest.mark.browser

APP = "your_first_session/app.py"
LIT = "[...document.querySelectorAll('.live-cookie .lit')].map((e) => `${e.localName} ${e.dataset.of}`)"
SELECTED = "e => e.value.slice(e.selectionStart, e.selectionEnd)"


def test_a_cookie_is_read_changed_rejected_signed_with_the_key_and_accepted(clean_page, site_url):
    page = clean_page
    page.goto(f"{site_url}learn/your-first-session/")
    panel = Panel(page, APP).run()
    panel.frame.get_by_role("button").click()
    panel.shows("Your color: green")
    cookies = panel.tab("Cookies")
    field = cookies.get_by_role("textbox", name="Value of session")
    value = field.input_value()
    payload, timestamp, signature = value.split(".")
    parts = cookies.locator(".live-value button")
    assert parts.all_text_contents() == [f"Payload: {payload}", f"Timestamp: {timestamp}", f"Signature: {signature}"]
    lines = parts.evaluate_all("all => all.map((e) => getComputedStyle(e).textDecorationStyle)")
    assert len(set(lines)) == 3  # told from each other without colour

    # Each part lights what is said of it, and the other way round, by pointer and by keyboard.
    for name, about in (("payload", '{\n  "color": "green"\n}'), ("timestamp", "UTC, "), ("signature", "valid: ")):
        part, said = cookies.locator(f"button[data-of={name}]"), cookies.locator(f"dd[data-of={name}]")
        expect(said).to_contain_text(about)
        for light in (part.hover, said.hover, part.focus, said.focus):
            light()
            assert page.evaluate(LIT) == [f"button {name}", f"dd {name}"]
    assert_accessible_in(page, *STATES)
    assert_accessible_in_forced_colors(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    if page.locator("[data-side=Code]").count():
        page.get_by_role("button", name="Result").click()

    # By keyboard: the payload is selected in the field, and a character of it changed.
    parts.first.focus()
    page.keyboard.press("Enter")
    assert field.evaluate(SELECTED) == payload
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Delete")
    page.keyboard.type("f")
    expect(parts.first).to_have_text(f"Payload: f{payload[1:]}")
    cookies.get_by_role("button", name="Save session").click()
    panel.says("was changed by hand")
    panel.holds("the app sees an empty one")
    panel.press("Reload")
    panel.shows("Your color: none yet")

    # The inspector gets cookie and key, and neither an address nor the storage has them then.
    field.fill(value)
    cookies.get_by_role("button", name="Save session").click()
    panel.says("was changed by hand")
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.headers} {request.post_data}"))
    cookies.get_by_role("button", name="Take it apart session").click()
    page.wait_for_url("**/tools/cookie-inspector/")
    expect(page.get_by_label("Session cookie", exact=True)).to_have_value(value)
    expect(page.get_by_label("Secret key")).to_have_value("dev")
    expect(page.locator("[data-part=status]")).to_contain_text("Valid signature")
    assert not [line for line in sent if signature in line]
    assert page.evaluate("sessionStorage.getItem(`live ${location.pathname}`)") is None
    apart = page.locator("[data-part=value] button")
    assert apart.all_text_contents() == value.split(".")
    for number in range(3):
        for side in (apart, page.locator("[data-part=parts] dd")):
            side.nth(number).focus()
            lit = page.locator("[data-part=parts] dd").evaluate_all("all => all.map((e) => e.matches('.lit'))")
            assert lit == [number == n for n in range(4)]
            expect(apart.nth(number)).to_contain_class("lit")
    assert_accessible_in(page, *STATES)
    assert_accessible_in_forced_colors(page)
    apart.nth(2).press("Enter")
    assert page.get_by_label("Session cookie", exact=True).evaluate(SELECTED) == signature
    page.get_by_label("Payload", exact=True).fill('{"color": "blue"}')
    page.get_by_role("button", name="Sign again").click()
    made = page.get_by_label("New cookie")
    expect(page.locator("[data-part=said]")).to_contain_text("Signed again")
    signed = made.input_value()

    page.go_back()
    panel = Panel(page, APP).run()
    cookies = panel.tab("Cookies")
    cookies.get_by_role("textbox", name="Value of session").fill(signed)
    cookies.get_by_role("button", name="Save session").click()
    panel.says("was changed by hand")
    panel.press("Reload")
    panel.shows("Your color: blue")
