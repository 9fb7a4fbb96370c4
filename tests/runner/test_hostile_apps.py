"""Hostile and unusual apps in one page of Chromium: the page says what happened, and one press brings it back.

The cases are in tests/runner/hostile.py. After each app the example's own one is run, which counts its visits in the
session cookie: the count goes on, so cookies were kept, and the page and its worker are usable.
"""

import http.server
import re
import threading
import time

import pytest
from playwright.sync_api import expect

from tests.runner import live_page
from tests.runner.hostile import CASES, STOPPED
from tests.runner.live_panel import SHORTENED, Panel, shortened
from tests.support import modules

pytestmark = [pytest.mark.browser]

PATH = "count_visits/app.py"
MOST = 10  # seconds in which the page says what happened
# What the example's page and its browser keep: nothing may be added to it. A worker has no localStorage and
# sessionStorage, in which the panel keeps the reader's visitors.
KEPT = """async () => {
    const entries = [];
    try {
        const folder = await navigator.storage.getDirectory();
        for await (const name of folder.keys()) entries.push(name);
    } catch {} // WebKitGTK has none where nothing is kept after its end
    return {
        title: document.title, address: location.href, ran: self.ran, caches: await caches.keys(),
        databases: await indexedDB.databases(), files: entries, cookies: document.cookie,
        registrations: (await navigator.serviceWorker.getRegistrations()).length,
    };
}"""


class Host(http.server.ThreadingHTTPServer):
    """Another host: it counts connections, whatever they ask for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        self.connections = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def verify_request(self, request, client_address):
        """Count, and hang up."""
        self.connections += 1
        return False


@pytest.fixture(scope="module")
def elsewhere():
    with Host() as host:
        yield host
        host.shutdown()


# Puts a text into the editor, presses Run, and waits for what the panel says: gives the seconds, the line, the page.
RUN = """async ([module, text]) => {
    const example = document.querySelector(".example");
    (await import(module)).change(example, "app.py", text);
    for (const part of example.querySelectorAll(".live-line > *")) part.textContent = "";
    for (const box of example.querySelectorAll(".live-address input")) box.value = "/";
    const start = performance.now();
    example.querySelector(".live-run").click();
    const line = () => example.querySelector(".live-line")?.textContent.trim();
    while (!line() || example.querySelector("[aria-busy]")) await new Promise((resolve) => setTimeout(resolve, 5));
    const seconds = (performance.now() - start) / 1000;
    return [seconds, line(), example.querySelector("iframe").contentDocument?.body?.textContent];
}"""


class Opened:
    """The page, with its example's app run once."""

    def __init__(self, page, address):
        self.page, self.visits, self.faults = page, 0, []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.add_init_script(SHORTENED)
        page.goto(f"{address}?{PATH}")
        self.panel = Panel(page, PATH)
        self.module = modules.address(page)
        self.own = self.page.evaluate(f"module => import(module).then({FILE})", self.module)
        self.counts(self.run(self.own)[2])
        self.kept = page.evaluate(KEPT)

    def run(self, text):
        """The seconds until the panel said something of this app, the line, and the text of the page."""
        return self.page.evaluate(RUN, [self.module, text])

    def counts(self, shown):
        """The example's own app shows one more visit."""
        expected, self.visits = f"Visits: {self.visits + 1}", int(re.search(r"\d+$", shown)[0])
        assert shown == expected


FILE = '({ files }) => files(document.querySelector(".example"))["app.py"]'


@pytest.fixture(scope="module")
def browser(browser_type, browser_type_launch_args):
    """The browser that readers have: in Chromium's headless shell, an app that overwrites memory crashes the page."""
    launched = browser_type.launch(**browser_type_launch_args)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def opened(browser, elsewhere):
    with live_page.served() as address:
        context = browser.new_context()
        yield Opened(context.new_page(), address)
        context.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_page_says_what_an_app_did_and_one_press_brings_it_back(opened, elsewhere, case):
    opened.faults.clear()
    elsewhere.connections = 0
    text = case.text(elsewhere.server_address[1])
    panel, page = opened.panel, opened.page
    try:
        with shortened(page, case.line == STOPPED):
            seconds, line, shown = opened.run(text)
        assert re.search(pattern(case.line), line)
        assert seconds < MOST
        assert case.shown in shown
        if case.pressed:
            panel.frame.get_by_text("Onward").click()
            expect(panel.status).to_have_text(re.compile(pattern(case.pressed)), timeout=3000)
        assert page.evaluate(f"module => import(module).then({FILE})", opened.module) == text
    finally:
        with shortened(page, case.later == STOPPED):
            _, later, shown = opened.run(opened.own)
        if case.later:
            assert case.later in later
            shown = opened.run(opened.own)[2]
        opened.counts(shown)
    deadline = time.monotonic() + 5  # a worker that was ended may take a moment to go
    while len(page.workers) > 1 and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert len(page.workers) <= 1
    assert opened.faults == []
    assert page.evaluate(KEPT) == opened.kept
    assert page.context.cookies() == []
    assert len(page.context.pages) == 1
    assert elsewhere.connections == 0


def pattern(line):
    """A regular expression for a line, of which | parts alternatives."""
    return "|".join(re.escape(part) for part in line.split("|"))


def test_the_other_host_counts_and_the_listing_of_what_is_kept_sees_it(browser, elsewhere):
    before = elsewhere.connections
    page = browser.new_page()
    with live_page.served() as address:
        page.goto(address)
        empty = page.evaluate(KEPT)
        page.evaluate(
            """async () => {
                await caches.open("left");
                document.cookie = "left=1";
                (await navigator.storage.getDirectory()).getFileHandle("left", { create: true });
                await new Promise((resolve) => (indexedDB.open("left").onsuccess = resolve));
                self.ran = 1;
            }"""
        )
        full = page.evaluate(KEPT)
        assert {name for name in full if full[name] != empty[name]} == {
            *("caches", "cookies", "files", "databases", "ran")
        }
        with pytest.raises(Exception, match="ERR_|interrupted"):
            page.goto(f"http://other.example:{elsewhere.server_address[1]}/")
    assert elsewhere.connections > before
    page.close()
