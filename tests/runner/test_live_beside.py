"""A wrong app beside the right one, in a browser: two pages and two cookies a request, with what differs marked."""

import itertools
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import freezegun
import pytest
from playwright.sync_api import Locator, Page, expect

from extensions import compared as chosen_requests
from extensions import snippets, transcripts
from live.worker.browser import Browser as Visitor
from tests.runner.live_panel import SHORTENED, WAIT, Panel, shortened
from tests.runner.test_live_replay import change
from tests.runner.test_live_site import ADDRESSES
from tests.site.test_site_browser import STATES, assert_accessible_in
from tests.support import loading, modules, site

pytestmark = pytest.mark.browser

SNIPPETS = site.ROOT / "snippets"
COUNT = "recipes/count-visits/"
KEY = "understand/the-secret-key/"
SIGNS = {"del": "\u2212", "ins": "+"}
# What a request of this kind can't show, with the reason.
SAME = {"csrf_for_scripts/wrong_front_end.py": "a browser asks for the header with OPTIONS, from another origin"}
# The comparisons that are higher than this, in pixels at a width of 1280, with the reason.
HIGHEST = 900
HIGHER = {"limit_guesses/wrong.py": "an account is locked after five attempts, and each shows a form"}


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


def sides(page: Page, apps: list[Path]) -> list[tuple]:
    """What both apps get: for each row a part, one for each app. An app may get nothing."""
    own = chosen_requests.chosen().get(apps[0].relative_to(SNIPPETS).as_posix(), {}).get("requests")
    if own:
        rows = [one if isinstance(one, list) else [one, one] for one in own]
        return [
            tuple(part and (part if "restarts" in part else transcripts.parse_part(part)) for part in row)
            for row in rows
        ]
    shown = [app for app in apps if page.locator(f'[data-example="{app.relative_to(SNIPPETS)}"]').count()]
    parts = transcripts.parse(shown[0].with_suffix(".http").read_text("utf-8")) if shown else []
    return [(part, part) for part in parts or [transcripts.Exchange("GET", "/")]]


def responses(app: Path, parts: list, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What an app responds under CPython: status, headers but the body's length, and the body unless it redirects."""
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)  # for what the app writes
    numbers = itertools.count(1)
    found: list[tuple] = []
    with freezegun.freeze_time(loading.START) as clock:
        visitor = first = Visitor(loading.load_app(app), address=f"192.0.2.{next(numbers)}")
        for part in parts:
            if isinstance(part, transcripts.Exchange):
                found.append(response(visitor, part))
            elif part is None:
                found.append(("no request", app.name))
            elif "restarts" in str(part):
                visitor.app = first.app = restarted(app, str(part), monkeypatch)
            elif str(part) == transcripts.ANOTHER_VISITOR:
                visitor = Visitor(visitor.app, address=f"192.0.2.{next(numbers)}")
            elif str(part) == transcripts.FIRST_VISITOR:
                visitor = first
            elif str(part) == transcripts.BROWSER_CLOSED:
                visitor.close()
            else:
                number, unit = transcripts.LATER.match(str(part)).groups()
                clock.tick(timedelta(**{f"{unit}s": int(number)}))
    return found


def response(visitor: Visitor, asked: transcripts.Exchange) -> tuple:
    """What one request gives, as far as it is compared."""
    if visitor.app is None:
        return ("not started",)
    form = parse_qsl(asked.form, keep_blank_values=True) if asked.form else None
    got = visitor.request(asked.method, asked.path, form)
    headers = sorted(pair for pair in got.headers if pair[0] != "Content-Length")
    return got.status, headers, "" if got.header("Location") else got.body.strip()


