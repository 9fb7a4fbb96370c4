"""The live examples in WebKitGTK, which shares Safari's JavaScript: links, forms, and no script of an app."""

import pytest

from tests.runner import live_page
from tests.runner.test_live_frame import APP, LINKS, PRESSED, RUN, SCRIPTS
from tests.support import webkit as driver

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


@pytest.fixture(scope="module")
def webkit(tmp_path_factory):
    """WebKit with a page whose Python has started."""
    with live_page.served() as address, driver.running(tmp_path_factory.mktemp("webkit")) as browser:
        browser.go(f"{address}?count_visits/app.py")
        browser.wait("document.querySelector('.live-run')")
        browser.click(".live-run")
        browser.wait(f"{BODY}?.textContent.includes('Visits: 1')")
        yield browser


@pytest.fixture
def show(webkit):
    """Run an app, show(text), until its page is there."""

    def show(text):
        webkit.frame(None)
        webkit.run(
            """const script = document.querySelector('script[src*="/live-"]').src;
            const folder = script.slice(0, script.lastIndexOf("/"));
            self.done = self.ran = undefined;
            fetch(`${folder}/modules.json`).then((response) => response.json())
              .then((modules) => import(`${folder}/${modules["live/page/tested.js"].file}`))
              .then(({ change }) => {
                change(document.querySelector(".example"), "app.py", arguments[0]);
                const address = document.querySelector(".live-address input");
                address.value = "/";
                document.querySelector(".live-line .live-status").textContent = "";
                self.done = true;
              });""",
            text,
        )
        webkit.wait("self.done")
        webkit.click(".live-run")
        webkit.wait("document.querySelector('.live-line .live-status').textContent.includes('GET / 200')")

    return show


def press(webkit, selector):
    """Press something in the app's page. By a script: the driver finds no element in a page that was replaced."""
    webkit.run(
        f"""const event = new MouseEvent("click", {{ bubbles: true, cancelable: true }});
        {BODY}.querySelector(arguments[0]).dispatchEvent(event);""",
        selector,
    )


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_is_followed(webkit, show, kind):
    show(APP.format(page=LINKS[kind]))
    press(webkit, PLACE[kind])
    webkit.wait(f"{BODY}.textContent === 'The next page.'")


def test_a_form_is_sent(webkit, show):
    show(POSTED.format(page=FORM))
    press(webkit, "button")
    webkit.wait(f"{BODY}.textContent === 'green'")


def test_no_script_of_an_app_runs(webkit, show):
    for html in SCRIPTS.values():
        show(APP.format(page=html))
        ran = webkit.run(
            "return Boolean(self.ran || Array.from({ length: frames.length }, (_, at) => frames[at].ran)[0])"
        )
        assert not ran, html


def test_no_press_runs_a_script(webkit, show):
    for name, html in PRESSED.items():
        show(APP.format(page=html))
        press(webkit, "text" if "SVG" in name else "a, button")
        assert not webkit.run("return Boolean(self.ran || frames[0].ran)"), html


def test_the_policy_of_the_frame_is_in_force_after_the_page_is_replaced(webkit, show):
    show(APP.format(page="Hello"))
    webkit.run(
        f"""const page = {BODY}.ownerDocument;
        const script = page.createElement("script");
        script.textContent = arguments[0];
        page.body.append(script);
        page.body.setAttribute("onclick", arguments[0]);
        page.body.click();""",
        RUN,
    )
    assert not webkit.run("return Boolean(self.ran || frames[0].ran)")
