"""Where a browser lacks or forbids something, in each engine: the page says so in one line, and keeps what works.

What is lacking is taken away before the scripts of a page or of a worker begin.
"""

import re

import pytest

from tests.runner.test_smoke import APP, COUNT, FRAME, Reader
from tests.support import firefox, needs, servers, site

pytestmark = [pytest.mark.browser, pytest.mark.site]

FIRST = (site.ROOT / "tests/support/first.js").read_text("utf-8")
REMOVE = """{
  const names = NAME.split("."), last = names.pop();
  const owner = names.reduce((found, name) => found?.[name], self);
  for (let one = owner; one; one = names.length ? null : Object.getPrototypeOf(one)) delete one[last];
}"""
FORBIDDEN = "throw new DOMException('it is forbidden', 'SecurityError')"
NO_WORKER = f"if (self.Worker) self.Worker = class {{ constructor() {{ {FORBIDDEN} }} }};"
NO_CACHE = f"Object.defineProperty(self, 'caches', {{ configurable: true, get() {{ {FORBIDDEN} }} }});"
FEATURES = re.findall(r'^  "?([\w.]+)"?: \(\)', (site.ROOT / "live/page/needs.js").read_text("utf-8"), re.MULTILINE)
LIMITS = ".live-env:last-child"
FETCHED = (
    "return document.querySelector('.live-waiting')?.textContent.match(/Fetching Python: [\\d.]+ of [\\d.]+/)?.[0]"
)


@pytest.fixture
def reader_with(engine, built_site):
    """A reader whose browser begins each page with a script: `reader_with(script)`."""
    served = []

    def reader_with(script: str, at: str = "127.0.0.1") -> Reader:
        running = site.served(built_site, FIRST + script, at)
        served.append(running)
        return Reader(engine, running.__enter__())

    yield reader_with
    engine.go("about:blank")
    engine.faults()
    for running in served:
        running.__exit__(None, None, None)


@pytest.mark.parametrize("script", [REMOVE.replace("NAME", "'caches'"), NO_CACHE], ids=["missing", "forbidden"])
def test_without_cache_storage_apps_run_and_the_panel_says_that_each_start_takes_long(reader_with, script):
    reader = reader_with(script)
    reader.open(COUNT)
    reader.engine.click(f"{APP} .live-run")
    reader.shows("Visits: 1")
    reader.says(LIMITS, "because this browser doesn't let the page keep anything")
    assert reader.engine.faults() == []


def test_with_cache_storage_the_panel_speaks_of_no_limit(reader_with):
    reader = reader_with("")
    reader.open(COUNT)
    reader.engine.click(f"{APP} .live-run")
    reader.shows("Visits: 1")
    assert reader.engine.text(LIMITS) == ""


def test_on_plain_http_apps_run_and_the_panel_says_what_the_page_lacks(reader_with, engine):
    if (at := servers.own_address()) == "127.0.0.1":
        needs.missing("an address of this machine beside 127.0.0.1")
    reader = reader_with("", at)
    reader.open(COUNT)
    assert engine.run("return isSecureContext") is False
    engine.click(f"{APP} .live-run")
    reader.shows("Visits: 1")
    reader.says(LIMITS, "because the page didn't come over https")
    reader.edit("Visits", "Seen")
    engine.click(f"{APP} .live-share")
    reader.says(".live-told", "in the address bar")
    engine.click(".page-copy-button")
    reader.says(".page-copy-button + [role=status]", "didn't let the page copy")


@pytest.mark.parametrize("script", [NO_WORKER, REMOVE.replace("NAME", "'Worker'")], ids=["forbidden", "missing"])
def test_without_workers_the_panel_the_tests_and_the_inspector_say_so(reader_with, script):
    reader = reader_with(script)
    reader.open(COUNT)
    reader.engine.click(f"{APP} .live-run")
    reader.says(".live-line", "doesn't let the page start a worker")
    reader.engine.click(".tests-bar button")
    reader.says(".test-status", "doesn't let the page start a worker")
    reader.open("tools/cookie-inspector/")
    reader.says("[data-part=status]", "The inspector failed")


@pytest.mark.parametrize("feature", FEATURES)
def test_a_browser_that_lacks_a_feature_is_told_and_shows_no_button_that_fails(reader_with, feature):
    reader = reader_with(REMOVE.replace("NAME", f"'{feature}'"))
    reader.open(COUNT)
    reader.says(".live-told", f"too old to run what is on this page: it lacks {feature}.")
    assert reader.engine.run("return document.querySelectorAll('.live-button, .exchange-replay').length") == 0
    assert reader.engine.run(f"return document.querySelector('{FRAME}')") is None
    assert "Visits" in reader.engine.text(f"{APP} code")


def test_on_a_slow_line_the_text_is_read_first_and_the_panel_says_how_much_has_come(engine, built_site):
    with site.served(built_site, host=site.SlowLine) as url:
        reader = Reader(engine, url)
        reader.open(COUNT)
        assert "Visits" in engine.text(f"{APP} code")
        engine.click(f"{APP} .live-run")
        seen = {engine.until(lambda: engine.run(FETCHED), "shows how much has come")}
        engine.until(lambda: seen.add(engine.run(FETCHED)) or len(seen - {None}) > 2, "shows more and more")
        parts = sorted(float(text.split()[2]) for text in seen - {None})
        assert 0 < parts[-1] < float(next(iter(seen - {None})).split()[4])
        engine.click(".live-waiting button")
        reader.says(".live-line", "Press Run to fetch Python after all.")
        engine.go("about:blank")


@pytest.mark.weekly
def test_in_a_private_window_of_firefox_apps_run_and_the_next_page_finds_python_started(built_site, tmp_path):
    """Chromium and WebKitGTK are driven in windows of this kind anyway: what they keep ends with the browser."""
    private = {"browser.privatebrowsing.autostart": True}
    with site.served(built_site, FIRST) as url, firefox.running(tmp_path, **private) as engine:
        reader = Reader(engine, url)
        for address in COUNT, COUNT:
            reader.open(address)
            engine.click(f"{APP} .live-run")
            reader.shows("Visits: 1")
            assert engine.text(LIMITS) == ""
        assert engine.faults() == []
