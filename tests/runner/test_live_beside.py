"""A wrong app beside the right one, in a real browser: the same requests, and what differs is marked and counted."""

import re
from pathlib import Path

import freezegun
import pytest
from playwright.sync_api import Locator, Page, expect

from extensions import snippets, transcripts
from live.worker.browser import Browser as Visitor
from tests.runner.live_panel import SHORTENED, WAIT, Panel, shortened
from tests.runner.test_live_replay import change
from tests.runner.test_live_site import ADDRESSES
from tests.site.test_site_browser import STATES, assert_accessible_in
from tests.support import loading, modules, site, transcribe

pytestmark = pytest.mark.browser

SNIPPETS = site.ROOT / "snippets"
COUNT = "recipes/count-visits/"
KEY = "understand/the-secret-key/"


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


def compared(page: Page, wrong: Locator) -> tuple[str, Locator, str]:
    """Press a wrong example's Compare: the right app's name, the comparison, and what it says."""
    press = wrong.get_by_role("button", name=re.compile("^Compare with "))
    right = press.inner_text().removeprefix("Compare with ")
    # What it said before must not be taken for the answer.
    wrong.evaluate("e => e.querySelectorAll('.beside .live-line').forEach((line) => (line.textContent = ''))")
    press.click()
    region = wrong.get_by_role("region", name=f"{wrong.get_attribute('data-app')} beside {right}", exact=True)
    expect(region.get_by_role("status")).to_have_text(re.compile("^(?!Running|Fetching)."), timeout=WAIT)
    return right, region, region.get_by_role("status").inner_text()


def wrong_app(page: Page, path: str) -> Locator:
    """A wrong example of the open page, once it can be compared."""
    example = Panel(page, path).example
    expect(example.get_by_role("button", name=re.compile("^Compare with "))).to_be_attached()
    return example


def answers(app: Path, parts: list, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What an app answers under CPython: status, headers but the body's length, and the body unless it redirects."""
    found = []

    class Listener(Visitor):
        def request(self, *args: object):
            exchange = super().request(*args)
            headers = sorted(pair for pair in exchange.headers if pair[0] != "Content-Length")
            found.append((exchange.status, headers, "" if exchange.header("Location") else exchange.body.strip()))
            return exchange

    monkeypatch.setattr(transcribe, "Browser", Listener)
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)  # for what the app writes
    with freezegun.freeze_time(loading.START) as clock:
        transcribe.transcribe(loading.load_app(app), parts, clock)
    return found


@pytest.mark.open_page(3)
@pytest.mark.parametrize("address", ADDRESSES)
def test_each_wrong_app_is_run_beside_the_right_one(visit, address, monkeypatch, tmp_path):
    """The number of answers that differ is the one that CPython finds."""
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    page = visit(address)
    modules.evaluated(page, "live/page/extras.js")
    of = {
        kind: page.locator(f".example[data-app]:not([data-local]){kind}").all()
        for kind in (".example-wrong", ":not(.example-wrong)")
    }
    right_ones = {
        (example.get_attribute("data-folder"), example.get_attribute("data-app"))
        for example in of[":not(.example-wrong)"]
    }
    for wrong in of[".example-wrong"]:
        folder = wrong.get_attribute("data-folder")
        named = {wrong.get_attribute("data-app").replace("wrong", "fixed"), "app.py"}
        if not {(folder, name) for name in named} & right_ones:
            assert wrong.get_by_role("button", name=re.compile("^Compare")).count() == 0
            continue
        right, region, said = compared(page, wrong)
        apps = [SNIPPETS / folder / name for name in (wrong.get_attribute("data-app"), right)]
        shown = [
            app.with_suffix(".http")
            for app in apps
            if page.locator(f'[data-example="{app.relative_to(SNIPPETS)}"]').count()
        ]
        parts = transcripts.parse(shown[0].read_text("utf-8")) if shown else [transcripts.Exchange("GET", "/")]
        one, other = (
            answers(app, parts, tmp_path / f"{wrong.get_attribute('data-app')}-{app.stem}", monkeypatch) for app in apps
        )
        differing = [a != b for a, b in zip(one, other, strict=True)]
        items = region.locator(".beside-list > li:not(.beside-step)")
        assert [item.locator(".beside-differs").count() == 1 for item in items.all()] == differing
        for item, differs in zip(items.all(), differing, strict=True):
            assert item.get_by_role("group").count() == (2 if differs else 1)
            assert (item.locator("mark").count() > 0) == differs
        assert said.startswith(f"{sum(differing)} of {len(differing)} ") if any(differing) else "same" in said
        steps = [part.text for part in parts if isinstance(part, transcripts.Step)]
        assert region.locator(".beside-step").all_inner_texts() == steps


