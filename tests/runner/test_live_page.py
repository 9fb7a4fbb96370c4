"""The live panel in a real browser: each control, and each bad input, by their accessible names."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.runner import live_page
from tests.runner.live_panel import SHORTENED, Panel, shortened

pytestmark = pytest.mark.browser
# How many tests run each example of the shared page; the others are run once.
COPIES = {"tour/app.py": 25, "count_visits/app.py": 20}


@pytest.fixture(scope="module")
def shared(browser, plain: str):
    """A page with many copies of the examples: a test that takes the next one need not start Python again."""
    page = browser.new_page()
    page.add_init_script(SHORTENED)
    copies = [path.replace("/", f".{n}/", 1) for path in live_page.EXAMPLES for n in range(COPIES.get(path, 1))]
    page.goto(f"{plain}?{'+'.join(copies)}")
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


@pytest.fixture
def tour(opened) -> Panel:
    return opened("tour/app.py")


@pytest.fixture
def count(opened) -> Panel:
    return opened("count_visits/app.py")


# Controls


def test_run_shows_the_page_beside_what_the_session_cookie_holds(count):
    count.shows("Visits: 1")
    count.holds(re.compile('signed .*, valid signature.*"visits": 1.*until the browser closes', re.S))
    count.says("GET / 200 OK")


def test_reload_asks_again_and_marks_what_changed(count):
    count.press("Reload")
    count.shows("Visits: 2")
    expect(count.session.locator("del")).to_have_text("1")
    expect(count.session.locator("ins")).to_have_text("2")
    count.says("visits was 1, is 2.")


def test_run_again_starts_the_app_afresh_and_keeps_the_cookies(tour):
    started = tour.frame.locator("p").first.inner_text()
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_role("button", name="Save").click()
    tour.shows("Hello, Ada")
    tour.run()
    tour.shows("Hello, Ada")
    expect(tour.frame.locator("p").first).not_to_have_text(started)


def test_a_form_is_sent_and_its_redirect_followed_as_entries_of_their_own(tour):
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_label("Name").press("Enter")
    tour.shows("Hello, Ada")
    tour.says("POST /name 302 FOUND → GET / 200 OK")
    entries = tour.tab("Requests").get_by_role("listitem")
    texts = entries.all_inner_texts()
    first, second = (
        next(i for i, text in enumerate(texts) if part in text)
        for part in ("GET / HTTP/1.1\nHost: app.example\nReferer: https://app.example/\nCookie", "POST /name")
    )
    assert first < second  # newest first
    assert "name=Ada" in texts[second]
    assert re.search("Set-Cookie: session=", texts[second])
    assert entries.nth(second).locator("mark").all_inner_texts()[-1].startswith("Set-Cookie: session=")


def test_a_get_form_a_link_and_json_work(tour):
    tour.frame.get_by_label("Search").fill("a & b")
    tour.frame.get_by_role("button", name="Search").click()
    tour.shows("You searched for a & b.")
    expect(tour.address).to_have_value("/search?q=a+%26+b")
    tour.frame.get_by_role("link", name="Home").click()
    tour.shows("Hello, stranger")
    tour.frame.get_by_role("link", name="Data").click()
    tour.shows('{"session":{}}')


def test_the_apps_own_static_files_arrive(tour):
    expect(tour.frame.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    assert tour.frame.get_by_alt_text("a dot").evaluate("image => image.naturalWidth") == 9
    expect(tour.tab("Requests")).to_contain_text("GET /static/tour.css HTTP/1.1")


def test_back_and_forward_show_pages_from_memory_and_reload_asks(count):
    count.press("Reload").visit("/?two")
    count.shows("Visits: 3")
    count.press("Back")
    count.shows("Visits: 2")
    count.says("from the browser's memory")
    expect(count.address).to_have_value("/")
    count.press("Forward")
    count.shows("Visits: 3")
    count.press("Back", "Reload")
    count.shows("Visits: 4")
    count.press("Forward")
    count.shows("Visits: 3")
    count.press("Forward")
    count.says("There is no page to go forward to.")


def test_back_asks_again_for_a_page_that_says_no_store(tour):
    tour.visit("/never").visit("/search?q=1").press("Back")
    tour.shows("never stored")
    tour.says("GET /never 200 OK")


def test_a_404_and_a_link_out_of_the_app(tour):
    tour.visit("/nothing-here")
    tour.shows("Not Found")
    tour.says("GET /nothing-here 404 NOT FOUND")
    tour.visit("/")
    tour.frame.get_by_role("link", name="Elsewhere").click()
    tour.says("https://other.example/ is not part of this app")
    tour.visit("/away")
    tour.says("This redirect leaves the app, for https://other.example/. It was not followed.")
    tour.visit("https://other.example/")
    tour.says("https://other.example/ is not part of this app")


def test_the_cookies_tab_takes_the_session_cookie_apart(count):
    cookies = count.tab("Cookies")
    for text in ("HttpOnly", "Path=/", "until the browser closes", '"visits": 1', "valid", "in 31 days"):
        expect(cookies).to_contain_text(text)
    count.holds('"visits": 1')  # beside every tab


def test_a_changed_payload_gives_an_empty_session(count):
    count.press("Reload")
    cookies = count.tab("Cookies")
    value = cookies.get_by_role("textbox", name="Value of session")
    changed = value.input_value().replace("eyJ2aXNpdHMiOjJ9", "eyJ2aXNpdHMiOjl9")  # 2 -> 9
    value.fill(changed)
    count.press("Save session")
    expect(cookies).to_contain_text("invalid: the app sees an empty session")
    count.holds("Invalid signature")
    count.press("Reload")
    count.tab("Page")
    count.shows("Visits: 1")


def test_a_cookie_can_be_deleted_and_copied(count):
    count.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cookies = count.tab("Cookies")
    value = cookies.get_by_role("textbox", name="Value of session").input_value()
    count.press("Copy session")
    count.says("was copied")
    assert count.page.evaluate("navigator.clipboard.readText()") == value
    count.press("Delete session")
    expect(cookies).to_contain_text("No cookies.")
    count.holds("No session cookie")
    expect(count.region.get_by_role("tab", name="Cookies")).to_be_focused()


def test_a_cookie_that_a_browser_would_refuse_is_refused_and_the_tab_says_why(tour):
    tour.visit("/large")
    tour.says(re.compile("rejected the cookie session: its name and value are .* browsers keep at most 4096"))
    expect(tour.tab("Cookies")).to_contain_text("session was rejected")
    expect(tour.tab("Server log")).to_contain_text("The 'session' cookie is too large")


def test_the_server_log_holds_what_was_printed_and_the_examples_own_lines(tour):
    tour.visit("/print")
    log = tour.tab("Server log")
    expect(log).to_contain_text("printed by the app")
    tour.visit("/boom")
    tour.says("GET /boom 500 INTERNAL SERVER ERROR")
    expect(log).to_contain_text(re.compile(r'File "app.py", line \d+, in boom\s+return 1 / 0'))
    tour.visit("/template")
    expect(log).to_contain_text(re.compile(r'File "templates/broken.html", line 1.*UndefinedError', re.S))


def test_a_permanent_session_lives_for_its_lifetime_by_the_panels_clock(tour):
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_label("Remember").check()
    tour.frame.get_by_role("button", name="Save").click()
    tour.shows("Hello, Ada")
    tour.holds(re.compile("Kept until .*, in 60 minutes"))
    tour.press(*["+1 minute"] * 59)
    tour.holds('"name": "Ada"')
    tour.press("+1 minute")
    tour.says("Expired: session.")
    tour.holds("No session cookie")
    tour.press("Reload")
    tour.shows("Hello, stranger")


def test_a_permanent_session_slides_and_the_clock_comes_back(tour):
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_label("Remember").check()
    tour.frame.get_by_role("button", name="Save").click()
    tour.shows("Hello, Ada")
    tour.press(*["+1 minute"] * 59, "Reload", *["+1 minute"] * 59, "Reload")
    tour.shows("Hello, Ada")
    before = tour.region.locator(".live-time").inner_text()
    tour.press("Now")
    assert tour.region.locator(".live-time").inner_text() != before
    tour.says("Now: it is")


def test_the_clock_moves_by_what_its_buttons_say(count):
    def clock():
        return datetime.strptime(count.region.locator(".live-time").inner_text(), "%d %b %Y, %H:%M:%S UTC")

    start = clock()
    count.press("+1 minute", "+1 hour", "+1 day", "+31 days")
    moved = (clock() - start).total_seconds()
    assert abs(moved - (60 + 3600 + 86400 + 31 * 86400)) < 30
    count.press("Now")
    assert abs((clock() - start).total_seconds()) < 30


def test_a_signature_too_old_for_the_server_is_an_empty_session(count):
    count.press("+31 days")
    count.holds('"visits": 1')
    count.press("+1 minute")
    count.holds("Too old: the app sees an empty session.")
    count.press("Reload")
    count.shows("Visits: 1")


def test_closing_the_tab_keeps_the_session_and_closing_the_browser_drops_it(count):
    count.press("Close tab")
    count.says("The cookies stay")
    count.holds('"visits": 1')
    count.press("Reload")
    count.shows("Visits: 2")
    count.press("Close browser")
    count.says("Cookies without an expiry are gone (1), the others stay (0).")
    count.holds("No session cookie")
    count.press("Reload")
    count.shows("Visits: 1")


def test_a_new_visitor_has_an_empty_jar_and_the_first_one_finds_theirs_again(count):
    count.press("Reload", "New visitor")
    count.shows("Visits: 1")
    count.says("Visitor 2 is new and has no cookies.")
    visitor = count.region.get_by_role("combobox", name="Visitor")
    assert visitor.locator("option").all_inner_texts() == ["1", "2"]
    visitor.select_option("1")
    count.settled()
    count.shows("Visits: 3")


def test_restart_server_loses_module_state_and_keeps_cookies(tour):
    started = tour.frame.locator("p").first.inner_text()
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_role("button", name="Save").click()
    tour.shows("Hello, Ada")
    tour.press("Restart server", "Reload")
    tour.shows("Hello, Ada")
    expect(tour.frame.locator("p").first).not_to_have_text(started)


def test_a_random_key_dies_with_restart_server(opened):
    panel = opened("random_key/app.py")
    panel.press("Reload")
    panel.shows("Visits: 2")
    panel.press("Restart server")
    panel.holds("Invalid signature")
    panel.press("Reload")
    panel.shows("Visits: 1")


def test_the_key_that_the_app_needs_is_shown_and_supplied(count):
    expect(count.region).to_contain_text(re.compile(r"SECRET_KEY=[0-9a-f]{64} \(made for this page\)"))


def test_password_hashing_and_sqlite_are_real(opened):
    panel = opened("login/app.py")
    panel.shows("1 scrypt:32768:8:1 True False")
    panel.press("Restart server", "Reload")
    panel.shows("2 scrypt")  # the database outlives the server
    panel.visit("/pbkdf2")
    panel.shows("True")


def test_a_package_runs(opened):
    opened("package/shop/__init__.py").shows("from a package")


def test_two_examples_of_a_page_keep_out_of_each_others_way(page, plain):
    page.goto(f"{plain}?count_visits/app.py+tour/app.py")
    workers = []
    page.on("worker", lambda worker: workers.append(worker.url))
    count = Panel(page, "count_visits/app.py").run()
    tour = Panel(page, "tour/app.py").run()
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_role("button", name="Save").click()
    tour.shows("Hello, Ada")
    count.press("Reload")
    count.shows("Visits: 2")
    tour.press("Reload")
    tour.shows("Hello, Ada")
    assert len(workers) == 1


def test_the_tabs_work_by_keyboard(count):
    count.region.get_by_role("tab", name="Page").focus()
    for key, name in [
        ("ArrowRight", "Cookies"),
        ("End", "Server log"),
        ("ArrowRight", "Page"),
        ("ArrowLeft", "Server log"),
        ("Home", "Page"),
    ]:
        count.page.keyboard.press(key)
        expect(count.region.get_by_role("tab", name=name, exact=True)).to_be_focused()
        expect(count.region.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")


# What is fetched, and when


def test_nothing_heavy_is_fetched_before_intent_and_progress_can_be_cancelled(page, plain):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(f"{plain}?count_visits/app.py")
    page.wait_for_timeout(500)
    names = [re.sub(r"-\w+", "", name) for name in fetched if name.endswith((".js", ".css"))]
    assert set(names) == {"live.js", "base.js", "chunk.js", "panel.css"}
    held = []
    page.context.route("**/python-*.zip.gz", lambda route: held.append(route))
    page.get_by_role("button", name="Run", exact=True).click()
    panel = Panel(page, "count_visits/app.py")
    expect(panel.region).to_contain_text(re.compile(r"Fetching Python: \d\.\d of \d\.\d MB"))
    panel.press("Cancel")
    panel.says("Cancelled. Press Run to fetch Python after all.")
    page.context.unroute_all()
    panel.run().shows("Visits: 1")


def test_a_pointer_that_rests_on_run_starts_the_fetch_and_one_that_passes_does_not(page, plain):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{plain}?count_visits/app.py")
    run = page.get_by_role("button", name="Run", exact=True)
    run.hover()
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    assert not any("worker.js" in url for url in fetched)
    with page.expect_request("**/python-*.zip.gz"):
        run.hover()


# What the reader's browser keeps for a quick next start: [its name, its size in bytes].
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const answer = await (await caches.open(name)).match(new URL("assets/live/snapshot", location));
        found.push([name, answer ? (await answer.arrayBuffer()).byteLength : 0]);
    }
    return found;
}"""
BREAK = """async () => {
    const [name] = await caches.keys();
    await (await caches.open(name)).put(new URL("assets/live/snapshot", location), new Response("garbage"));
}"""


