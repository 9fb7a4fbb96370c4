"""The live examples of the built site, in a real browser."""

import dataclasses
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from extensions import snippets, transcripts
from live.worker.browser import Exchange
from tests.chain import chain
from tests.runner.live_panel import Panel
from tests.site.test_site_browser import STATES, assert_accessible_in
from tests.support import loading, modules, site, transcribe

pytestmark = pytest.mark.browser

SNIPPETS = site.ROOT / "snippets"
SHOWN = chain.shown(site.ROOT)


def pages_of(path: Path) -> list[str]:
    """The addresses of the pages that show a snippet file."""
    names = SHOWN.get(path.relative_to(SNIPPETS).as_posix(), set())
    stems = sorted(name.removeprefix("docs/").removesuffix(".md") for name in names)
    return ["" if stem == "index" else f"{stem}/" for stem in stems]


def name_of(value: Path | str) -> str:
    """A test's name for a snippet file, or for an address."""
    return value if isinstance(value, str) else value.relative_to(SNIPPETS).as_posix()


APPS = chain.apps(site.ROOT)
ADDRESSES = sorted({address for app in APPS for address in pages_of(app)})
TRANSCRIPTS = [
    path
    for path in sorted(SNIPPETS.rglob("*.http"))
    if not snippets.of_others(path)
    and path.with_suffix(".py") in APPS
    and not snippets.only_local(snippets.files_of(path.with_suffix(".py")))
    and pages_of(path)  # one that no page shows is a fault of the chain
]
TABS = ("Page", "Cookies", "Requests", "Server log")
# What every panel consists of, as a screen reader lists it.
NAMES = {
    "button": ["Back", "Forward", "Reload", "New visitor", "+1 minute", "+1 hour", "+1 day", "+1 week", "+31 days"]
    + ["Now", "Set clock", "Close tab", "Close browser", "Restart server"],
    "textbox": ["Address", "Clock (UTC)"],
    "combobox": ["Visitor"],
    "tab": list(TABS),
    "status": [""],
    "group": ["Session cookie"],
}


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


# A line of what a screen reader is told: a role, and the name if there is one.
TOLD = re.compile(rf"""^\s*- '?({"|".join(NAMES)})\b(?: "((?:[^"\\]|\\.)*)")?""", re.MULTILINE)


def told(part: Locator) -> Counter[tuple[str, str]]:
    """How often each role of NAMES with each name is in a part of a page, asked for at once."""
    return Counter(TOLD.findall(part.aria_snapshot()))


def panels(page: Page) -> list[Panel]:
    """A panel for each live example of the open page, in order; none is run yet."""
    examples = page.locator(".example[data-app]:not([data-local])").all()
    return [Panel(page, f"{e.get_attribute('data-folder')}/{e.get_attribute('data-app')}") for e in examples]


@pytest.mark.open_page(1)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_live_example_of_a_page_runs_in_the_same_panel(visit, address):
    page = visit(address)
    for panel in panels(page):
        panel.run()
        panel.says("GET / ")
        expect(panel.status).not_to_contain_text("did not start")
        expect(panel.region.locator("iframe")).to_have_attribute("title", "Page")
        # An error's line is a button too, in the status line.
        others = Counter({one: number for one, number in told(panel.status).items() if one[0] == "button"})
        expected = Counter((role, name) for role, names in NAMES.items() for name in names)
        if panel.example.get_attribute("data-versions") is not None:
            expected["combobox", "Flask"] += 1
        expected.update(("button", f"Copy {name}") for name in (panel.example.get_attribute("data-env") or "").split())
        assert told(panel.region) - others == expected, panel.path


class Clock:
    """A stopped clock, as the page's worker is told."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat(loading.START).replace(tzinfo=UTC)

    def tick(self, step: timedelta) -> None:
        """Let time pass."""
        self.now += step


# The last on its page, whose Python makes no random tokens afterwards.
@pytest.mark.open_page(6)
@pytest.mark.parametrize(("address", "path"), [(pages_of(path)[-1], path) for path in TRANSCRIPTS], ids=name_of)
def test_flask_in_the_page_gives_the_answers_that_the_page_shows(visit, address, path, monkeypatch, tmp_path):
    """Status, body, Set-Cookie with its attributes, and payload: all equal to those made under CPython."""
    monkeypatch.chdir(tmp_path)  # the app is loaded here too, and may write a file
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    page = visit(address)
    folder, app = path.parent.name, path.with_suffix(".py").name
    files = page.locator(f'.example[data-folder="{folder}"][data-app="{app}"] .example-files').first.text_content()
    files = json.loads(files)
    files[app] = transcribe.TOKENS + files[app]
    clock = Clock()

    def call(message: dict) -> dict:
        return page.evaluate(
            """([module, files, message]) => import(module).then(({ call }) =>
                call(message.call === "load" ? { ...message, files } : message))""",
            [
                modules.address(page),
                files,
                message | {"example": "test", "time": {"frozen": clock.now.timestamp() * 1000}},
            ],
        )

    class BrowserInPage:
        """Asks the worker of the page, in the place of live.browser.Browser."""

        def __init__(self, app: object, address: str) -> None:
            self.jar, self.address = None, address

        def request(self, method: str, path: str, form: list | None) -> Exchange:
            message = {"method": method, "path": path, "form": form, "jar": self.jar, "address": self.address}
            reply = call(message | {"call": "visit", "follow": False})
            self.jar = reply["jar"]
            (got,) = reply["exchanges"]
            got["body"] = got["text"].encode()
            return Exchange(**{field.name: got[field.name] for field in dataclasses.fields(Exchange)})

        def close(self) -> None:
            self.jar = call({"call": "jar", "jar": self.jar, "close": True})["jar"]

    monkeypatch.setattr(transcribe, "Browser", BrowserInPage)
    reply = call({"call": "load", "app": app, "env": loading.ENVIRONMENT})
    assert "error" not in reply
    shown = transcripts.parse(path.read_text("utf-8"))
    given = transcribe.transcribe(loading.load_app(path.with_suffix(".py")), shown, clock)
    assert list(map(str, given)) == list(map(str, shown))


@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_axe_finds_nothing_with_a_panel_open_on_each_tab(page, site_url, address):
    page.goto(site_url + address)
    panel = panels(page)[0].run()
    for tab in TABS:
        panel.tab(tab)
        # What is around the panel is the same with each tab.
        assert_accessible_in(page, *STATES, within=None if tab == TABS[0] else ".live-panel")


def test_a_panel_is_worked_by_keyboard_alone(page, site_url):
    page.goto(site_url + "recipes/count-visits/")
    page.locator(".example").first.get_by_role("button", name="Run").focus()
    page.keyboard.press("Enter")
    panel = panels(page)[0].settled()
    panel.shows("Visits: 1")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()")
        reached.append(focus)
        if focus == "Reload" and reached.count("Reload") == 1:
            page.keyboard.press("Enter")
            panel.settled()
            panel.shows("Visits: 2")
    wanted = [name for name in NAMES["button"]]
    assert [name for name in wanted if name not in reached] == []


def test_the_page_can_be_left_and_come_back_to(page, site_url):
    page.goto(site_url + "recipes/count-visits/")
    panel = panels(page)[0].run()
    panel.shows("Visits: 1")
    page.goto(site_url + "learn/your-first-session/")
    page.go_back()
    expect(page.locator(".example").first.get_by_role("button", name="Run")).to_be_visible()
    panels(page)[0].run().shows("Visits: ")