def restarted(app: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """The app after a restart, maybe without a variable; None if it doesn't start."""
    if " without " in step:
        monkeypatch.delenv(step.rpartition(" ")[2])
    try:
        return loading.load_app(app)
    except KeyError:
        return None


@pytest.mark.open_page(3)
@pytest.mark.parametrize("address", ADDRESSES)
def test_each_wrong_app_is_run_beside_the_right_one(visit, address, monkeypatch, tmp_path):
    """The number of responses that differ is the one that CPython finds. What differs is open and has a sign."""
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
        folder, name = wrong.get_attribute("data-folder"), wrong.get_attribute("data-app")
        named = {name.replace("wrong", "fixed"), "app.py"}
        if not {(folder, one) for one in named} & right_ones or chosen_requests.single(f"{folder}/{name}"):
            assert wrong.get_by_role("button", name=re.compile("^Compare")).count() == 0
            continue
        right, region, said = compared(page, wrong)
        apps = [SNIPPETS / folder / one for one in (name, right)]
        rows = sides(page, apps)
        one, other = (
            responses(app, list(parts), tmp_path / f"{name}-{app.stem}", monkeypatch)
            for app, parts in zip(apps, zip(*rows, strict=True), strict=True)
        )
        differing = [a != b for a, b in zip(one, other, strict=True)]
        assert any(differing) != (f"{folder}/{name}" in SAME)
        items = region.locator(".beside-list > li:not(.beside-step)").evaluate_all(LOOK)
        assert [item["differs"] for item in items] == differing
        for item in items:
            assert item["open"] == item["differs"]
            assert item["columns"] == 2 or not item["differs"]
            assert not item["faults"]
            assert item["signs"] if item["differs"] and "request" not in item["text"] else True
        assert said.startswith(f"{sum(differing)} of {len(differing)} ") if any(differing) else "same" in said
        steps = [str(part) for part, _ in rows if part and not isinstance(part, transcripts.Exchange)]
        assert region.locator(".beside-step").all_inner_texts() == steps
        expect(region.locator(".beside-code > summary")).to_contain_text(f"of {name}, + ")
        assert (region.bounding_box()["height"] > HIGHEST) == (f"{folder}/{name}" in HIGHER)


# A row as a reader sees it. A fault is a mark of the other side, or one in a line without its sign.
LOOK = """items => items.map((item) => {
    const columns = [...item.querySelectorAll(".beside-column")];
    const lines = columns.flatMap((column, side) => [...column.querySelectorAll(".beside-line")].map((line) => {
        const [tag, sign] = [["del", "\\u2212"], ["ins", "+"]][side];
        const page = line.querySelector("iframe")?.contentDocument;
        const marks = [line, page].filter(Boolean).flatMap((one) => [...one.querySelectorAll("del, ins")]);
        const shown = line.querySelector(".beside-sign").textContent;
        return { shown, fault: marks.some(({ localName }) => localName !== tag || shown !== sign) };
    }));
    return {
        columns: columns.length,
        differs: Boolean(item.querySelector(".beside-differs")),
        faults: lines.filter(({ fault }) => fault).length,
        open: item.querySelector("details").open,
        signs: lines.filter(({ shown }) => shown).length,
        text: item.querySelector("summary").textContent,
    };
})"""


def test_what_differs_is_marked_on_two_pages_beside_each_other(page, site_url):
    page.goto(site_url + KEY)
    _, region, said = compared(page, wrong_app(page, "the_secret_key/wrong.py"))
    assert said == "2 of 4 responses differ."
    last = region.locator(".beside-list > li").last
    expect(last.locator(".beside-request")).to_have_text("GET / (2) 200 OK \u2260 differs: page")
    wrong = last.get_by_role("group", name="wrong.py, GET / (2)")
    right = last.get_by_role("group", name="app.py, GET / (2)")
    assert wrong.frame_locator("iframe").locator("del").all_inner_texts() == ["the admin"]
    assert right.frame_locator("iframe").locator("ins").all_inner_texts() == ["nobody"]
    for group in (wrong, right):
        expect(group).to_contain_text('Cookie session: {"role": "the admin"}')
    first = region.locator(".beside-list > li").first
    expect(first.get_by_role("group", name="app.py, POST /")).to_contain_text('{"role": "a guest"} signed ')
    boxes = [group.bounding_box() for group in (wrong, right)]
    assert boxes[0]["y"] == boxes[1]["y"]
    page.set_viewport_size({"width": 390, "height": 844})
    boxes = [group.bounding_box() for group in (wrong, right)]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    for group, name in ((wrong, "wrong.py"), (right, "app.py")):
        expect(group.get_by_text(name, exact=True)).to_be_visible()
    page.emulate_media(forced_colors="active")
    expect(wrong.locator(".beside-sign").first).to_have_text(SIGNS["del"])
    expect(right.locator(".beside-sign").first).to_have_text(SIGNS["ins"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_difference_of_the_codes_is_shown_with_the_lines_around_it(page, site_url):
    page.goto(site_url + KEY)
    _, region, _ = compared(page, wrong_app(page, "the_secret_key/wrong.py"))
    code = region.locator(".beside-code")
    expect(code.locator("summary")).to_have_text("The code differs: \u2212 1 line of wrong.py, + 3 lines of app.py")
    expect(code.locator("pre").last).to_have_text(
        "app = Flask(__name__)\n"
        '\u2212 app.secret_key = "dev"  # known to everyone\n'
        '+ app.secret_key = os.environ["SECRET_KEY"]\n'
        '  \n  PAGE = """',
    )
    assert code.locator("del").all_inner_texts() == ['\u2212 app.secret_key = "dev"  # known to everyone\n']
    expect(code.locator("pre").last).to_be_visible()
    _, region, _ = compared(page, wrong_app(page, "the_secret_key/wrong_fallbacks.py"))
    expect(region.locator(".beside-code > summary")).to_be_visible()
    expect(region.locator(".beside-code pre").first).to_be_hidden()


def test_a_row_that_is_the_same_opens_by_a_key_and_shows_one_page(page, site_url):
    page.goto(site_url + KEY)
    _, region, _ = compared(page, wrong_app(page, "the_secret_key/wrong.py"))
    row = region.locator(".beside-list > li").nth(1)
    expect(row.locator("summary")).to_have_text("GET / (1) 200 OK = the same")
    expect(row.locator("iframe").first).to_be_hidden()
    row.locator("summary").press("Enter")
    expect(row.frame_locator("iframe").first.locator("body")).to_contain_text("You are a guest.")
    assert row.locator("iframe").first.bounding_box()["height"] > 30


def test_pages_that_share_nothing_are_shown_whole_without_marks(page, site_url):
    page.goto(site_url + COUNT)
    wrong = wrong_app(page, "count_visits/wrong.py")
    change(page, "count_visits/wrong.py", "wrong.py", 'return f"Visits: {visits}"', 'return "Nothing is here.", 404')
    _, region, said = compared(page, wrong)
    assert said == "2 of 2 responses differ. With your edits in wrong.py."
    row = region.locator(".beside-list > li").first
    for name, status, text in (("wrong.py", "404 NOT FOUND", "Nothing is here."), ("app.py", "200 OK", "Visits: 1")):
        group = row.get_by_role("group", name=f"{name}, GET / (1)")
        expect(group.locator(".beside-line").first).to_contain_text(status)
        expect(group.frame_locator("iframe").locator("body")).to_have_text(text)
        assert group.frame_locator("iframe").locator("del, ins").count() == 0


def test_a_page_shows_what_came_and_says_how_to_use_the_app(page, site_url):
    page.goto(site_url + KEY)
    _, region, _ = compared(page, wrong_app(page, "the_secret_key/wrong.py"))
    region.frame_locator("iframe").last.get_by_role("button", name="Enter as a guest").click()
    expect(region.get_by_role("status")).to_contain_text("press Run at its app")
    expect(region.frame_locator("iframe").last.locator("body")).to_contain_text("You are nobody.")


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
    expect(region).to_contain_text("The code is the same.")
    assert region.locator("details[open]").count() == 0


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
    expect(region).to_be_focused()
    expect(region.get_by_role("status")).to_be_in_viewport()
    panel.press("Reload")
    panel.shows("Visits: 3")
    region.get_by_role("button", name="Close the comparison").press("Enter")
    expect(region).to_be_hidden()
    expect(wrong.get_by_role("button", name="Compare with app.py")).to_be_focused()
    page.keyboard.press("Enter")
    expect(region).to_be_focused()


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