def started_once(page, plain) -> list[list]:
    """Run an example, wait until its Python is kept, and load the page anew; what is kept."""
    page.goto(f"{plain}?count_visits/app.py")
    page.evaluate("caches.open('live of another version')")
    Panel(page, "count_visits/app.py").run().shows("Visits: 1")
    for _ in range(200):
        kept = page.evaluate(KEPT)
        if kept[0][1]:
            break
        page.wait_for_timeout(100)
    page.reload()
    return kept


def test_the_next_start_takes_up_the_python_that_was_kept(page, plain):
    ((name, size),) = started_once(page, plain)
    assert name.startswith("live ")
    assert 20e6 < size < 40e6
    panel = Panel(page, "count_visits/app.py").run()
    panel.shows("Visits: 2")  # the tab keeps the cookies
    panel.press("Reload")
    panel.shows("Visits: 3")


def test_a_kept_python_that_is_broken_is_dropped(page, plain):
    started_once(page, plain)
    page.evaluate(BREAK)
    panel = Panel(page, "count_visits/app.py").run()
    panel.says("Python could not be started")
    panel.run().shows("Visits: 2")


# Bad input


@pytest.mark.parametrize(
    ("path", "line", "log"),
    [
        (
            "import_error/app.py",
            "ModuleNotFoundError: No module named 'nothing_like_this' (app.py, line 3)",
            'File "app.py", line 3',
        ),
        ("syntax_error/app.py", "SyntaxError: invalid syntax (app.py, line 1)", "def f(:"),
        ("no_app/app.py", "app.py has no Flask app. Name it `app`, or write `create_app()`.", "Failed to find"),
    ],
)
def test_an_app_that_does_not_start_says_why_in_one_line(opened, path, line, log):
    panel = opened(path)
    panel.says(f"app.py did not start. {line}")
    expect(panel.tab("Server log")).to_contain_text(log)
    panel.press("Reload")
    panel.says("app.py did not start.")


