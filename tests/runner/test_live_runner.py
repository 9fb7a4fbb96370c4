"""The Python half of the live panel (live/worker/runner.py), under CPython, with the messages that the page sends."""

import asyncio
import base64
import builtins
import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import freezegun
import pytest
from flask import Flask, sessions

from live.worker import event_loop, originals, runner, shown

COUNT = """
import os
from flask import Flask, session
app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
started = []

@app.get("/")
def index():
    started.append(1)
    session["visits"] = session.get("visits", 0) + 1
    print("counting")
    return f"{session['visits']} {len(started)}"
"""
ENV = {"SECRET_KEY": "the key of the tests"}


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[Callable[..., dict]]:
    """Send a message to a fresh runner whose changes to the interpreter are undone afterwards."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(runner, "ROOT", str(tmp_path))
    monkeypatch.setattr(runner, "SERVERS", {})
    monkeypatch.setattr(os, "environ", {**os.environ})
    monkeypatch.setattr(sessions.SecureCookieSessionInterface, "serializer", None)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # as runner.prepare() does in the page
    monkeypatch.chdir(tmp_path)

    def send(call: str, example: str = "count/app.py", **arguments: object) -> dict:
        with contextlib.redirect_stdout(runner.LOG), contextlib.redirect_stderr(runner.LOG):
            return json.loads(runner.handle(json.dumps({"call": call, "example": example, **arguments})))

    yield send
    if runner.Server.active:
        runner.Server.active.suspend()


def load(send, text: str = COUNT, example: str = "count/app.py", **files: str) -> dict:
    """Load an app of one file, and further files."""
    return send("load", example, app="app.py", files={"app.py": text, **files}, env=ENV)


def test_an_app_runs_with_its_files_and_its_environment(send):
    assert "error" not in load(send)
    reply = send("visit", method="GET", path="/")
    assert [(e["status"], e["text"]) for e in reply["exchanges"]] == [("200 OK", "1 1")]
    assert reply["log"] == "counting\n"
    assert reply["state"]["session"]["payload"] == {"visits": 1}


def test_the_jar_travels_with_the_messages(send):
    load(send)
    jar = send("visit", method="GET", path="/")["jar"]
    assert send("visit", method="GET", path="/", jar=jar)["exchanges"][0]["text"] == "2 2"
    assert send("visit", method="GET", path="/")["exchanges"][0]["text"] == "1 3"


def test_a_restart_forgets_what_modules_hold_and_keeps_the_folder(send):
    load(send)
    send("visit", method="GET", path="/")
    open("kept.txt", "w").close()
    assert "error" not in send("restart")
    assert send("visit", method="GET", path="/")["exchanges"][0]["text"] == "1 1"
    assert os.path.exists("kept.txt")
    load(send)
    assert not os.path.exists("kept.txt")


def test_a_load_names_the_files_that_the_app_had_written_and_that_are_gone(send):
    assert load(send, **{"data.txt": "x"})["gone"] == []
    for name in ("data.txt", "shop.db", "instance/b.db"):
        Path("instance").mkdir(exist_ok=True)
        Path(name).write_text("written", "utf-8")
    assert send("restart").get("gone") is None
    assert load(send, **{"data.txt": "x"})["gone"] == ["instance/b.db", "shop.db"]
    assert load(send)["gone"] == []


def test_two_apps_named_alike_keep_their_modules_apart(send):
    for name in ("one", "two"):
        app = "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/')\ndef index():\n"
        app += "    from data import N\n    return N"
        load(send, app, f"{name}/app.py", **{"data.py": f"N = {name!r}"})
    for name in ("one", "two", "one"):
        assert send("visit", f"{name}/app.py", method="GET", path="/")["exchanges"][0]["text"] == name


def test_a_tag_that_one_app_registers_is_not_seen_by_the_next(send):
    load(send)
    before = sessions.SecureCookieSessionInterface.serializer
    load(send)
    assert sessions.SecureCookieSessionInterface.serializer is not before


@pytest.mark.parametrize(
    ("text", "error", "log"),
    [
        ("import nothing_like_this", "No module named 'nothing_like_this' (app.py, line 1)", 'File "app.py", line 1'),
        ("x = 1\ndef f(:", "SyntaxError: invalid syntax (app.py, line 2)", "def f(:"),
        ("x = 1", "app.py has no Flask app", "Failed to find"),
    ],
)
def test_an_error_at_import_is_told_with_the_apps_own_lines_only(send, text, error, log):
    reply = load(send, text)
    assert error in reply["error"]
    assert log in reply["log"]
    assert "runner.py" not in reply["log"]


def test_what_is_printed_without_end_is_cut(send):
    load(send, COUNT.replace('"counting"', '"x" * 300_000'))
    log = send("visit", method="GET", path="/")["log"]
    assert log.endswith("… and 200,001 more characters.\n")


def test_a_huge_response_is_cut_and_an_image_travels_as_base64(send):
    app = COUNT + "\n@app.get('/huge')\ndef huge():\n    return 'x' * 3_000_000\n"
    app += "\n@app.get('/image')\ndef image():\n    return b'\\x89PNG', {'Content-Type': 'image/png'}\n"
    load(send, app)
    (huge,) = send("visit", method="GET", path="/huge")["exchanges"]
    assert len(huge["text"]) == shown.BODY_LIMIT
    assert huge["note"] == "Only the first 2 MB of this response's 3 MB are shown."
    (image,) = send("visit", method="GET", path="/image")["exchanges"]
    assert (image["type"], image["base64"]) == ("image/png", "iVBORw==")


def test_an_app_that_ends_itself_is_told(send):
    load(send, COUNT + "\n@app.get('/exit')\ndef leave():\n    raise SystemExit\n")
    assert send("visit", method="GET", path="/exit")["error"] == "The app ended itself (SystemExit)."


def test_the_session_cookie_is_told_as_the_app_sees_it(send):
    with freezegun.freeze_time("2026-11-22 12:00:00") as clock:
        load(send)
        reply = send("visit", method="GET", path="/")
        session = reply["state"]["session"]
        now = time.time()
        assert (session["signed"], session["refused"]) == (now, now + 31 * 86400)
        assert session["holds"]
        assert session["accepted"]
        clock.tick(31 * 86400)
        assert send("jar", jar=reply["jar"])["state"]["session"]["accepted"]
        clock.tick(1)
        late = send("jar", jar=reply["jar"])["state"]["session"]
        assert (late["holds"], late["accepted"]) == (True, False)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("(1, 2)", {" t": [1, 2]}),
        ("b'x'", {" b": "eA=="}),
        ("__import__('uuid').UUID(int=1)", {" u": f"{1:032}"}),
        ("'long ' * 20", "long " * 20),
    ],
)
def test_a_value_that_json_lacks_is_told_as_it_is_written(send, value, written):
    load(send, COUNT.replace('session.get("visits", 0) + 1', value))
    assert send("visit", method="GET", path="/")["state"]["session"]["payload"] == {"visits": written}


def test_a_changed_cookie_is_told_and_a_deleted_one_is_gone(send):
    load(send)
    reply = send("visit", method="GET", path="/")
    (cookie,) = reply["state"]["cookies"]
    changed = cookie["value"].replace("eyJ2aXNpdHMiOjF9", "eyJ2aXNpdHMiOjl9")
    after = send("jar", jar=reply["jar"], change=[cookie["key"], changed])
    assert after["state"]["session"]["payload"] == {"visits": 9}
    assert not after["state"]["session"]["holds"]
    assert send("jar", jar=after["jar"], delete=cookie["key"])["state"]["cookies"] == []
    garbage = send("jar", jar=reply["jar"], change=[cookie["key"], "garbage"])["state"]["session"]
    assert not garbage["accepted"]
    assert "payload" not in garbage


def test_closing_the_browser_drops_what_has_no_expiry(send):
    load(send)
    jar = send("visit", method="GET", path="/")["jar"]
    assert send("jar", jar=jar, close=True)["state"]["cookies"] == []


def test_a_server_side_session_is_told_as_an_id(send):
    app = COUNT + (
        "\nfrom flask.sessions import SessionInterface, SecureCookieSession\n"
        "class Mine(SessionInterface):\n"
        "    def open_session(self, app, request):\n        return SecureCookieSession()\n"
        "    def save_session(self, app, session, response):\n        response.set_cookie('session', 'id')\n"
        "app.session_interface = Mine()\n"
    )
    load(send, app)
    session = send("visit", method="GET", path="/")["state"]["session"]
    assert session["opaque"]


def test_each_visitor_has_an_address(send):
    load(
        send,
        COUNT.replace("f\"{session['visits']} {len(started)}\"", "request.remote_addr").replace(
            "Flask, session", "Flask, request, session"
        ),
    )
    for address in ("192.0.2.1", "192.0.2.2"):
        (found,) = send("visit", method="GET", path="/", address=address)["exchanges"]
        assert found["text"] == address


@pytest.mark.parametrize(
    ("kind", "body", "charset"),
    [
        ("text/html; charset=iso-8859-1", b"caf\xe9", "iso-8859-1"),
        ("text/css; charset=koi8-r", b"\xf0", "koi8-r"),
        ("text/html", b"<meta charset='koi8-r'>\xf0", "koi8-r"),
        ("text/html", b'<meta http-equiv="Content-Type" content="text/html; charset=big5">', "big5"),
        ("text/plain", "x".encode("utf-16-le"), ""),
        ("text/plain", b"\xff\xfex\0", "utf-16le"),
        ("text/html; charset=UTF-8", b"<meta charset=koi8-r>", ""),
        ("application/octet-stream; charset=koi8-r", b"\xf0", ""),
    ],
)
def test_text_in_another_encoding_comes_as_bytes_with_its_name(send, kind, body, charset):
    load(send, COUNT + f"\n@app.get('/text')\ndef text():\n    return {body!r}, {{'Content-Type': {kind!r}}}\n")
    (found,) = send("visit", method="GET", path="/text")["exchanges"]
    assert found.get("charset", "") == charset
    if charset:
        assert base64.b64decode(found["base64"]) == body


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (
            'RuntimeError("can\'t start new thread")',
            "In this page, an app can't start threads. Run the app on your computer.",
        ),
        ("OSError(138, 'emscripten does not support processes.')", "an app can't start processes"),
        ("EOFError('EOF when reading a line')", "an app can't read input"),
        ("OSError(23, 'Host is unreachable')", "an app can't connect to other servers"),
        ("KeyError('thread')", ""),
    ],
)
def test_what_no_app_can_do_in_the_page_is_told_in_one_line(send, raised, line):
    load(
        send,
        COUNT + f"\napp.testing = True  # prints tracebacks\n\n@app.get('/try')\ndef attempt():\n    raise {raised}\n",
    )
    (found,) = send("visit", method="GET", path="/try")["exchanges"]
    assert (line in found["note"]) if line else found["note"] == ""
    assert (line or "KeyError") in load(send, f"raise {raised}")["error"]


def test_a_reply_that_an_app_keeps_from_being_made_is_null(send, monkeypatch):
    load(send)
    monkeypatch.setattr(runner, "_state", None)
    assert send("visit", method="GET", path="/") is None


def test_a_session_interface_that_fails_is_told_as_no_session(send):
    app = COUNT + (
        "\nfrom flask.sessions import SecureCookieSessionInterface\n"
        "class Mine(SecureCookieSessionInterface):\n"
        "    def get_cookie_name(self, app):\n        return 'session' if len(started) < 2 else 1 / 0\n"
        "app.session_interface = Mine()\n"
    )
    load(send, app)
    assert send("visit", method="GET", path="/")["state"]["session"]
    assert send("visit", method="GET", path="/")["state"]["session"] is None


def test_what_is_printed_must_be_text():
    with pytest.raises(TypeError):
        runner.LOG.write(b"")
    assert runner.LOG.take() == ""


def test_coroutines_run_where_they_are_called(no_event_loop):
    async def waits():
        start = time.monotonic()
        await asyncio.gather(*(asyncio.sleep(n / 100) for n in range(3)))
        assert time.monotonic() - start >= 0.02
        thread = await asyncio.to_thread(threading.get_ident)
        return thread == threading.get_ident()

    with asyncio.Runner(loop_factory=event_loop.Loop) as running:
        assert running.run(waits())


def test_what_an_app_replaced_is_put_back(monkeypatch):
    monkeypatch.setattr(originals, "known", [])
    originals.keep()
    before = Flask.wsgi_app, json.dumps, isinstance
    monkeypatch.setattr(Flask, "wsgi_app", None)
    monkeypatch.setattr(json, "dumps", None)
    builtins.left_behind = None
    vars(builtins)["isinstance"] = None
    originals.restore()
    assert (Flask.wsgi_app, json.dumps, isinstance) == before
    assert not hasattr(builtins, "left_behind")
