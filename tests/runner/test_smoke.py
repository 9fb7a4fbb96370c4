"""What a reader does most, in each engine: pages open without an error, and examples run, change, replay and travel."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.site]

FRAME = "iframe[title=Page]"
COUNT = "recipes/count-visits/"
APP = '.example[data-folder="count_visits"][data-app="app.py"]'
EDITOR = f"{APP} code textarea"
# Where a text begins in an element: its place in the window, and how many characters are before it.
POINT = """const element = document.querySelector(arguments[0]);
element.scrollIntoView({ block: "center", behavior: "instant" });
const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
for (let offset = 0, text; (text = texts.nextNode()); offset += text.data.length) {
  const at = text.data.indexOf(arguments[1]);
  if (at < 0) continue;
  const range = document.createRange();
  range.setStart(text, at);
  range.setEnd(text, at + 1);
  const { left, top, height } = range.getBoundingClientRect();
  return [left + 1, top + height / 2, offset + at];
}"""
# Every kind of page, with what must be there once its scripts have run.
PAGES = {
    "": "main h1",
    "learn/your-first-session/": ".live-run",
    "understand/two-clocks/": "main h1",
    COUNT: ".exchange-replay",
    "reference/configuration/": "main table",
    "embed/count_visits/app/": ".live-run",
    "reference/errors-and-warnings/": ".live-run",
    "tools/cookie-inspector/": "cookie-inspector [data-part=status] b",
    "ledger/": ".tests-bar button",
    "questions/": "main h1",
    "contributing/": "main h1",
}


class Reader:
    """Reads the site in a browser. What the console shows fails the test."""

    def __init__(self, engine, url: str) -> None:
        self.engine, self.url = engine, url

    def open(self, address: str) -> None:
        """Open a page afresh."""
        self.engine.go("about:blank")
        self.engine.go(self.url + address)

    def shows(self, text: str, frame: str = FRAME) -> None:
        """Wait until an app's page contains a text."""
        self.engine.wait(f"document.querySelector({frame!r})?.contentDocument?.body?.textContent.includes({text!r})")

    def says(self, selector: str, text: str) -> None:
        """Wait until an element of the page contains a text."""
        self.engine.wait(
            f"Array.from(document.querySelectorAll({selector!r})).some((e) => e.textContent.includes({text!r}))"
        )

    def press(self, selector: str, name: str) -> None:
        """Press the one that begins with a text among the elements that a selector finds."""
        self.says(selector, name)
        self.engine.run(
            """for (const one of document.querySelectorAll(arguments[0]))
              if (one.textContent.startsWith(arguments[1])) return one.click();""",
            selector,
            name,
        )

    def edit(self, old: str, new: str) -> None:
        """Select a text of the first example's editor, and type another in its place."""
        focused = self.engine.run(
            "const area = document.querySelector(arguments[0]); area?.focus(); return Boolean(area)", EDITOR
        )
        if not focused:
            self.engine.click(f"{APP} .live-edit")
        self.engine.wait(f"document.activeElement.matches({EDITOR!r})")
        self.engine.run(
            """const area = document.activeElement, at = area.value.indexOf(arguments[0]);
            area.setSelectionRange(at, at + arguments[0].length);""",
            old,
        )
        self.engine.keys(new)


@pytest.fixture
def reader_in(engine, watched_url):
    """A reader of the site in this engine."""
    engine.faults()
    yield Reader(engine, watched_url)
    assert engine.faults() == []


@pytest.mark.parametrize("address", PAGES)
def test_each_kind_of_page_opens_without_an_error(reader_in, address):
    reader_in.open(address)
    reader_in.engine.wait(f"document.querySelector({PAGES[address]!r})")


