"""Run as you type: a switch that starts the edited app again once the reader has stopped typing, and nothing else."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.runner import live_page
from tests.runner.live_panel import SHORTENED, Panel, shortened
from tests.support import modules

pytestmark = pytest.mark.browser

COUNT = "count_visits/app.py"
COPIES = {COUNT: 7, "tour/app.py": 1}
PAUSE = 700  # as in live/page/panel/typing.js
KEY = "live /guide/typing"  # the built site has the same folder
LINE = "return f\"Visits: {session['visits']}\""
CHANGE = """([module, path, old, text]) => import(module).then(({ change, files }) => {
    const example = [...document.querySelectorAll(".example")].find((one) => path.startsWith(one.dataset.folder + "/"));
    change(example, "app.py", files(example)["app.py"].replace(old, text));
})"""


@pytest.fixture(scope="module")
def shared(browser, plain):
    """A page with many copies of the examples, each for one test, and what it fetched."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(SHORTENED)
    fetched, faults = [], []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.on("pageerror", lambda error: faults.append(str(error)))
    copies = [path.replace("/", f".{n}/", 1) for path, number in COPIES.items() for n in range(number)]
    page.goto(f"{plain}?{'+'.join(copies)}")
    yield page, copies, fetched
    context.close()
    assert faults == []


@pytest.fixture
def fresh(shared):
    """An example of the shared page that no test has touched before; the switch is off again afterwards."""
    page, copies, _ = shared

    def fresh(path: str = COUNT) -> Panel:
        copy = next(copy for copy in copies if live_page.COPY.sub("/", copy) == path)
        copies.remove(copy)
        return Panel(page, copy)

    yield fresh
    for box in page.get_by_role("checkbox", name="Run as I type").all()[:1]:
        box.uncheck()


def switch(panel: Panel):
    return panel.example.get_by_role("checkbox", name="Run as I type")


def turned_on(panel: Panel) -> Panel:
    """Run an example, and turn its switch on."""
    panel.run()
    switch(panel).check()
    return panel


def requests(panel: Panel) -> list[str]:
    """What was requested, the latest first."""
    lines = panel.region.locator(".live-exchanges summary").all_text_contents()
    return [line for text in lines for line in re.findall(r"^(?:GET|POST) [^. ]+(?= )", text)]


def quiet(panel: Panel) -> list[str]:
    """Wait longer than a run would; what was requested until then, the latest first."""
    panel.page.wait_for_timeout(PAUSE + 600)
    return requests(panel.settled())


def from_a_link(panel: Panel, old: str, text: str) -> None:
    """Change the app as a link or what was kept does: not by typing."""
    panel.page.evaluate(CHANGE, [modules.address(panel.page), panel.path, old, text])


def test_the_switch_comes_with_the_first_run_and_is_off(shared, fresh):
    page, _, fetched = shared
    panel = fresh()
    panel.editor()
    expect(switch(panel)).to_have_count(0)
    assert [name for name in fetched if name.startswith("typing-")] == []
    panel.run().shows("Visits: 1")
    expect(switch(panel)).not_to_be_checked()
    panel.edit("Visits: ", "Seen: ")
    assert quiet(panel) == ["GET /"]
    # By keyboard; what was typed before is run by it.
    panel.example.get_by_role("button", name="Run", exact=True).focus()
    page.keyboard.press("Tab")
    expect(switch(panel)).to_be_focused()
    page.keyboard.press("Space")
    panel.shows("Seen: 2")


def test_what_is_typed_runs_once_after_a_pause_without_a_press(fresh):
    """The app changes its session with each request, and no request follows from that."""
    panel = turned_on(fresh())
    editor = panel.editor()
    editor.evaluate("area => area.setSelectionRange(...Array(2).fill(area.value.indexOf('Visits: {')))")
    panel.page.keyboard.type("Ada's ", delay=30)
    panel.shows("Ada's Visits: 2")
    assert quiet(panel) == ["GET /", "GET /"]
    expect(editor).to_be_focused()
    expect(panel.region.locator(".live-stale")).to_have_count(0)
    switch(panel).uncheck()
    panel.edit("Ada's ", "Alan's ")
    assert quiet(panel) == ["GET /", "GET /"]


def test_code_with_an_error_waits_and_an_app_that_does_not_start_leaves_the_tab_open(fresh):
    panel = turned_on(fresh())
    panel.edit("def index():", "def index(:")
    expect(panel.example.locator(".editor-hint")).to_contain_text("SyntaxError")
    assert quiet(panel) == ["GET /"]
    expect(panel.status).not_to_contain_text("did not start")
    panel.shows("Visits: 1")
    panel.edit("def index(:", "def index(): nowhere")
    panel.edit("def index(): nowhere", "def index():").edit("app = Flask", "app = Flasks")
    panel.says("app.py did not start. NameError")
    expect(panel.region.get_by_role("tab", name="Page")).to_have_attribute("aria-selected", "true")
    panel.edit("Flasks", "Flask").edit("Visits: ", "Seen: ")
    panel.shows("Seen: 2")
    assert quiet(panel) == ["GET /", "GET /"]


