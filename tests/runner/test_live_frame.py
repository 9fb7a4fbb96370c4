"""The frame that shows an app's page: what is pressed in it arrives, no script runs, and it comes back if led away."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.runner.live_panel import Panel
from tests.support import modules

pytestmark = [pytest.mark.browser]

APP = """
from flask import Flask, Response

app = Flask(__name__)
PAGE = {page!r}


@app.route("/", methods=["GET", "POST"])
def index():
    return PAGE


@app.get("/next")
def next_page():
    return "The next page."


@app.get("/script.js")
def script():
    return Response("parent.ran = true; self.ran = true", mimetype="text/javascript")
"""
SVG = '<svg width="90" height="30"><a {attribute}="/next"><text y="20">Onward</text></a></svg>'
LINKS = {
    "html": '<a href="/next">Onward</a>',
    "svg": SVG.format(attribute="href"),
    "xlink": SVG.format(attribute="xlink:href"),
    "mathml": '<math href="/next"><mtext>Onward</mtext></math>',
}
RUN = "parent.ran = true; self.ran = true"
SCRIPTS = {
    "an element": f"<script>{RUN}</script>",
    "a file": '<script src="/script.js"></script>',
    "a module": f'<script type="module">{RUN}</script>',
    "an error of an image": f'<img src="x:" onerror="{RUN}">',
    "the body's load": f'<body onload="{RUN}">Hello</body>',
    "a page that is shown": f'<body onpageshow="{RUN}">Hello</body>',
    "a fold": f'<details open ontoggle="{RUN}"><summary>x</summary></details>',
    "SVG": f'<svg onload="{RUN}"><script>{RUN}</script><animate onbegin="{RUN}" attributeName="x" dur="1s"/></svg>',
    "a frame": f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    "a refresh": f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">',
    "an animation": f'<style>@keyframes a{{}} b{{animation:a 1s}}</style><b onanimationstart="{RUN}">x</b>',
    "a focus": f'<input autofocus onfocus="{RUN}">',
    "a template": f'<div><template shadowrootmode="open"><script>{RUN}</script></template></div>',
}
PRESSED = {
    "a link": f'<a href="javascript:{RUN}">Onward</a>',
    "a link in a new tab": f'<a target="_blank" href="javascript:{RUN}">Onward</a>',
    "a link in SVG": SVG.format(attribute="xlink:href").replace("/next", f"javascript:{RUN}"),
    "a form": f'<form action="javascript:{RUN}"><button>Onward</button></form>',
    "a button": f'<form><button formaction="javascript:{RUN}">Onward</button></form>',
    "a handler": f'<button onclick="{RUN}">Onward</button>',
}


@pytest.fixture(scope="module")
def opened(browser, plain):
    """A page whose Python has started."""
    page = browser.new_page()
    page.goto(f"{plain}?count_visits/app.py")
    panel = Panel(page, "count_visits/app.py")
    panel.run()
    yield page, panel
    page.close()


@pytest.fixture
def show(opened):
    """Run an app whose first page is a text: show(html) gives the panel."""
    page, panel = opened

    def show(html):
        page.evaluate("() => { delete self.ran; }")
        page.evaluate(
            """([module, text]) => import(module).then(({ change }) =>
                change(document.querySelector(".example"), "app.py", text))""",
            [modules.address(page), APP.format(page=html)],
        )
        panel.address.fill("/")
        panel.run()
        return panel

    return show


def ran(page):
    """Whether a script of the app ran in the page or in its frame."""
    page.wait_for_timeout(300)
    return page.evaluate(
        "() => Boolean(self.ran || Array.from({ length: frames.length }, (_, at) => frames[at].ran).some(Boolean))"
    )


@pytest.mark.parametrize("html", LINKS.values(), ids=LINKS)
def test_a_link_is_followed(show, html):
    panel = show(html)
    panel.frame.get_by_text("Onward").click()
    expect(panel.frame.locator("body")).to_have_text("The next page.")
    expect(panel.address).to_have_value("/next")


@pytest.mark.parametrize("html", SCRIPTS.values(), ids=SCRIPTS)
def test_no_script_of_an_app_runs(show, opened, html):
    show(html)
    assert not ran(opened[0])


@pytest.mark.parametrize("html", PRESSED.values(), ids=PRESSED)
def test_no_press_runs_a_script(show, opened, html):
    panel = show(html)
    panel.frame.get_by_text("Onward").click()
    assert not ran(opened[0])
    panel.run()
    expect(panel.frame.get_by_text("Onward")).to_be_visible()


def test_a_policy_is_in_force_after_the_page_is_replaced(show, opened):
    """Also where the site's own policy is not: this adds a script as no page can, past what page.js takes out."""
    show("Hello")
    page, _ = opened
    page.evaluate(
        """code => {
            const { contentDocument: page } = document.querySelector("iframe[title=Page]");
            const script = page.createElement("script");
            script.textContent = code;
            page.body.append(script);
            page.body.setAttribute("onclick", code);
            page.body.click();
        }""",
        RUN,
    )
    assert not ran(page)


@pytest.mark.parametrize("address", ["about:blank", "/guide/?count_visits/app.py"])
def test_a_frame_that_is_led_away_gets_its_page_back(show, opened, address):
    panel = show('Here. <a href="/next">Onward</a>')
    page, _ = opened
    page.evaluate(f"document.querySelector('iframe[title=Page]').contentWindow.location = {json.dumps(address)}")
    expect(panel.frame.locator("body")).to_contain_text("Here.")
    panel.frame.get_by_text("Onward").click()
    expect(panel.frame.locator("body")).to_have_text("The next page.")


MANY = {"/dot.svg": '<img src="{}" alt="">', "/dots.css": '<link rel="stylesheet" href="{}">'}


@pytest.mark.parametrize("path", MANY)
def test_what_a_page_names_many_times_is_requested_once(show, path):
    asked = show(MANY[path].format(path) * 30).tab("Requests").get_by_role("listitem")
    expect(asked.filter(has_text=f"GET {path}")).to_have_count(1)


def test_a_page_with_thousands_of_links_in_its_head_is_shown_at_once(show):
    began = time.monotonic()
    panel = show('<link rel="icon" href="/dot.svg">' * 3000 + "<p>Hello</p>")
    panel.shows("Hello")
    assert time.monotonic() - began < 8  # 30 seconds while each of them became an empty style sheet
    assert panel.frame.locator("link, style").count() == 0