def test_an_app_without_a_key_says_so(opened):
    panel = opened("no_key/app.py")
    panel.says("GET / 500 INTERNAL SERVER ERROR")
    expect(panel.tab("Server log")).to_contain_text("no secret key was set")


def test_a_redirect_loop_ends_with_a_clear_line(tour):
    tour.visit("/loop")
    tour.says("The app redirects in a loop: stopped after 20 redirects.")
    tour.visit("/").shows("Hello, stranger")


def test_scripts_of_the_shown_page_never_run(tour):
    assert tour.page.evaluate("window.hacked") is None
    tour.frame.get_by_role("link", name="Script link").click()
    tour.settled()
    assert tour.page.evaluate("window.hacked") is None
    assert tour.region.locator("iframe").evaluate("frame => frame.contentDocument.title") == "Tour"
    tour.shows("[iframe: not shown here]")


@pytest.mark.parametrize("path", ["/endless"])
def test_an_app_that_hangs_or_kills_python_is_ended_and_one_press_recovers(tour, path):
    tour.frame.get_by_label("Name").fill("Ada")
    tour.frame.get_by_role("button", name="Save").click()
    tour.shows("Hello, Ada")
    with shortened(tour.page):
        tour.visit(path)
    tour.says(re.compile("so it was stopped. Press Reload to start it again. Your cookies are kept."))
    tour.press("Reload")
    tour.shows("Hello, Ada")


