"""An example in a frame of another site: localhost shows what 127.0.0.1 serves."""

import http.server
import re
import threading

import pytest
from playwright.sync_api import Page, expect

from extensions import fences
from tests.runner.live_panel import Panel
from tests.runner.test_live_replay import change
from tests.site.test_site_browser import assert_accessible, assert_accessible_in_forced_colors, settle
from tests.support import site

pytestmark = [pytest.mark.browser, pytest.mark.site]

COUNT = "count_visits/app.py"
LEAN = "embed/count_visits/app/"
GUIDE = "https://flask-sessions.github.io/"
# What readers are told to copy: the frame, and the script that fits its height.
FRAME, FIT = (
    "\n".join(fence.body)
    for fence in fences.scan(site.source("show-an-example/").read_text("utf-8"))
    if fence.language == "html"
)
HEARD = "<script>heard = []; addEventListener('message', ({ data, origin }) => heard.push([origin, data]))</script>"


class Course(http.server.BaseHTTPRequestHandler):
    """A page of another site, with what is to be shown in it."""

    html = ""

    def do_GET(self) -> None:
        """Answer with the page."""
        long = "<p style='height: 60rem'>Text</p>"
        body = f"<!doctype html><title>Course</title>{HEARD}{FIT}<h1>A course</h1>{long}{self.html}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def show():
    """Show HTML in a page of another site: `show(page, html)` gives its frame, once this is in view."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Course) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def show(page: Page, html: str):
            Course.html = html
            page.goto(f"http://localhost:{server.server_port}/")
            page.locator("iframe").scroll_into_view_if_needed()  # it is lazy
            frame = page.locator("iframe").element_handle().content_frame()
            frame.wait_for_load_state()
            return frame

        yield show
        server.shutdown()
        thread.join()


def copied(page: Page, of: str) -> str:
    """What Embed copies."""
    example = Panel(page, of).example
    example.locator("summary", has_text="Run it on your computer").click()
    example.get_by_role("button", name=f"Embed {of}").click()
    expect(example.get_by_text("Copied.")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == example.get_by_role("textbox", name="HTML for your page").input_value()
    return text


STORAGE = "try { sessionStorage.length; 'partitioned' } catch { 'blocked' }"


@pytest.mark.parametrize("storage", ["partitioned", "blocked"])
def test_an_example_runs_in_a_frame_of_another_site_and_tells_that_site_only_its_height(
    internet, show, site_url, storage
):
    page = internet({}, third_party_cookies=storage == "partitioned").new_page()
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    frame = show(page, FRAME.replace(GUIDE, site_url))
    assert frame.evaluate(STORAGE) == storage
    panel = Panel(frame, COUNT)
    panel.example.get_by_role("button", name="Run", exact=True).press("Enter")
    panel.settled().shows("Visits: 1")
    panel.press("Reload").shows("Visits: 2")
    panel.holds("visits")
    settle(frame)
    heard = page.evaluate("heard")
    assert len(heard) >= 2  # before Run, and with the panel
    for origin, message in heard:
        assert origin == site_url.removesuffix(f"{site.PREFIX}/")
        assert set(message) == {"type", "height"}
        assert message["type"] == "flask-sessions-height"
    height = frame.evaluate("document.documentElement.getBoundingClientRect().height")
    assert 300 < height <= heard[-1][1]["height"] < height + 1
    assert page.locator("iframe").evaluate("frame => frame.clientHeight") == heard[-1][1]["height"]
    # Its links leave the frame.
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Count visits").click()
    expect(opened.value).to_have_url(f"{site_url}recipes/count-visits/")
    assert opened.value.evaluate("opener") is None
    assert frame.url == site_url + LEAN
    assert faults == []


def test_an_edited_example_is_embedded_as_edited_and_runs_only_when_run_is_pressed(browser, show, site_url):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site_url}recipes/count-visits/")
    plain = copied(page, COUNT)
    assert plain == FRAME.replace(GUIDE, site_url)  # as the page for readers has it
    change(page, COUNT, "app.py", "Visits: ", "Seen <b>&amp;</b>: ")
    expect(page.get_by_role("textbox", name="HTML for your page")).to_be_hidden()
    Panel(page, COUNT).example.get_by_role("button", name=f"Embed {COUNT}").click()
    expect(page.get_by_text("It has your edits, which run only when a reader presses Run.")).to_be_visible()
    edited = page.get_by_role("textbox", name="HTML for your page").input_value()
    assert len(edited) < len(plain) + 400

    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    frame = show(page, edited)
    panel = Panel(frame, COUNT)
    page.evaluate("scrollTo(0, 0)")
    frame.goto(re.search(r'src="([^"]+)"', edited)[1])
    expect(panel.example.get_by_text("from a link", exact=True)).to_be_visible()
    expect(panel.example.locator(".highlight").first).to_contain_text("Seen <b>")
    page.wait_for_timeout(500)
    assert [name for name in fetched if re.match(r"worker-|python-|pyodide", name)] == []
    assert page.evaluate("scrollY") == 0  # the page around it stays where it is
    panel.run().shows("Seen &: 1")
    panel.example.get_by_role("button", name="Copy link").click()
    expect(panel.example.get_by_role("status").filter(has_text="was copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{site_url}recipes/count-visits/#edit=")
    context.close()


def test_in_a_sandbox_it_runs_or_says_in_one_line_what_the_frame_must_allow(browser, show, site_url):
    page = browser.new_page()
    line = "To run this app here, the frame must allow scripts and its own origin"
    frame = show(page, FRAME.replace(GUIDE, site_url).replace("<iframe", '<iframe sandbox="allow-scripts"'))
    expect(frame.get_by_text(line)).to_be_visible()
    expect(frame.locator(".highlight").first).to_contain_text("Visits: ")
    expect(frame.get_by_role("button", name="Run", exact=True)).to_have_count(0)
    allowed = re.search(r'sandbox="([^"]+)"', frame.locator("body").inner_text())[0]
    frame = show(page, FRAME.replace(GUIDE, site_url).replace("<iframe", f"<iframe {allowed}"))
    expect(frame.get_by_text(line)).to_be_hidden()
    Panel(frame, COUNT).run().shows("Visits: 1")
    page.close()


def test_at_three_widths_in_two_schemes_axe_finds_nothing_and_nothing_is_cut_off(browser, site_url):
    page = browser.new_page()
    states = [(width, scheme) for width in (320, 640, 1000, 1280) for scheme in ("light", "dark")]
    for address, of in ((LEAN, COUNT), ("embed/laying_out_an_app/main/", "laying_out_an_app/main.py")):
        page.goto(site_url + address)
        for run in (False, True):
            if run:
                Panel(page, of).run()
            for width, scheme in states:
                page.set_viewport_size({"width": width, "height": 640})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                settle(page)
                if (width, scheme) in (states[0], states[1], states[5]):
                    assert_accessible(page)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                background = page.evaluate("getComputedStyle(document.body).backgroundColor")
                assert background == {"light": "rgb(255, 253, 249)", "dark": "rgb(26, 23, 20)"}[scheme]
            assert_accessible_in_forced_colors(page)
    page.close()


def test_without_javascript_the_code_and_a_link_to_the_page_are_there(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + LEAN)
    expect(page.locator(".highlight").first).to_contain_text("Visits: ")
    expect(page.get_by_text("To run this app in your browser, turn JavaScript on.")).to_be_visible()
    expect(page.get_by_text("the frame must allow")).to_be_hidden()
    expect(page.get_by_role("link", name="Count visits")).to_have_attribute("href", "../../../recipes/count-visits/")
    context.close()
