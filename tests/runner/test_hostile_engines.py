"""Some of the hostile apps in one page of Firefox and of WebKitGTK; test_hostile_apps.py runs all in Chromium."""

import contextlib
import re

import pytest

from tests.runner import live_page
from tests.runner.hostile import CASES, STOPPED
from tests.runner.live_panel import SHORTENED
from tests.runner.test_hostile_apps import FILE, KEPT, MOST, PATH, RUN, Host

pytestmark = [pytest.mark.browser]

FRAME = "iframe[title=Page]"
# Of each kind some: ways out of the frame, scripts of a page, loops, what breaks Python or its worker, large responses,
# requests to other hosts, and what is kept.
NAMES = """a refresh; a refresh in a header; a base; a link to the top; a link to a new tab; a link to a script;
a link to data; a download; a form to the top; a form to elsewhere; a redirect to another host; a redirect to a script;
a frame; frames that are objects; a script; a handler; an endless loop at import; an endless stream;
a loop that is left behind; close; a message; a kill of itself; os._exit; all builtins deleted; recursion;
100 MB of output; a body of 50 MB; 1,000 cookies; fetch; XMLHttpRequest; WebSocket; EventSource; a beacon;
importScripts; a worker; eval; styles from elsewhere; pictures from elsewhere; links from elsewhere; a database;
a cache; files of the browser; a service worker; a channel; a cookie of the site"""
CHOSEN = {name.strip() for name in NAMES.replace("\n", " ").split(";")}
MODULE = """const script = document.querySelector('script[src*="/live-"]').src;
const folder = script.slice(0, script.lastIndexOf("/"));
return fetch(`${folder}/modules.json`).then((response) => response.json())
  .then((modules) => `${folder}/${modules["live/page/tested.js"].file}`);"""


class Opened:
    """The page in an engine, with its example's app run once."""

    def __init__(self, engine, address: str) -> None:
        self.engine, self.visits = engine, 0
        engine.go(f"{address}?{PATH}")
        engine.wait("document.querySelector('.live-run')")
        engine.run(SHORTENED)
        self.module = engine.run(MODULE)
        self.own = self.file()
        self.counts(self.run(self.own)[2])
        self.kept = engine.run(f"return ({KEPT})()")

    def file(self) -> str:
        """What is in the editor."""
        return self.engine.run(f"return import(arguments[0]).then({FILE})", self.module)

    def run(self, text: str, endless: bool = False) -> list:
        """The seconds until the panel said something of this app, the line, and the text of the page."""
        self.engine.run("self.limit = arguments[0]", 2500 if endless else None)
        return self.engine.run(f"return ({RUN})(arguments)", self.module, text)

    def counts(self, shown: str) -> None:
        """The example's own app shows one more visit."""
        expected, self.visits = f"Visits: {self.visits + 1}", int(re.search(r"\d+$", shown)[0])
        assert shown == expected


@pytest.fixture(scope="module")
def elsewhere():
    with Host() as host:
        yield host
        host.shutdown()


@pytest.fixture(scope="module")
def opened(engine):
    with live_page.served() as address:
        yield Opened(engine, address)
        engine.go("about:blank")


def says(line: str, expected: str) -> bool:
    """Whether a line has one of the parts that | separates."""
    return any(part in line for part in expected.split("|"))


@pytest.mark.parametrize("case", [one for one in CASES if one.name in CHOSEN], ids=lambda case: case.name)
@pytest.mark.parametrize("engine", ["firefox", "webkit"], indirect=True)
def test_the_page_says_what_an_app_did_and_one_press_brings_it_back(opened, elsewhere, case):
    engine = opened.engine
    elsewhere.connections = 0
    # Another port is another origin, which needs no name that a browser has to find.
    text = case.text(elsewhere.server_address[1]).replace("other.example", "127.0.0.1")
    try:
        seconds, line, shown = opened.run(text, case.line == STOPPED)
        assert says(line, case.line), line
        assert seconds < MOST
        assert case.shown in shown
        if case.pressed:
            engine.click("a, button", FRAME)
            engine.until(
                lambda: says(engine.text(".live-line"), case.pressed), f"{case.pressed}: {engine.text('.live-line')}", 5
            )
        assert opened.file() == text
    finally:
        _, later, shown = opened.run(opened.own, case.later == STOPPED)
        if case.later:
            assert case.later in later
            shown = opened.run(opened.own)[2]
        opened.counts(shown)
    assert engine.run(f"return ({KEPT})()") == opened.kept
    assert engine.tabs() == 1
    assert elsewhere.connections == 0


@pytest.mark.parametrize("engine", ["firefox", "webkit"], indirect=True)
def test_the_other_host_counts(engine, elsewhere):
    before = elsewhere.connections
    with contextlib.suppress(Exception):  # the host hangs up
        engine.go(f"http://127.0.0.1:{elsewhere.server_address[1]}/")
    assert elsewhere.connections > before


def test_each_chosen_app_is_one_of_all():
    assert not CHOSEN - {case.name for case in CASES}
