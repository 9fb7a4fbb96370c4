"""Taking an example away, in a real browser: the zip and the link of edited code, and links that are no good."""

import base64
import http.server
import io
import json
import os
import re
import threading
import zipfile
import zlib

import pytest
from playwright.sync_api import Page, expect

from extensions import snippets
from tests.chain.test_commands import BIN
from tests.runner.live_panel import Panel
from tests.runner.test_live_replay import change
from tests.site.test_site_browser import STATES, assert_accessible_in, ids, look
from tests.support import modules, servers, site

pytestmark = pytest.mark.browser

SNIPPETS = site.ROOT / "snippets"
COUNT = "recipes/count-visits/"


@pytest.fixture
def page(clean_page: Page) -> Page:
    return clean_page


def downloaded(page: Page, example) -> tuple[str, dict[str, str]]:
    """Press an example's zip: the name of the file that is saved, and what it holds."""
    with page.expect_download() as download:
        example.locator("details.example-run").evaluate("e => (e.open = true)")
        example.locator(".example-run").get_by_text("Download", exact=True).click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert archive.testzip() is None
    return download.value.suggested_filename, {name: archive.read(name).decode() for name in archive.namelist()}


def files_on(page: Page, example) -> dict[str, str]:
    """An example's files as they stand, edited or not."""
    get = "(example, module) => import(module).then(({ files }) => files(example))"
    return example.evaluate(get, modules.address(page))


# Zip


@pytest.mark.open_page(0)
@pytest.mark.parametrize(
    "address", [a for a in site.addresses() if a.split("/")[0] in ("learn", "understand", "recipes", "reference")]
)
def test_every_example_can_be_saved_as_it_came_wrong_ones_too(visit, address):
    page = visit(address)
    modules.evaluated(page, "live/page/extras.js")
    names = set()
    for example in page.locator(".example[data-app]").all():
        folder, app = example.get_attribute("data-folder"), example.get_attribute("data-app")
        fold = example.locator("details.example-run")
        was_open = fold.evaluate("fold => fold.open")
        name, held = downloaded(page, example)
        fold.evaluate("(fold, open) => (fold.open = open)", was_open)
        wanted = snippets.files_of(SNIPPETS / folder / app)
        assert held == {f"{folder}/{path}": text for path, text in wanted.items()}
        assert name.startswith(folder)
        names.add(name)
    assert len(names) == page.locator(".example[data-app]").count()


# An edit in the app, in a package's template, and in a wrong app.
EDITS = [
    ("recipes/count-visits/", "count_visits/app.py", "app.py", "Visits: ", "Seen, ünd once more: "),
    ("recipes/count-visits/", "count_visits/wrong.py", "wrong.py", "Visits: ", "Seen by all: "),
    (
        "learn/laying-out-an-app/",
        "laying_out_an_app/main.py",
        "shop/templates/base.html",
        "Basket</a>",
        "Basket</a> Seen",
    ),
]


@pytest.mark.server
@pytest.mark.parametrize(("address", "of", "path", "old", "new"), EDITS, ids=lambda value: str(value)[:24])
def test_the_zip_of_an_edited_example_runs_by_the_page_s_command(page, site_url, tmp_path, address, of, path, old, new):
    page.goto(site_url + address)
    example = Panel(page, of).example
    change(page, of, path, old, new)
    expect(example.get_by_role("button", name="Copy link")).to_be_visible()
    name, held = downloaded(page, example)
    folder = of.partition("/")[0]
    assert new in held[f"{folder}/{path}"]
    for inside, text in held.items():
        (tmp_path / inside).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / inside).write_text(text, "utf-8")
    assert [entry.name for entry in tmp_path.iterdir()] == [folder]
    example.locator("details.example-run").evaluate("e => (e.open = true)")
    command = example.locator(".example-run pre code").first.inner_text()
    port = servers.free_port()
    address = f"http://127.0.0.1:{port}/"
    path_with_tools = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    with servers.running(
        ["sh", "-ec", command], tmp_path / folder, address, FLASK_RUN_PORT=str(port), PATH=path_with_tools
    ):
        assert "Seen" in servers.get(address)