def test_only_a_get_is_requested_again(fresh):
    panel = turned_on(fresh("tour/app.py"))
    panel.visit("/json").edit('{"session"', '{"kept"')
    panel.shows('"kept"')
    panel.visit("/").edit('return redirect("/")', 'return "saved"')
    expect(panel.region.locator(".live-stale")).to_have_count(0)  # it has run
    panel.frame.get_by_label("Name").fill("Ada")
    panel.frame.get_by_role("button", name="Save").click()
    panel.shows("saved")
    panel.edit('return "saved"', 'return "stored"')
    panel.shows("Hello, Ada")
    expect(panel.address).to_have_value("/")
    asked = [one for one in quiet(panel) if "static" not in one and "nowhere" not in one]
    assert asked == ["GET /", "POST /name", "GET /", "GET /", "GET /json", "GET /json", "GET /"]


def test_of_edits_made_during_an_endless_loop_the_last_one_runs_and_a_loop_is_stopped_once(fresh):
    panel = turned_on(fresh())
    with shortened(panel.page):
        panel.page.evaluate("self.limit = 4500")  # time for two edits
        panel.edit(LINE, "while True: pass")
        panel.says("Waiting for the app.")
        panel.edit("while True: pass", "return 'first'")
        panel.page.wait_for_timeout(PAUSE + 100)
        panel.edit("return 'first'", "return 'last'")
        panel.shows("last")
        assert quiet(panel) == ["GET /", "GET /"]
        panel.page.evaluate("self.limit = 2500")
        panel.edit("return 'last'", "while True: 1")
        panel.says("was stopped. Press Reload to start it again, or Reset code")
        assert quiet(panel) == ["GET /", "GET /"]
        panel.says("was stopped")
        panel.edit("while True: 1", "return 'fixed'")
        panel.shows("fixed")


def test_what_came_with_a_link_or_was_there_when_the_page_was_left_waits_for_run(fresh):
    panel = turned_on(fresh())
    for text in ("Eve", "Ada"):
        if text == "Eve":
            from_a_link(panel, "Visits: ", "Eve: ")
        else:
            panel.page.evaluate("dispatchEvent(new Event('pagehide'))")  # the browser keeps the page for Back
        before = requests(panel)
        assert quiet(panel) == before
        panel.edit(f"{text}: ", f"{text}, not Alan: ")
        expect(switch(panel)).to_have_accessible_description("once you press Run")
        assert quiet(panel) == before
        panel.run().shows(f"{text}, not Alan: ")
        expect(switch(panel)).to_have_accessible_description("")
        panel.edit(f"{text}, not Alan: ", "Ada: ")
        panel.shows("Ada: ")


def test_reload_after_a_stop_does_not_run_what_came_with_a_link(fresh):
    panel = fresh().run()
    from_a_link(panel, "Visits: ", "Eve's: ")
    panel.page.evaluate("dispatchEvent(new Event('pagehide'))")  # Python ends with it
    panel.press("Reload").shows("Visits: 2")
    panel.run().shows("Eve's: 3")


def test_another_tab_shows_the_switch_as_it_was_turned_and_runs_nothing(browser, plain):
    context = browser.new_context()
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{plain}?{COUNT}")
    # A link that arrives while Python comes is not run by the press before it.
    pages[0].get_by_role("button", name="Run", exact=True).click()
    one, other = (Panel(page, COUNT) for page in pages)
    from_a_link(one, "Visits: ", "Eve's: ")
    one.shows("Visits: 1")
    one.example.get_by_role("button", name="Reset code").click()
    other.run().edit("Visits: ", "Seen: ")
    switch(one).check()
    expect(switch(other)).to_be_checked()
    assert quiet(other) == ["GET /"]
    one.edit("Visits: ", "Read: ")
    one.shows("Read: 2")
    # After coming back, it is drawn and works with the first Run.
    other.page.reload()
    # Edit is there until the kept edits are drawn, a moment after the page's load.
    expect(other.example.get_by_text("Your edits from before are back")).to_be_visible()
    expect(other.editor()).to_have_value(re.compile("Seen: "))
    expect(switch(other)).to_have_count(0)
    other.edit("Seen: ", "Met: ")
    other.page.wait_for_timeout(PAUSE + 600)
    expect(switch(other)).to_have_count(0)
    other.run().shows("Met: 2")
    expect(switch(other)).to_be_checked()
    other.edit("Met: ", "Known: ")
    other.shows("Known: 3")
    context.close()


def test_the_switch_is_listed_and_deleted_with_what_the_site_keeps(shared, fresh, clean_page: Page, site_url):
    turned_on(fresh())
    assert shared[0].evaluate(f"localStorage.getItem({KEY!r})") == "on"
    page = clean_page
    page.goto(f"{site_url}kept/")
    page.evaluate(f"localStorage.setItem({KEY!r}, 'on')")
    page.reload()
    expect(page.get_by_text("That examples run as you type")).to_be_visible()
    page.get_by_role("button", name="Delete all of it").click()
    expect(page.get_by_text("That examples run as you type")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
