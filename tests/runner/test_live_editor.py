"""The editor in a real browser: code is edited where it stands, and what readers do to it leaves the page usable."""

import gzip
import re
import time

import pytest
from playwright.sync_api import expect

from tests.runner import live_page
from tests.runner.live_panel import SHORTENED, Panel, shortened
from tests.site.test_site_browser import STATES, assert_accessible_in, ids, look
from tests.support import modules

pytestmark = pytest.mark.browser

EDITOR = re.compile(r"editor-\w+\.(js|css)")
# How many tests edit each example of the shared page.
COPIES = {"tour/app.py": 10, "count_visits/app.py": 36, "package/shop/__init__.py": 2}


@pytest.fixture(scope="module")
def shared(browser, plain: str):
    """A page with many copies of the examples: a test that takes the next one need not start Python again."""
    page = browser.new_page()
    page.add_init_script(SHORTENED)
    copies = [path.replace("/", f".{n}/", 1) for path, number in COPIES.items() for n in range(number)]
    page.goto(f"{plain}?{'+'.join(copies)}")
    yield page, copies
    page.close()


@pytest.fixture
def fresh(shared):
    """An example of the shared page that no test has touched before."""
    page, copies = shared

    def fresh(path: str) -> Panel:
        copy = next(copy for copy in copies if live_page.COPY.sub("/", copy) == path)
        copies.remove(copy)
        return Panel(page, copy)

    return fresh


@pytest.fixture
def count(fresh) -> Panel:
    return fresh("count_visits/app.py")


@pytest.fixture
def tour(fresh) -> Panel:
    return fresh("tour/app.py")


def caret(editor) -> int:
    """Where the cursor stands in an editor."""
    return editor.evaluate("area => area.selectionStart")


# Edit, run, reset


def test_an_edit_runs_and_reset_brings_the_old_answer_back(count):
    count.run().shows("Visits: 1")
    count.edit("Visits: ", "Times: ")
    expect(count.example.locator(".example-edited")).to_have_text("edited")
    count.run().shows("Times: 2")
    count.reset().shows("Visits: 3")
    expect(count.example.locator(".example-edited")).not_to_contain_text("edited")
    expect(count.example.get_by_role("button", name="Reset code")).to_be_hidden()
    expect(count.example.get_by_role("button", name="Edit", exact=True)).to_be_focused()


def test_a_panel_says_that_the_code_was_edited_since(count):
    count.run().edit("Visits: ", "Times: ")
    count.press("Reload")
    count.shows("Visits: 2")
    count.says("The code was edited since it was started: Run takes the edits.")
    count.run().shows("Times: 3")
    expect(count.status).not_to_contain_text("edited since")


def test_every_file_of_an_example_can_be_edited(tour):
    tour.edit("Hello, ", "Welcome, ", "templates/home.html")
    tour.edit("1, 2, 3", "9, 8, 7", "static/tour.css")
    tour.run().shows("Welcome, stranger")
    expect(tour.frame.locator("h1")).to_have_css("color", "rgb(9, 8, 7)")
    names = [box.get_attribute("aria-label") for box in tour.example.locator("code textarea").all()]
    assert sorted(names) == sorted(live_page.EXAMPLES["tour/app.py"])


def test_what_is_typed_back_is_no_edit(count):
    count.edit("Visits", "Times").edit("Times", "Visits")
    expect(count.example.locator(".example-edited")).to_have_text("")


def test_it_is_said_how_long_edits_last_and_how_to_indent_and_leave(count):
    hint = "Edits are kept until you close this tab. Tab leaves the editor; Ctrl+] and Ctrl+[ indent; Ctrl+Enter runs."
    expect(count.editor()).to_have_accessible_description(hint)
    expect(count.example.get_by_text(hint)).to_be_visible()


def test_a_file_that_two_examples_share_is_edited_for_both(page, site_url):
    page.goto(f"{site_url}learn/forms-and-templates/")
    right, wrong = (Panel(page, f"forms_and_templates/{app}") for app in ("app.py", "wrong.py"))
    right.editor()
    wrong.edit("<title>", "<title>Edited ", "templates/wrong.html")
    expect(right.editor("templates/wrong.html")).to_have_value(re.compile("<title>Edited "))
    expect(right.example.locator(".example-edited")).to_have_text("edited")
    right.example.get_by_role("button", name="Reset code").click()
    expect(wrong.editor("templates/wrong.html")).to_have_value(re.compile("<title>(?!Edited)"))