def test_a_module_of_the_examples_goes_before_one_of_the_library(opened):
    opened("own_statistics/app.py").shows("from the folder")


def test_the_start_takes_each_compiled_pattern_of_the_table(opened):
    opened("patterns/app.py").shows("0 left")


def test_an_endless_import_is_ended(opened):
    opened("endless_import/app.py").says("didn't respond within 8 seconds, so it was stopped.")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/exit", "The app ended itself (SystemExit)."),
        ("/deep", "GET /deep 500 INTERNAL SERVER ERROR"),
        ("/wordy", "GET /wordy 200 OK"),
        ("/huge", "Only the first 2 MB of this response's 50 MB are shown."),
    ],
)
def test_an_app_that_overdoes_it_leaves_the_panel_usable(tour, path, line):
    tour.visit(path)
    tour.says(line)
    tour.visit("/").shows("Hello, stranger")


@pytest.mark.parametrize("blocked", ["**/pyodide.mjs", "**/python-*.zip.gz", "**/worker-*.js"])
def test_a_runtime_that_does_not_load_says_so_and_run_tries_again(page, plain, blocked):
    page.context.route(blocked, lambda route: route.abort())
    page.goto(f"{plain}?count_visits/app.py")
    panel = Panel(page, "count_visits/app.py").run()
    panel.says(re.compile("Python could not be started .*Check the connection, then press Run again."))
    page.context.unroute_all()
    panel.run().shows("Visits: 1")


def test_a_panel_that_does_not_load_says_so(page, plain):
    page.route("**/panel-*.js", lambda route: route.abort())
    page.goto(f"{plain}?count_visits/app.py")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The live panel could not be fetched.")


@pytest.mark.parametrize("missing", ["WebAssembly.compileStreaming", "DecompressionStream"])
def test_an_old_browser_is_told(page, plain, missing):
    page.add_init_script(f"delete self.{missing}")
    page.goto(f"{plain}?count_visits/app.py")
    expect(page.get_by_role("status")).to_contain_text(f"too old to run what is on this page: it lacks {missing}")


def test_without_javascript_there_is_no_run_button(browser, plain):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{plain}?count_visits/app.py")
    assert page.get_by_role("button").count() == 0
    context.close()


def test_no_outside_host_is_called(page, plain):
    urls = []
    page.context.on("request", lambda request: urls.append(request.url))
    page.goto(f"{plain}?tour/app.py")
    Panel(page, "tour/app.py").run().shows("Hello")
    assert {url for url in urls if not url.startswith((plain, "data:", "about:", "blob:"))} <= {
        plain.replace("/guide/", "/favicon.ico")
    }