def test_the_same_files_give_the_same_zip_and_its_folder_and_rights_are_plain(page, site_url):
    page.goto(site_url + COUNT)
    change(page, "count_visits/app.py", "app.py", "Visits: ", "Seen: ")
    found = []
    for _ in range(2):
        with page.expect_download() as download:
            page.locator("details.example-run").first.evaluate("e => (e.open = true)")
            page.locator(".example a[download]").first.click()
        found.append(download.value.path().read_bytes())
    assert found[0] == found[1]
    assert download.value.suggested_filename == "count_visits.zip"
    (info,) = zipfile.ZipFile(io.BytesIO(found[0])).infolist()
    assert (info.filename, info.date_time, info.external_attr >> 16) == (
        "count_visits/app.py",
        (1980, 1, 1, 0, 0, 0),
        0o100644,
    )


# Link


def fragment(value: object) -> str:
    """The fragment that holds a value, as live/page/share/share.js makes it."""
    deflated = zlib.compress(json.dumps(value).encode(), 9, -15)
    return "#edit=" + base64.urlsafe_b64encode(deflated).decode().rstrip("=")


EDITED = {"app.py": (SNIPPETS / "count_visits/app.py").read_text("utf-8").replace("Visits: ", "From a link: ")}
GOOD = fragment({"example": "count_visits/app.py", "files": EDITED})


def first(page: Page):
    """The example and its panel."""
    panel = Panel(page, "count_visits/app.py")
    return panel.example, panel