def test_a_change_from_elsewhere_is_shown(page, plain):
    page.goto(f"{plain}?count_visits/app.py")
    page.evaluate(
        """module => import(module).then(({ change }) =>
            change(document.querySelector(".example"), "app.py", "changed = True\\n"))""",
        modules.address(page),
    )
    panel = Panel(page, "count_visits/app.py")
    expect(panel.example.locator(".example-edited")).to_have_text("edited")
    expect(panel.example.locator(".editor-text")).to_have_text("changed = True\n")
    expect(panel.editor()).to_have_value("changed = True")


def test_enter_in_front_of_an_indented_line_leaves_it_its_own_blanks(count):
    editor = count.editor()
    editor.fill("def f():\n    return 1")
    editor.evaluate("area => area.setSelectionRange(9, 9)")
    count.page.keyboard.type("    x = 2")
    count.page.keyboard.press("Enter")
    expect(editor).to_have_value("def f():\n    x = 2\n    return 1")


# Where it stands, and how it looks

# Each line of the code as boxes on the screen, and the block around it.
BOXES = """code => {
    const range = document.createRange();
    range.selectNodeContents(code.querySelector(".editor-text") ?? code);
    const boxes = [...range.getClientRects(), code.getBoundingClientRect()];
    return [...new Set(boxes.map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join()))];
}"""
# How the letters of a text are set.
TYPE = """element => { const style = getComputedStyle(element); return [element.getBoundingClientRect().x,
    element.getBoundingClientRect().y, ...["font", "letterSpacing", "tabSize", "whiteSpace", "padding", "textIndent"]
    .map((name) => style[name])].join("|"); }"""


@pytest.mark.parametrize("state", STATES, ids=ids)
def test_the_block_does_not_move_when_it_becomes_editable(page, site_url, state):
    look(page, state)
    page.goto(f"{site_url}recipes/count-visits/")
    code = page.locator(".example code").first
    code.scroll_into_view_if_needed()
    before, picture = code.evaluate(BOXES), code.screenshot()
    code.hover()
    page.locator("code textarea").first.wait_for(state="attached")
    page.mouse.move(0, 0)
    assert code.evaluate(BOXES) == before
    assert code.screenshot() == picture
    assert code.locator("textarea").evaluate(TYPE) == code.locator(".editor-text").evaluate(TYPE)


def test_the_letters_typed_lie_under_those_that_are_seen(page, site_url):
    """The textarea never scrolls inside, also with a long line and lines at the end."""
    page.goto(f"{site_url}recipes/count-visits/")
    panel = Panel(page, "count_visits/app.py")
    editor = panel.editor()
    editor.press("Control+End")
    page.keyboard.insert_text("\n\nlong = " + "'long' + " * 60 + "''\n\n")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    # The cursor comes into sight with the browser's next frame.
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    assert editor.evaluate("a => [a.scrollTop, a.scrollLeft, a.scrollHeight - a.clientHeight]") == [0, 0, 0]
    assert editor.evaluate("a => a.scrollWidth - a.clientWidth") == 0
    code = panel.example.locator("code").first
    assert code.evaluate("code => code.scrollLeft") > 100
    heights = code.evaluate("code => [...code.children].map((c) => Math.round(c.getBoundingClientRect().height))")
    assert len(set(heights)) == 1


def test_with_forced_colors_the_textareas_own_letters_are_seen_alone(page, site_url):
    page.emulate_media(forced_colors="active")
    page.goto(f"{site_url}recipes/count-visits/")
    editor = Panel(page, "count_visits/app.py").editor()
    assert editor.evaluate("a => getComputedStyle(a).webkitTextFillColor") == "rgb(0, 0, 0)"
    expect(page.locator(".editor-text").first).to_have_css("visibility", "hidden")


def test_what_is_typed_is_colored_at_once(count):
    editor = count.editor()
    editor.fill("def wanted():\n    return 'text'  # note\n")
    layer = count.example.locator(".editor-text").first
    for kind, text in (("k", "def"), ("nf", "wanted"), ("s", "'text'"), ("c", "# note")):
        expect(layer.locator(f".{kind}").first).to_have_text(text)