def test_an_app_runs_and_is_edited_and_runs_again_as_it_is_typed_too(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    engine.click(f"{APP} .live-run")
    reader_in.shows("Visits: 1")
    reader_in.edit("Visits", "Seen")
    engine.click(f"{APP} .live-run")
    reader_in.shows("Seen: 2")
    engine.click(".bench-typing input")
    reader_in.press(f"{APP} button", "Code")  # WebKitGTK's window shows the result alone
    reader_in.edit("Seen", "Met")
    reader_in.shows("Met: 3")  # nothing was pressed
    engine.click(".bench-typing input")  # the browser would keep it for the next test


def test_a_press_on_the_code_puts_the_cursor_there(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    engine.wait(f"document.querySelector({f'{APP} .live-edit'!r})")
    x, y, offset = engine.run(POINT, f"{APP} .highlight code", "secret_key")
    engine.press_at(x, y)
    engine.wait(f"document.activeElement.matches({EDITOR!r})")
    assert engine.run("return document.activeElement.selectionStart") == offset


def test_undo_brings_the_first_text_back(reader_in):
    """By the command, since WebKitGTK's driver presses Ctrl+Z so that no text of any page is undone."""
    engine = reader_in.engine
    reader_in.open(COUNT)
    for old, new in ("Visits", "Seen"), ("Seen", "Met"):
        reader_in.edit(old, new)
    engine.wait(f"document.querySelector({EDITOR!r}).value.includes('Met: ')")
    for _ in "SeenMet":  # at most one for each key
        engine.run("document.execCommand('undo')")
    engine.wait(f"document.querySelector({EDITOR!r}).value.includes('Visits: ')")


def test_an_old_page_says_so_and_edits_cookies_and_clock_are_back_after_leaving(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    engine.click(f"{APP} .live-run")
    reader_in.shows("Visits: 1")
    engine.run(
        """for (const button of document.querySelectorAll(".live-panel button"))
          if (button.textContent === "+1 week") button.click();"""
    )
    reader_in.says(".live-stale .live-veil", "From before +7 days. Reload")
    reader_in.edit("Visits", "Seen")
    reader_in.says(".live-stale .live-veil", "your edits. Run")
    engine.run("window.name = 'kept'")  # Firefox forgets it on the way through another site, as about:blank is
    engine.go(f"{reader_in.url}questions/")
    engine.go(f"{reader_in.url}{COUNT}")
    reader_in.says(".live-line", "Back from before: your cookies and the clock at +7 days.")
    reader_in.says(f"{APP} .changed-lines", "What was changed: 1 place in app.py")
    engine.run("window.name = ''")
    engine.click(f"{APP} .live-run")
    reader_in.shows("Seen: 2")


def test_a_form_and_a_link_of_an_app_are_followed(reader_in):
    engine = reader_in.engine
    reader_in.open("learn/laying-out-an-app/")
    engine.click(".live-run")
    reader_in.says(".live-line .live-status", "200")
    engine.click("form button", FRAME)
    reader_in.says(".live-exchanges", "POST ")
    reader_in.says(".live-line .live-status", "302")
    engine.click("a:nth-of-type(2)", FRAME)
    engine.wait("document.querySelector('.live-address input').value === '/basket'")
    reader_in.says(".live-line .live-status", "GET")


def test_a_transcript_is_replayed_and_gives_the_responses_on_the_page(reader_in):
    reader_in.open(COUNT)
    reader_in.engine.click("ol.exchanges li:nth-child(2) .exchange-replay")
    reader_in.says(".exchange-outcome", "same again")
    reader_in.shows("Visits: 2")


def test_a_question_is_settled_beside_the_code_and_the_bench_is_folded(reader_in):
    engine = reader_in.engine
    reader_in.open("learn/your-first-session/")
    engine.click(".predict li:nth-child(2) button")
    engine.click(".predict-run")
    reader_in.says(".predict-outcome", "came true")
    engine.wait("document.querySelector('.exchange-response').checkVisibility()")
    folds = "document.documentElement.matches('.benched')"
    engine.wait(folds)
    if engine.run("return innerWidth >= 76 * 16"):
        engine.click(".bench-full")
        engine.wait(f"!{folds}")


def test_home_comes_alive_at_a_press(reader_in):
    engine = reader_in.engine
    reader_in.open("")
    engine.click(".recorded button")
    reader_in.says(".recorded-page", "Visits: 2")
    reader_in.says(".recorded-line", "Live")


def test_a_wrong_app_is_compared_with_the_right_one(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    reader_in.says(".example-wrong .example-actions", "Compare")
    engine.run(
        """for (const button of document.querySelectorAll(".example-wrong .example-actions button"))
          if (button.textContent.startsWith("Compare")) button.id = "compare";"""
    )
    engine.click("#compare")
    reader_in.says(".beside .beside-list", "GET /")


def test_a_challenge_is_solved_and_counted(reader_in):
    engine = reader_in.engine
    reader_in.open("learn/your-first-session/")
    engine.click(".live-fix")
    reader_in.says(".fix-line", "1 of 3 statements is true.")
    engine.run(
        """const area = document.querySelector(".example-wrong code textarea");
        area.value = area.value.replace("dict(session)", "session");
        area.dispatchEvent(new Event("input", { bubbles: true }));"""
    )
    engine.click(".fix-buttons button")
    reader_in.says(".fix-line", "All 3 statements are true: you fixed this app.")
    engine.wait("document.querySelector('.fix-count').textContent === '1 of 1 fixed'")
    engine.run(
        """for (const button of document.querySelectorAll(".fix-buttons button"))
          if (button.textContent.startsWith("Forget")) button.click();"""
    )
    engine.wait("localStorage.getItem('live /guide/fixed') === null")


def test_the_tests_of_a_page_pass(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    engine.click(".tests-bar button")
    engine.wait("document.querySelectorAll('.page-test[data-outcome=passed]').length > 3")
    engine.wait("document.querySelector('.tests-bar button').getAttribute('aria-disabled') !== 'true'")
    assert engine.run("return document.querySelectorAll('.page-test[data-outcome=failed]').length") == 0


def test_a_sentence_whose_test_fails_on_edited_code_is_marked(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    reader_in.edit("Visits", "Seen")
    engine.click(f"{APP} .live-run")
    reader_in.shows("Seen: ")
    reader_in.says(".claim-failed .claim-outcome", "on your code")
    reader_in.says(f"{APP} > .live-told", "fail on your code")


def test_a_transcript_plays_pauses_and_goes_on_step_by_step_to_its_end(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    engine.wait("document.querySelector('.exchange-play')")
    steps = engine.run(
        """const list = document.querySelector("ol.exchanges:has(.exchange-play)");
        list.querySelector(".exchange-play").click();
        return list.querySelectorAll(":scope > li").length;"""
    )
    reader_in.says(".replay-where", f" of {steps}: ")
    reader_in.press(".replay button", "Pause")
    reader_in.says(".replay button", "Continue")
    rests = "!document.querySelector('.live-panel[aria-busy=true]')"
    engine.wait(rests)
    paused = int(engine.text(".replay-where").split()[1])
    for number in range(paused + 1, steps + 1):
        engine.wait(rests)
        reader_in.press(".replay button", "Step")
        reader_in.says(
            ".replay-where", f"Step {number} of {steps}: " if number < steps else "responses match the page."
        )
    outcomes = engine.run("return [...document.querySelectorAll('.exchange-outcome')].map((e) => e.textContent)")
    assert len(outcomes) > 1
    assert set(outcomes) == {"\u2713 same again"}


def test_one_button_keeps_pages_for_reading_offline_and_stops(reader_in):
    engine = reader_in.engine
    button = ".offline button"
    reader_in.open("kept/")
    engine.wait(f"document.querySelector('{button}')?.textContent")
    if engine.text(button) == "Stop keeping pages":  # an app that ran has begun it
        engine.click(button)
    reader_in.says(button, "Keep for offline reading")
    engine.click(button)
    reader_in.says(button, "Stop keeping pages")
    reader_in.says(".offline", "Done. This page, and each page that you open")
    reader_in.says(".stored", "For reading offline, until you stop it")
    engine.click(button)
    reader_in.says(".offline", "Stopped, and what was kept is deleted.")
    assert engine.run("return navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    engine.run("localStorage.clear()")


def test_the_inspector_reads_a_cookie_and_checks_its_key(reader_in):
    engine = reader_in.engine
    reader_in.open("tools/cookie-inspector/")
    engine.type("#inspector-cookie", "eyJ2aXNpdHMiOjF9.awLZQA._nh7eY92f2u7BbyVnbzAcRpIeZU")
    reader_in.says("[data-part=rows]", "visits")
    engine.type("#inspector-key", "dev")
    reader_in.says("[data-part=status]", "signature")


def test_a_link_with_edits_is_copied(reader_in):
    engine = reader_in.engine
    reader_in.open(COUNT)
    reader_in.edit("Visits", "Seen")
    engine.click(f"{APP} .live-share")
    reader_in.says(".live-told", "was copied")
    assert "#edit=" in engine.run("return location.href")


def test_a_page_is_copied_as_markdown(reader_in):
    reader_in.open(COUNT)
    reader_in.engine.click(".page-copy-button")
    reader_in.says(".page-copy-button + [role=status]", "Copied.")