def test_an_edit_travels_by_link_and_runs_only_when_run_is_pressed(page, site_url, browser):
    page.goto(site_url + COUNT)
    example, _ = first(page)
    change(page, "count_visits/app.py", "app.py", "Visits: ", "Grüße <b>: ")
    example.get_by_role("button", name="Copy link").click()
    expect(example.get_by_role("status").filter(has_text="was copied (1 KB)")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert link.startswith(f"{site_url}{COUNT}#edit=")
    assert len(link) < 400

    context = browser.new_context()
    other = context.new_page()
    fetched = []
    other.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    other.goto(link)
    example, panel = first(other)
    expect(example).to_contain_text("from a link")
    expect(
        example.get_by_text("app.py came with the link: someone changed it, so read it before you press Run")
    ).to_be_visible()
    expect(example).to_be_in_viewport()
    expect(example.locator(".highlight").first).to_contain_text("Grüße <b>: ")
    assert files_on(other, example)["app.py"].count("Grüße <b>: ") == 1
    other.wait_for_timeout(1000)
    assert [name for name in fetched if re.match(r"worker|panel\.js|python|pyodide", name)] == []
    assert other.locator(".live-panel").count() == 0
    panel.run().shows("Grüße : 1")  # the browser reads the tag
    context.close()


def test_a_link_in_the_address_bar_outlives_a_reload_and_ends_with_reset(page, site_url):
    page.goto(site_url + COUNT + GOOD)
    example, panel = first(page)
    expect(example).to_contain_text("from a link")
    page.reload()
    expect(example).to_contain_text("from a link")
    panel.run().shows("From a link: 1")
    panel.reset()
    panel.shows("Visits: ")
    expect(example.get_by_text("from a link", exact=True)).to_have_count(0)
    expect(example.get_by_text("came with the link")).to_have_count(0)
    expect(example.get_by_role("button", name="Copy link")).to_have_count(0)
    assert page.url == site_url + COUNT


def test_a_link_opens_on_a_page_that_is_open_and_spares_the_reader_s_own_edits(page, site_url):
    page.goto(site_url + COUNT)
    example, _ = first(page)
    change(page, "count_visits/app.py", "app.py", "Visits: ", "Mine: ")
    page.evaluate("fragment => { location.hash = fragment }", GOOD)
    expect(example.get_by_text("This example already has edits. Press Reset code")).to_be_visible()
    assert "Mine: " in files_on(page, example)["app.py"]
    change(page, "count_visits/app.py", "app.py", "Mine: ", "Visits: ")
    expect(page).to_have_url(site_url + COUNT)  # a link to come must not be the one that stands there
    page.evaluate("fragment => { location.hash = fragment }", GOOD)
    expect(example.get_by_text("from a link", exact=True)).to_be_visible()
    assert "From a link: " in files_on(page, example)["app.py"]


def test_a_link_to_a_file_that_the_page_does_not_show_brings_it_into_sight(page, site_url):
    address, of, path, old, new = EDITS[2]
    page.goto(site_url + address)
    files = files_on(page, Panel(page, of).example)
    link = fragment({"example": of, "files": {path: files[path].replace(old, new)}})
    page.goto("about:blank")
    page.goto(site_url + address + link)
    expect(Panel(page, of).example.get_by_role("textbox", name=path)).to_be_visible()


def test_where_a_page_may_not_copy_the_link_stands_in_the_address_bar(browser, site_url):
    context = browser.new_context()
    page = context.new_page()
    page.goto(site_url + COUNT)
    page.evaluate("() => void (navigator.clipboard.write = () => Promise.reject(new Error('denied')))")
    example, _ = first(page)
    change(page, "count_visits/app.py", "app.py", "Visits: ", "Seen: ")
    example.get_by_role("button", name="Copy link").click()
    expect(example.get_by_text("The link is in the address bar")).to_be_visible()
    assert "#edit=" in page.url
    context.close()


def test_edits_too_large_for_a_link_are_told_with_the_limit(page, site_url):
    page.goto(site_url + COUNT)
    example, _ = first(page)
    change(page, "count_visits/app.py", "app.py", "Visits: ", base64.b64encode(os.urandom(20_000)).decode())
    example.get_by_role("button", name="Copy link").click()
    expect(
        example.get_by_text(re.compile(r"a link of \d+ KB; one may have 16 KB. Download has no limit."))
    ).to_be_visible()
    assert "#edit=" not in page.url


HOSTILE = """
import js
from flask import Flask

app = Flask(__name__)


def tried(act):
    try:
        return f"done: {act()}"
    except Exception as error:
        return f"refused: {error}"


def call_out():
    request = js.XMLHttpRequest.new()
    request.open("GET", "OTHER", False)
    request.send()


@app.get("/")
def index():
    kept = [name for name in ("caches", "Worker") if hasattr(js, name)]
    return f"{tried(call_out)} - {tried(lambda: js.eval('1'))} - reached: {kept}"
"""


def test_what_a_link_brings_reaches_no_other_host_and_nothing_that_is_kept(browser, site_url):
    context = browser.new_context()
    page = context.new_page()
    asked = []

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        text = HOSTILE.replace("OTHER", f"http://127.0.0.1:{other.server_port}/")
        page.goto(site_url + COUNT + fragment({"example": "count_visits/app.py", "files": {"app.py": text}}))
        _, panel = first(page)
        panel.run().shows("refused: ")
        other.shutdown()
    panel.shows(re.compile(r"^refused: NetworkError: .* - refused: EvalError: .* - reached: \[\]$", re.S))
    assert asked == []
    context.close()


def bomb() -> str:
    """12 KB that unpack to 10 MB."""
    return "#edit=" + base64.urlsafe_b64encode(zlib.compress(b"0" * 10_000_000, 9, -15)).decode().rstrip("=")


APP = EDITED["app.py"]
DAMAGED = "This link is incomplete or damaged. No edits were applied."
BAD = {
    "empty": ("#edit=", DAMAGED),
    "garbage": ("#edit=%00%ff<script>alert(1)</script>'\"]", DAMAGED),
    "not deflated": ("#edit=Z2FyYmFnZQ", DAMAGED),
    "cut short": (GOOD[: len(GOOD) // 2], DAMAGED),
    "a megabyte": ("#edit=" + "A" * 1_000_000, "This link is 1,001 KB long; the limit is 16 KB."),
    "a bomb": (bomb(), "unpack to more than 100 KB, which is too large"),
    "deep": (fragment(json.loads("[" * 500 + "]" * 500)), DAMAGED),
    "null": (fragment(None), DAMAGED),
    "a list": (fragment([]), DAMAGED),
    "no files": (fragment({"example": "count_visits/app.py"}), DAMAGED),
    "a number for a text": (fragment({"example": "count_visits/app.py", "files": {"app.py": 1}}), DAMAGED),
    "nothing in it": (fragment({"example": "count_visits/app.py", "files": {}}), "is the same as on this page"),
    "another page's": (
        fragment({"example": "the_secret_key/app.py", "files": {"app.py": APP}}),
        "of an example that this page does not have",
    ),
    "a selector": (fragment({"example": '"] *', "files": {"app.py": APP}}), "of an example that this page does not"),
    "a file too many": (
        fragment({"example": "count_visits/app.py", "files": {"app.py": APP, "flask.py": "x"}}),
        "of a file that this example does not have",
    ),
    "a path": (
        fragment({"example": "count_visits/app.py", "files": {"../app.py": APP}}),
        "of a file that this example",
    ),
    "a prototype": (
        "#edit="
        + base64.urlsafe_b64encode(
            zlib.compress(b'{"example": "count_visits/app.py", "files": {"__proto__": "x"}}', 9, -15)
        ).decode(),
        "of a file that this example does not have",
    ),
}


@pytest.mark.parametrize("link", BAD)
def test_a_link_that_is_no_good_costs_one_line(page, site_url, link):
    bad, told = BAD[link]
    page.goto(site_url + COUNT + bad)
    expect(page.locator(".live-told:not(:empty)")).to_have_count(1)
    expect(page.locator(".live-told:not(:empty)")).to_contain_text(told)
    example, panel = first(page)
    original = {"app.py": snippets.read(SNIPPETS / "count_visits/app.py")}
    assert files_on(page, example) == original
    expect(page.get_by_text("from a link")).to_have_count(0)
    assert page.locator(".live-panel").count() == 0


def test_after_a_bad_link_the_page_works(page, site_url):
    for bad in ("a megabyte", "a bomb", "garbage"):
        page.goto("about:blank")
        page.goto(site_url + COUNT + BAD[bad][0])
        expect(page.locator(".live-told:not(:empty)")).to_have_count(1)
    _, panel = first(page)
    panel.run().shows("Visits: 1")


def test_axe_finds_nothing_with_a_link_opened_well_or_badly(page, site_url):
    for link, text in ((GOOD, "from a link"), BAD["garbage"]):
        page.goto("about:blank")
        page.goto(site_url + COUNT + link)
        expect(page.locator("article")).to_contain_text(text)
        assert_accessible_in(page, *STATES)


@pytest.mark.parametrize("state", [STATES[0], STATES[2]], ids=ids)
def test_what_the_bar_of_an_edited_example_holds_is_in_sight_and_does_not_move_under_the_typist(page, site_url, state):
    look(page, state)
    page.goto(site_url + COUNT)
    for of in ("count_visits/app.py", "count_visits/wrong.py"):
        panel = Panel(page, of)
        if "wrong" in of:
            expect(panel.example.get_by_role("button", name="Compare with app.py")).to_be_visible()
        editor = panel.editor()
        editor.focus()
        top = editor.bounding_box()["y"]
        editor.press("End")
        page.keyboard.type("# edited")
        expect(panel.example.get_by_role("button", name="Copy link")).to_be_visible()
        assert editor.bounding_box()["y"] == top
        box = panel.example.bounding_box()
        for control in panel.example.locator(".example-bar").locator("button:visible, a:visible").all():
            inside = control.bounding_box()
            assert inside["x"] >= box["x"], control.inner_text()
            assert inside["x"] + inside["width"] <= box["x"] + box["width"], control.inner_text()
            assert inside["height"] < 40, f"{control.inner_text()} is broken into lines"