def test_copy_takes_the_edited_text(page, site_url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site_url}recipes/count-visits/")
    panel = Panel(page, "count_visits/app.py")
    panel.edit("Visits", "Times")
    text = panel.editor().input_value()
    panel.example.locator(".highlight").first.hover()
    panel.example.locator(".md-code__button").first.click()
    expect(page.get_by_text("Copied to clipboard")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_a_press_on_the_code_puts_the_cursor_there(page, plain):
    page.goto(f"{plain}?count_visits/app.py")
    code = page.locator(".example code").first
    box = code.evaluate(
        """code => { const range = document.createRange(); const node = code.firstChild;
            const at = node.data.indexOf("def index"); range.setStart(node, at); range.setEnd(node, at + 5);
            return range.getBoundingClientRect().toJSON(); }"""
    )
    page.mouse.click(box["right"], box["y"] + 5)  # sooner than a pointer at rest is noticed
    editor = page.get_by_role("textbox", name="app.py")
    expect(editor).to_be_focused()
    assert editor.input_value()[: caret(editor)].endswith("\ndef i")


def test_a_tap_edits(browser, plain):
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{plain}?count_visits/app.py")
    page.locator(".example code").first.tap()
    expect(page.get_by_role("textbox", name="app.py")).to_be_focused()
    context.close()


def test_a_paste_that_is_too_long_is_cut(page, plain):
    page.goto(f"{plain}?count_visits/app.py")
    panel = Panel(page, "count_visits/app.py")
    editor = panel.editor()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('x = 1\\n'.repeat(170_000))")  # a megabyte
    page.keyboard.press("Control+v")
    assert len(editor.input_value()) == 50_000
    panel.example.get_by_role("button", name="Reset code").click()
    expect(editor).to_have_value(live_page.COUNT.rstrip("\n"))


# What is fetched, and when


def test_the_editor_is_fetched_when_it_is_meant_and_is_small(page, plain):
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(f"{plain}?count_visits/app.py")
    code = page.locator(".example code").first
    code.hover()
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    assert not [name for name in fetched if EDITOR.fullmatch(name)]
    code.hover()
    page.locator("code textarea").wait_for(state="attached")
    assert len([name for name in fetched if EDITOR.fullmatch(name)]) == 2
    assert not [name for name in fetched if name.startswith("worker-")]
    files = [*modules.fetched_files("live/page/editor/editor.js"), *modules.folder()[0].glob("editor-*.css")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 15_000


def test_a_reader_who_saves_data_fetches_it_by_a_press_alone(page, plain):
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto(f"{plain}?count_visits/app.py")
    page.locator(".example code").first.hover()
    page.wait_for_timeout(400)
    assert page.locator("code textarea").count() == 0
    Panel(page, "count_visits/app.py").edit("Visits", "Times")


def test_a_selection_is_not_taken_away(page, plain):
    page.goto(f"{plain}?count_visits/app.py")
    code = page.locator(".example code").first
    code.select_text()
    code.hover()
    page.wait_for_timeout(400)
    assert page.evaluate("getSelection().toString()").strip() == live_page.COUNT.strip()
    assert page.locator("code textarea").count() == 0


def test_an_editor_that_does_not_load_says_so(page, plain):
    page.route("**/editor-*.js", lambda route: route.abort())
    page.goto(f"{plain}?count_visits/app.py")
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The editor could not be fetched.")


def test_without_javascript_the_block_is_as_it_was(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}recipes/count-visits/")
    assert page.locator(".example").first.get_by_role("textbox").count() == 0
    assert page.locator(".example").first.get_by_role("button").count() == 0
    context.close()


# By keyboard


def test_tab_always_leaves_the_editor(count):
    editor = count.editor()
    editor.focus()
    text = editor.input_value()
    count.page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    count.page.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()
    count.page.keyboard.press("Shift+Tab")
    expect(editor).not_to_be_focused()
    assert editor.input_value() == text


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("    a = 1|", "Enter", "    a = 1\n    |"),
        ("def f():|", "Enter", "def f():\n    |"),
        ("    if a:  # note|", "Enter", "    if a:  # note\n        |"),
        ("a = [|]", "Enter", "a = [\n    |]"),
        ("        |", "Backspace", "    |"),
        ("      |", "Backspace", "     |"),
        ("    a|", "Backspace", "    |"),
        ("a\n|b\nc", "Control+]", "a\n    |b\nc"),
        ("    a = |1", "Control+[", "a = |1"),
        ("  a|", "Control+[", "a|"),
        ("a|", "Control+[", "a|"),
        ("<|a\n\nb\n>c", "Control+]", "<    |a\n\n    b\n>c"),
        ("<    |a\n    b>", "Control+[", "<|a\nb>"),
        ("a|", "Tab", "a|"),
        ("ab|", "Shift+Enter", "ab\n|"),
    ],
)
def test_enter_keeps_the_indentation_and_keys_change_it(shared, before, keys, after):
    page, copies = shared
    panel = Panel(page, next(copy for copy in reversed(copies) if copy.startswith("count_visits")))
    editor = panel.editor()

    def split(text: str) -> tuple[str, int, int]:
        """A text, and what is selected of it: from | to >, or the cursor alone."""
        plain = text.replace("<", "")
        start = plain.index("|")
        end = plain.replace("|", "").find(">")
        return plain.replace("|", "").replace(">", ""), start, end if end >= 0 else start

    text, start, end = split(before)
    editor.fill(text)
    editor.evaluate("(area, range) => area.setSelectionRange(...range)", [start, end])
    editor.press(keys)
    wanted, first, last = split(after)
    assert editor.input_value() == wanted
    if keys != "Tab":
        assert editor.evaluate("area => [area.selectionStart, area.selectionEnd]") == [first, last]
    if wanted != text:
        editor.focus()
        editor.press("Control+z")
        assert editor.input_value() == text


