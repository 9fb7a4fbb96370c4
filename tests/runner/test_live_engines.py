"""The frame that shows an app's page, in each engine: links, forms, and no script of an app."""

import pytest

from tests.runner import live_page
from tests.runner.test_live_frame import APP, LINKS, PRESSED, RUN, SCRIPTS

pytestmark = [pytest.mark.browser]

FRAME = "iframe[title=Page]"
BODY = f"document.querySelector('{FRAME}')?.contentDocument?.body"
FORM = '<form method="post"><input name="color" value="green"><button>Onward</button></form>'
POSTED = APP.replace("return PAGE", "from flask import request; return request.form.get('color', PAGE)")
PLACE = {
    "html": "a",
    "svg": "text",
    "xlink": "text",
    "mathml": "mtext",
}
CHANGE = """const script = document.querySelector('script[src*="/live-"]').src;
const folder = script.slice(0, script.lastIndexOf("/"));
return fetch(`${folder}/modules.json`).then((response) => response.json())
  .then((modules) => import(`${folder}/${modules["live/page/tested.js"].file}`))
  .then(({ change }) => change(document.querySelector(".example"), "app.py", arguments[0]));"""
RAN = "return Boolean(self.ran || Array.from({ length: frames.length }, (_, at) => frames[at].ran).some(Boolean))"


@pytest.fixture(scope="module")
def started(engine):
    """A browser with a page whose Python has started."""
    with live_page.served() as address:
        engine.go(f"{address}?count_visits/app.py")
        engine.click(".live-run")
        engine.wait(f"{BODY}?.textContent.includes('Visits: 1')")
        yield engine


@pytest.fixture
def show(started):
    """Run an app until its page is there: `show(text)`."""

    def show(text):
        # What the last press began still moves things: a press that is aimed now can miss.
        started.wait("!document.querySelector('[aria-busy]')")
        started.run(CHANGE, text)
        started.run(
            """self.ran = undefined;
            document.querySelector(".live-address input").value = "/";
            document.querySelector(".live-line .live-status").textContent = "";"""
        )
        started.click(".live-run")
        started.wait("document.querySelector('.live-line .live-status').textContent.includes('GET / 200')")

    return show


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_is_followed(started, show, kind):
    show(APP.format(page=LINKS[kind]))
    started.click(PLACE[kind], FRAME)
    started.wait(f"{BODY}.textContent === 'The next page.'")


def test_a_form_is_sent(started, show):
    show(POSTED.format(page=FORM))
    started.click("button", FRAME)
    started.wait(f"{BODY}.textContent === 'green'")


def test_no_script_of_an_app_runs(started, show):
    for html in SCRIPTS.values():
        show(APP.format(page=html))
        assert not started.run(RAN), html


def test_no_press_runs_a_script(started, show):
    for name, html in PRESSED.items():
        show(APP.format(page=html))
        started.click("text" if "SVG" in name else "a, button", FRAME)
        assert not started.run(RAN), html


def test_the_policy_of_the_frame_is_in_force_after_the_page_is_replaced(started, show):
    show(APP.format(page="Hello"))
    started.run(
        f"""const page = {BODY}.ownerDocument;
        const script = page.createElement("script");
        script.textContent = arguments[0];
        page.body.append(script);
        page.body.setAttribute("onclick", arguments[0]);
        page.body.click();""",
        RUN,
    )
    assert not started.run(RAN)
