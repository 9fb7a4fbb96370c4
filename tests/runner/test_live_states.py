"""What takes longer than the smoke list, once a week in Firefox and WebKitGTK: cookies in parts, versions, frames."""

import http.server
import threading

import pytest

from tests.runner import test_live_embed
from tests.runner.test_smoke import FRAME, reader_in

pytestmark = [pytest.mark.browser, pytest.mark.site]

__all__ = ["reader_in"]
# What is selected in a field.
SELECTED = """const field = document.querySelector(arguments[0]);
return field.value.slice(field.selectionStart, field.selectionEnd);"""
# The panel's switch of Flask's version.
CHOICE = "[...document.querySelectorAll('.live-panel label')].find((e) => e.textContent.startsWith('Flask')).control"


@pytest.fixture(scope="module")
def course():
    """Show HTML in a page of another site: `course(html)` gives its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), test_live_embed.Course) as server:
        threading.Thread(target=server.serve_forever).start()

        def course(html):
            test_live_embed.Course.html = html
            return f"http://localhost:{server.server_port}/"

        yield course
        server.shutdown()


def test_each_part_of_a_cookie_lights_what_it_says_and_the_inspector_gets_cookie_and_key(reader_in):
    engine = reader_in.engine
    reader_in.open("learn/your-first-session/")
    engine.click(".live-run")
    reader_in.shows("none yet")
    engine.click("form button", FRAME)
    reader_in.shows("Your color: green")
    reader_in.press(".live-panel [role=tab]", "Cookies")
    engine.wait("document.querySelectorAll('.live-value button').length === 3")
    value = engine.run("return document.querySelector('.live-cookie textarea').value")
    for number, name in enumerate(("payload", "timestamp", "signature")):
        engine.click(f".live-value button[data-of={name}]")
        engine.wait(f"document.querySelector('dd[data-of={name}]').matches('.lit')")
        assert engine.run(SELECTED, ".live-cookie textarea") == value.rsplit(".", 2)[number]
    engine.run("window.name = 'kept'")
    reader_in.press(".live-cookie button", "Take it apart")
    reader_in.says("[data-part=status]", "Valid signature")
    engine.run("window.name = ''")
    assert engine.run("return document.querySelector('#inspector-cookie').value") == value
    for number, part in enumerate(value.rsplit(".", 2)):
        engine.click(f"[data-part=value] button:nth-of-type({number + 1})")
        assert engine.run(SELECTED, "#inspector-cookie") == part
    engine.run("document.querySelector('[data-part=value] button').focus()")
    assert engine.run("return document.querySelectorAll('[data-part=parts] dd.lit').length") == 1


def test_an_app_runs_on_another_version_of_flask(reader_in):
    engine = reader_in.engine
    reader_in.open("reference/versions/")
    engine.click(".live-run")
    reader_in.says(".live-panel label", "Flask")
    own, other = engine.run(f"return [...{CHOICE}.options].map((option) => option.value)")[:2]
    reader_in.shows(f"Flask {own} sends")
    engine.run(f"{CHOICE}.value = arguments[0]; {CHOICE}.dispatchEvent(new Event('change'))", other)
    reader_in.shows(f"Flask {other} sends")


def test_an_example_runs_in_a_frame_of_another_site_which_hears_its_height(reader_in, course):
    engine = reader_in.engine
    engine.go(course(test_live_embed.FRAME.replace(test_live_embed.GUIDE, reader_in.url)))
    engine.run("document.querySelector('iframe').scrollIntoView()")  # it is lazy
    engine.wait("heard.length")
    before = engine.run("return heard.at(-1)[1].height")
    with engine.within("iframe"):
        engine.wait("document.querySelector('.live-run')")
        engine.run("document.querySelector('.live-run').click()")
        reader_in.shows("Visits: 1")
        faults = engine.run("return self.faults.splice(0)")
    engine.wait(f"heard.at(-1)[1].height > {before} + 200")
    engine.wait("document.querySelector('iframe').clientHeight === heard.at(-1)[1].height")
    assert engine.run("return [...new Set(heard.map(([origin]) => origin))]") == [reader_in.url.removesuffix("/guide/")]
    assert faults == []