def test_control_enter_runs(count):
    count.edit("Visits", "Times")
    count.editor().press("Control+Enter")
    count.settled().shows("Times: 1")
    expect(count.editor()).to_be_focused()


def test_a_reader_without_a_mouse_edits_runs_and_goes_through_the_panel(page, site_url):
    page.goto(f"{site_url}recipes/count-visits/")
    panel = Panel(page, "count_visits/app.py")

    def tab_to(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            focus = page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()")
            if focus == name:
                return
        pytest.fail(f"Tab does not reach {name}")

    tab_to("Edit")
    page.keyboard.press("Enter")
    expect(panel.editor()).to_be_focused()
    page.keyboard.press("Control+End")
    for _ in range(40):
        if 'return f"Visits' in panel.editor().evaluate(
            "a => a.value.slice(a.value.lastIndexOf('\\n', a.selectionStart - 1))"
        ):
            break
        page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("!")
    page.keyboard.press("Shift+Tab")
    while page.evaluate("document.activeElement.textContent.trim()") != "Run":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    panel.settled().shows("Visits: 1!")
    tab_to("app.py")  # the editor, and out of it again
    tab_to("Reload")
    page.keyboard.press("Enter")
    panel.settled().shows("Visits: 2!")
    tab_to("Restart server")
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Reset code":
            break
    page.keyboard.press("Enter")
    panel.settled().shows(re.compile("Visits: 3$"))


@pytest.mark.parametrize("address", ["recipes/count-visits/", "learn/signing-in-and-out/"])
def test_axe_finds_nothing_while_editing(page, site_url, address):
    page.goto(site_url + address)
    for example in page.locator(".example").all()[:2]:
        folder, app = example.get_attribute("data-folder"), example.get_attribute("data-app")
        panel = Panel(page, f"{folder}/{app}")
        panel.editor().press("Control+End")
        page.keyboard.type("x = 1  # a note to see colors: def 'text' 1")
        for fold in example.locator(".editor-more summary").all():
            fold.click()
    panel.editor().focus()
    assert_accessible_in(page, *STATES)


# Errors where they are


def at(panel: Panel, file: str, line: str) -> None:
    """The cursor stands in this line of this file, and the line is in sight."""
    editor = panel.example.get_by_role("textbox", name=file, exact=True)  # panel.editor would open its tab
    expect(editor).to_be_focused()
    text = editor.input_value()
    start = text.rfind("\n", 0, caret(editor)) + 1
    assert text[start:].partition("\n")[0] == line
    expect(panel.example.locator(".editor-line")).to_be_in_viewport()


def test_a_syntax_error_leads_to_its_line(count):
    count.edit("def index():", "def index(:").run()
    count.says("app.py did not start. SyntaxError: invalid syntax (app.py, line 11)")
    count.region.get_by_role("status").get_by_role("button", name="app.py, line 11").click()
    at(count, "app.py", "def index(:")


def test_a_traceback_leads_to_its_line_from_the_status_line_and_the_log(tour):
    tour.run().visit("/boom")
    tour.says(re.compile(r"ZeroDivisionError: division by zero \(app.py, line \d+\)\. See the Server log for details."))
    tour.status.get_by_role("button", name="app.py, line").click()
    at(tour, "app.py", "    return 1 / 0")
    tour.tab("Server log").get_by_role("button", name=re.compile(r'File "app.py", line \d+')).last.click()
    at(tour, "app.py", "    return 1 / 0")


def test_a_template_that_fails_leads_to_its_line_in_a_file_that_was_folded_away(tour):
    tour.edit("<h1>", "\n{% if %}\n<h1>", "templates/home.html").run()
    tour.says("TemplateSyntaxError")
    tour.status.get_by_role("button", name="templates/home.html, line 5").click()
    at(tour, "templates/home.html", "{% if %}")


def test_an_error_leads_to_a_file_in_another_tab(page, site_url):
    page.goto(f"{site_url}learn/signing-in-and-out/")
    panel = Panel(page, "signing_in_and_out/app.py")
    panel.editor()
    page.locator(".tabbed-labels label", has_text="guard.py").first.click()
    panel.edit("def login_required", "nothing.here\n\n\ndef login_required", "guard.py").run()
    page.locator(".tabbed-labels label", has_text="app.py").first.click()
    panel.status.get_by_role("button", name=re.compile(r"guard.py, line \d+")).click()
    at(panel, "guard.py", "nothing.here")


# Bad input, from readers who edit

KEY = 'app.secret_key = os.environ["SECRET_KEY"]'
VIEW = 'session["visits"] = session.get("visits", 0) + 1'
AGAIN = 'session["visits"] = 0'
ENDED = "stopped|crashed"
# What is put in the place of what, and what the status line says.
BAD = {
    "an endless loop at import": (KEY, "while True: pass", ENDED),
    "an endless loop in a view": (VIEW, "while True: pass", ENDED),
    "deep recursion": (VIEW, "index()", "RecursionError: maximum recursion depth exceeded"),
    "recursion without a limit": (
        VIEW,
        "__import__('sys').setrecursionlimit(10**9); index()",
        "GET / 500|stopped|crashed",
    ),
    "100 MB of print": (VIEW, f"[print('x' * 10**6) for _ in range(100)]; {AGAIN}", "GET / 200 OK"),
    "print without end": (VIEW, "while True: print('x')", ENDED),
    "an exception at import": (KEY, "1 / 0", r"ZeroDivisionError: division by zero \(app.py, line 7\)"),
    "a template that fails": (
        VIEW,
        "from flask import render_template_string as r; r('{{ a.b.c }}')",
        r"UndefinedError: 'a' is undefined \(app.py, line 12\)",
    ),
    "a redirect loop": (VIEW, "from flask import redirect; return redirect('/')", "in a loop: stopped after 20 redir"),
    "a response of 50 MB": (VIEW, "return 'x' * 50_000_000", "Only the first 2 MB of this response's 50 MB are shown"),
    "a view that sleeps": (VIEW, "import time; time.sleep(60)", ENDED),
    "a view that naps": (VIEW, f"import time; time.sleep(2); {AGAIN}", "GET / 200 OK, 2"),
    "sys.exit() at import": (KEY, "__import__('sys').exit()", r"The app ended itself \(SystemExit\)"),
    "sys.exit() in a view": (VIEW, "__import__('sys').exit()", r"The app ended itself \(SystemExit\)"),
    "os._exit()": (VIEW, "os._exit(1)", r"The app ended itself \(SystemExit\)"),
    "os.abort()": (VIEW, "os.abort()", r"The app ended itself \(SystemExit\)"),
    "an interrupt": (VIEW, "raise KeyboardInterrupt", r"The app ended itself \(KeyboardInterrupt\)"),
    "no key": (KEY, "", "RuntimeError: The session is unavailable because no secret key was set"),
    "no app": (
        "app = Flask(__name__)",
        "from types import SimpleNamespace as N; app = N(get=lambda rule: lambda view: view)",
        "has no Flask app",
    ),
    "a removed import": ("import Flask, session", "import Flask", r"name 'session' is not defined \(app.py, line 12\)"),
    "a missing module": ("import os", "import os, redis", r"No module named 'redis' \(app.py, line 2\)"),
    "an empty file": (live_page.COUNT.rstrip("\n"), "", "has no Flask app"),
    "half a character": (VIEW, "return '\\ud83d'", "UnicodeEncodeError"),
    "all memory": (VIEW, "x = []\n    while True: x.append(bytearray(10**8))", "MemoryError|stopped|crashed"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_answered_in_one_line_and_one_click_recovers(count, bad):
    old, new, line = BAD[bad]
    count.run().shows("Visits: 1")
    count.edit(old, new)
    edited = count.editor().input_value()
    start = time.monotonic()
    with shortened(count.page, line == ENDED):
        count.run()
    took = time.monotonic() - start
    assert took < 10, f"answered after {took:.1f} s"
    expect(count.status).to_have_text(re.compile(line))
    assert count.editor().input_value() == edited  # the edits are kept
    before = 0 if AGAIN in new else 1
    count.reset().shows(f"Visits: {before + 1}")  # and the jar
    count.press("Reload")
    count.shows(f"Visits: {before + 2}")
