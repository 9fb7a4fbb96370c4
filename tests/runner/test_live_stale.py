"""What a panel shows is named as old after the clock, a cookie, the server or the code changed; errors are marked."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.runner import live_page
from tests.runner.live_panel import Panel

pytestmark = pytest.mark.browser

COPIES = {"count_visits/app.py": 8, "tour/app.py": 3}


@pytest.fixture(scope="module")
def shared(browser):
    """A page with many copies of the examples: a test that takes the next one need not start Python again."""
    copies = [path.replace("/", f".{n}/", 1) for path, number in COPIES.items() for n in range(number)]
    with live_page.served() as address:
        page = browser.new_page()
        page.goto(f"{address}?{'+'.join(copies)}")
        yield page, copies
        page.close()


@pytest.fixture
def opened(shared):
    """Run an example of the shared page that no test has run before."""
    page, copies = shared

    def opened(path: str) -> Panel:
        copy = next(copy for copy in copies if live_page.COPY.sub("/", copy) == path)
        copies.remove(copy)
        return Panel(page, copy).run()

    return opened


def veil(panel: Panel):
    """The button over a page that is old."""
    return panel.region.locator(".live-veil").get_by_role("button")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda panel: panel.press("+1 week", "+1 day"), "From before +8 days. Reload"),
        (
            lambda panel: (panel.tab("Cookies"), panel.press("Delete session")),
            "From before the change of session. Reload",
        ),
        (lambda panel: panel.press("Restart server"), "From before the server's restart. Reload"),
        (lambda panel: panel.edit("Visits: ", "Seen: "), "From before your edits. Run"),
    ],
    ids=["clock", "cookie", "server", "code"],
)
def test_after_a_change_the_page_says_what_it_is_from_before_until_the_app_is_asked(opened, change, said):
    panel = opened("count_visits/app.py")
    panel.shows("Visits: 1")
    expect(veil(panel)).to_have_count(0)
    change(panel)
    panel.region.get_by_role("tab", name="Page", exact=True).click()
    expect(veil(panel)).to_have_text(said)
    expect(panel.region.locator("iframe")).to_have_accessible_description(said)
    veil(panel).press("Enter")
    panel.settled()
    expect(veil(panel)).to_have_count(0)
    expect(panel.region.get_by_role("tabpanel", name="Page")).to_be_focused()
    panel.shows("Seen: " if "edits" in said else "Visits: ")


def test_code_that_is_typed_back_leaves_the_page_as_it_is_and_forms_in_an_old_page_still_work(opened):
    panel = opened("tour/app.py")
    panel.edit("printed by", "spoken by").edit("spoken by", "printed by")
    expect(veil(panel)).to_have_count(0)
    panel.press("+1 day")
    expect(veil(panel)).to_have_text("From before +1 day. Reload")
    panel.frame.get_by_label("Name").fill("Ada")
    panel.frame.get_by_role("button", name="Save").click()
    panel.shows("Hello, Ada")
    expect(veil(panel)).to_have_count(0)


def test_what_expired_stays_named_until_the_next_response(opened):
    panel = opened("tour/app.py")
    panel.frame.get_by_label("Name").fill("Ada")
    panel.frame.get_by_label("Remember").check()
    panel.frame.get_by_role("button", name="Save").click()
    panel.shows("Hello, Ada")
    panel.press("+1 day", "+1 minute")
    panel.holds("Expired by the clock: session.")
    panel.press("Reload")
    expect(panel.session).not_to_contain_text("Expired")


def test_the_clock_takes_any_time_and_the_session_says_how_old_it_is(opened):
    panel = opened("count_visits/app.py")
    field = panel.region.get_by_label("Clock (UTC)")
    field.fill("2031-05-06T07:08:09")
    panel.press("Set clock")
    expect(panel.region.locator(".live-time")).to_have_text(re.compile("6 May 2031, 07:08:(09|1\\d) UTC"))
    panel.press("Reload", "+1 week")
    panel.holds(re.compile(r"signed 6 May 2031, 07:08:\d\d, 7 days ago"))
    for wrong in ("", "1999-12-31T23:59:59"):
        field.fill(wrong)
        panel.press("Set clock")
        panel.says("between the years 2000 and 2999")
    expect(panel.region.locator(".live-time")).to_contain_text("13 May 2031")


def test_run_says_which_files_are_gone_and_the_key_of_the_environment_can_be_copied(opened):
    panel = opened("count_visits/app.py")
    panel.edit("    return f", "    open('shop.db', 'w').close()\n    return f")
    panel.run()
    expect(panel.status).not_to_contain_text("without the files")
    panel.press("Restart server")
    panel.says("its files and the browser's cookies stay")
    panel.run()
    panel.says("without the files that it had written (shop.db). Restart server keeps them.")
    panel.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.press("Copy SECRET_KEY")
    panel.says("The value of SECRET_KEY was copied.")
    key = panel.page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch("[0-9a-f]{64}", key)
    expect(panel.region).to_contain_text(f"SECRET_KEY={key}")


def marked(panel: Panel) -> list[str]:
    """The lines of the app that are marked as faulty."""
    return panel.example.evaluate(
        """e => [...e.querySelectorAll(".editor-line")].map(mark =>
            mark.parentNode.querySelector("textarea").value.split("\\n")[mark.style.getPropertyValue("--line")])"""
    )


def test_a_syntax_error_is_marked_in_its_line_as_it_is_typed_and_goes_with_it(opened):
    panel = opened("tour/app.py")
    hint = panel.example.locator(".editor-hint")
    panel.edit("def speak():", "def speak(:")
    expect(hint).to_have_text(re.compile(r"app\.py, line \d+: SyntaxError: invalid syntax"))
    assert marked(panel) == ["def speak(:"]
    expect(panel.editor()).to_have_attribute("aria-invalid", "true")
    panel.edit("def speak(:", "def speak():")
    expect(hint).to_contain_text("Tab leaves the editor")
    assert marked(panel) == []
    panel.edit("{{ started }}", "{{ started }", "templates/home.html")
    expect(hint).to_contain_text("templates/home.html, line 5: TemplateSyntaxError")
    panel.example.get_by_role("button", name="Reset code").click()
    expect(hint).to_contain_text("Tab leaves the editor")
    assert marked(panel) == []


def test_an_app_that_does_not_start_has_the_line_marked_and_the_error_beside_it(opened):
    panel = opened("count_visits/app.py")
    panel.edit("from flask import Flask, session", "import flask\nimport nothing_like_this").run()
    panel.says("app.py did not start.")
    expect(panel.example.locator(".editor-hint")).to_contain_text("line 5: ModuleNotFoundError: No module named")
    assert marked(panel) == ["import nothing_like_this"]


def test_before_the_first_run_typing_fetches_no_python(page: Page):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    with live_page.served() as address:
        page.goto(f"{address}?count_visits/app.py")
        panel = Panel(page, "count_visits/app.py").edit("def index():", "def index(:")
        expect(panel.example.locator(".editor-hint")).to_be_visible()
        page.wait_for_timeout(700)  # longer than a check would wait
        assert [name for name in fetched if re.match("worker|python|pyodide|panel-.*js", name)] == []
        assert marked(panel) == []