def test_what_differs_stands_in_two_columns_with_marks_and_words(page, site_url):
    page.goto(site_url + KEY)
    _, region, said = compared(page, wrong_app(page, "the_secret_key/wrong.py"))
    assert said == "2 of 4 responses differ."
    last = region.locator(".beside-list > li").last
    expect(last.locator(".beside-request")).to_have_text("GET / (2) ≠ differs: body")
    wrong = last.get_by_role("group", name="wrong.py, GET / (2)")
    right = last.get_by_role("group", name="app.py, GET / (2)")
    assert wrong.locator("mark").all_inner_texts() == ["the admin"]
    assert right.locator("mark").all_inner_texts() == ["nobody"]
    first = region.locator(".beside-list > li").first.get_by_role("group", name="app.py, POST /")
    for text in ("302 FOUND", "Set-Cookie", "awLZQA", '{"role": "a guest"}'):
        expect(first).to_contain_text(text)
    boxes = [group.bounding_box() for group in (wrong, right)]
    assert boxes[0]["y"] == boxes[1]["y"]
    page.set_viewport_size({"width": 390, "height": 844})
    boxes = [group.bounding_box() for group in (wrong, right)]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]


def test_a_mended_app_gives_the_same_answers(page, site_url):
    page.goto(site_url + COUNT)
    wrong = wrong_app(page, "count_visits/wrong.py")
    _, region, said = compared(page, wrong)
    assert said == "2 of 2 responses differ."
    right, given = (snippets.read(SNIPPETS / "count_visits" / name) for name in ("app.py", "wrong.py"))
    change(page, "count_visits/wrong.py", "wrong.py", given, right)
    expect(region.get_by_role("status")).to_have_text(
        "The code was edited since. Press Compare with app.py to run both again."
    )
    _, _, said = compared(page, wrong)
    assert said == "All 2 responses are the same. With your edits in wrong.py."


def test_an_app_that_does_not_start_or_never_answers_is_told_and_mended(page, site_url):
    page.add_init_script(SHORTENED)
    page.goto(site_url + COUNT)
    wrong = wrong_app(page, "count_visits/wrong.py")
    for old, new, told in [
        ("visits = 0", "visits = nothing", "wrong.py did not start. NameError"),
        ("visits += 1", "while True: pass", "didn't respond within 8 seconds, so it was stopped. Fix wrong.py"),
        ("visits += 1", "raise SystemExit", "wrong.py did not respond to GET / (1). The app ended itself"),
    ]:
        change(page, "count_visits/wrong.py", "wrong.py", old, new)
        with shortened(page, "8 seconds" in told):
            _, region, said = compared(page, wrong)
        assert told in said
        assert region.get_by_role("listitem").count() == 0
        change(page, "count_visits/wrong.py", "wrong.py", new, old)
        assert compared(page, wrong)[2] == "2 of 2 responses differ."


def test_it_leaves_open_panels_alone_and_gives_the_focus_back(page, site_url):
    page.goto(site_url + COUNT)
    panel = Panel(page, "count_visits/wrong.py").run().press("Reload")
    panel.shows("Visits: 2")
    wrong = wrong_app(page, "count_visits/wrong.py")
    _, region, _ = compared(page, wrong)
    panel.press("Reload")
    panel.shows("Visits: 3")
    region.get_by_role("button", name="Close the comparison").press("Enter")
    expect(region).to_be_hidden()
    expect(wrong.get_by_role("button", name="Compare with app.py")).to_be_focused()
    page.keyboard.press("Enter")
    expect(region).to_be_visible()


COMPARED = """([module, names]) => {
    for (const name of names) {
        const example = document.createElement("div");
        example.className = name.startsWith("wrong") ? "example example-wrong" : "example";
        Object.assign(example.dataset, { folder: "folder", app: name });
        example.innerHTML =
            '<div class="example-bar"><span class="example-actions"><b class="live-edit"></b></span></div>';
        document.querySelector("article").append(example);
    }
    return import(module).then(() =>
        [...document.querySelectorAll(".example-wrong .live-button")].map((button) => button.textContent));
}"""


def test_a_wrong_app_is_compared_with_its_repair_if_there_is_one(page, site_url):
    page.goto(site_url + "tools/cookie-inspector/")
    names = ["wrong.py", "wrong_key.py", "wrong_other.py", "app.py", "fixed.py", "fixed_key.py"]
    found = page.evaluate(COMPARED, [modules.address(page, "live/page/extras.js"), names])
    assert found == ["Compare with fixed.py", "Compare with fixed_key.py", "Compare with app.py"]


@pytest.mark.parametrize("of", ["count_visits/wrong.py", "the_secret_key/wrong_random.py"])
def test_axe_finds_nothing_in_a_comparison(page, site_url, of):
    page.goto(site_url + (COUNT if of.startswith("count") else KEY))
    compared(page, wrong_app(page, of))
    assert_accessible_in(page, *STATES)
