"""Tests of docs/understand/what-other-tutorials-get-wrong.md."""

import re
import sys
import time
import urllib.error
import urllib.request

import pytest
from flask import Flask, flash, request, session
from flask.cli import find_best_app

DAY = 24 * 3600


def any_app(view, **config):
    """An app with one view function at /, for GET and POST."""
    app = Flask("any app")
    app.config.update({"SECRET_KEY": "dev"} | config)
    app.add_url_rule("/", "index", view, methods=["GET", "POST"])
    return app


def write(**values):
    """A view function that stores these values."""

    def view():
        session.update(values)
        return "stored"

    return view


@pytest.mark.source
def test_each_row_ends_with_a_test_or_with_a_link_to_a_section_that_has_one():
    from markdown.extensions.toc import slugify

    from tests.support import site

    def section(page, anchor):
        parts = re.split(r"^#+ ", page.read_text("utf-8"), flags=re.MULTILINE)
        return {slugify(part.partition("\n")[0], "-"): part for part in parts}[anchor]

    page = site.ROOT / "docs/understand/what-other-tutorials-get-wrong.md"
    lines = page.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith(("| Claim |", "| Fault |"))]
    assert len(rows) > 30
    for row in rows:
        end = row.removesuffix(" |").rpartition("| ")[2]
        if "[test](#test_" not in end:
            place = re.search(r"\(([\w./-]+\.md)#([\w-]+)\)$", end)
            assert "[test](#test_" in section(page.parent / place[1], place[2]), row


def test_a_first_visit_gives_a_new_visitor_no_cookie(client):
    assert client.get("/").headers.getlist("Set-Cookie") == []


@pytest.mark.server
def test_two_gunicorn_workers_read_the_same_session(folder, tmp_path):
    from tests.support import workers

    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with workers.gunicorn(folder / "app.py", tmp_path) as port:
        address = f"http://127.0.0.1:{port}"
        visitor.open(f"{address}/points", data=b"").close()
        for _ in range(20):
            assert "in session: yes" in visitor.open(address).read().decode()
            with workers.one_is_busy(port):
                assert "in session: yes" in visitor.open(address).read().decode()


@pytest.mark.server
@pytest.mark.package
def test_two_apps_share_the_sessions_in_one_redis(redis):
    from flask_session import Session

    first, second = (any_app(write(name="Ada"), SESSION_TYPE="redis", SESSION_REDIS=redis) for _ in range(2))
    second.add_url_rule("/name", view_func=lambda: session.get("name", "nobody"))
    for app in (first, second):
        Session(app)
    here, there = first.test_client(), second.test_client()
    here.get("/")
    there.set_cookie("session", here.get_cookie("session").value)
    assert there.get("/name").text == "Ada"


@pytest.mark.server
def test_the_reloader_keeps_the_session_if_the_key_is_fixed(folder, tmp_path):
    from extensions import snippets
    from tests.support import servers

    for name, text in snippets.files_of(folder / "app.py").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    port = servers.free_port()
    address = f"http://127.0.0.1:{port}"
    run = f"from app import app\n\napp.run(port={port}, debug=True, reloader_type='stat')\n"
    (tmp_path / "run.py").write_text(run, "utf-8")
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with servers.running([sys.executable, "run.py"], tmp_path, f"{address}/"):
        visitor.open(f"{address}/points", data=b"").close()
        app = tmp_path / "app.py"
        app.write_text(app.read_text("utf-8") + '\n\n@app.get("/new")\ndef new():\n    return "new"\n', "utf-8")
        deadline = time.monotonic() + 60
        while not is_there(f"{address}/new"):
            assert time.monotonic() < deadline, "the reloader did not start the app again"
            time.sleep(0.2)
        assert "in session: yes" in visitor.open(address).read().decode()


def is_there(address):
    """Whether a server responds at this address, and knows it."""
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
    except OSError:
        return False
    return True


def test_a_flashed_message_is_readable_without_the_key():
    from itsdangerous.encoding import base64_decode

    client = any_app(lambda: flash("The password is wrong") or "flashed").test_client()
    client.get("/")
    payload = client.get_cookie("session").value.partition(".")[0]
    assert b"The password is wrong" in base64_decode(payload)


def test_get_gives_none_and_never_raises_keyerror(app):
    with app.test_request_context():
        assert session.get("missing") is None
        with pytest.raises(KeyError):
            session["missing"]


def test_a_stored_zero_fails_the_test_for_truth_and_passes_the_one_for_the_key(client):
    client.post("/points")
    page = client.get("/").text
    assert "if session.points: no" in page
    assert 'if "points" in session: yes' in page


def test_a_dot_in_a_template_finds_methods_before_keys(app):
    with app.test_request_context():
        render = app.jinja_env.from_string
        for name in ("items", "get", "clear", "update"):
            session[name] = "three apples"
            assert render(f"{{{{ session.{name} }}}}").render(session=session) != "three apples"
            assert render(f"{{{{ session['{name}'] }}}}").render(session=session) == "three apples"


def test_a_missing_field_is_an_error_in_debug_mode_too():
    def view():
        session["name"] = request.form["name"]
        return "stored"

    assert any_app(view).test_client().post("/").status_code == 400
    debugged = any_app(view)
    debugged.debug = True
    with pytest.raises(KeyError):
        debugged.test_client().post("/")


def test_a_copy_of_the_cookie_works_after_clear(app):
    user, thief = app.test_client(), app.test_client()
    user.post("/points")
    thief.set_cookie("session", user.get_cookie("session").value)
    user.post("/clear")
    assert '"points" in session: no' in user.get("/").text
    assert '"points" in session: yes' in thief.get("/").text


def test_clear_in_a_new_browser_sends_one_deletion(client):
    [only] = client.post("/clear").headers.getlist("Set-Cookie")
    assert only.startswith("session=; Expires=Thu, 01 Jan 1970")


def test_after_clear_a_session_contains_what_is_written_next_and_no_id(client):
    client.post("/points")
    client.post("/clear")
    client.post("/points")
    with client.session_transaction() as stored:
        assert stored == {"points": 0}


def test_clear_on_each_request_loses_what_was_stored(load):
    client = load("app.py").test_client()
    client.post("/points")
    client.application = load("app.py")
    client.application.before_request(lambda: session.clear())
    assert '"points" in session: no' in client.get("/").text


def test_flask_sessions_are_not_permanent_by_default(client):
    assert "Expires" not in client.post("/points").headers["Set-Cookie"]
    assert "session.permanent: False" in client.get("/").text


@pytest.mark.package
def test_flask_session_makes_them_permanent_by_default(tmp_path):
    from cachelib import FileSystemCache
    from flask_session import Session

    app = any_app(write(name="Ada"), SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    assert "Expires" in app.test_client().get("/").headers["Set-Cookie"]


def permanent(app):
    """A client with a permanent session, and a function that asks for its cookie's date."""
    client = app.test_client()
    with client.session_transaction() as stored:
        stored["points"], stored.permanent = 0, True
    return client


def test_each_response_renews_a_permanent_session_and_clear_ends_it(app, clock):
    client = permanent(app)
    dates = set()
    for _ in range(4):
        clock.tick(20 * DAY)
        response = client.get("/")
        assert '"points" in session: yes' in response.text
        dates.add(response.headers["Set-Cookie"].partition("Expires=")[2].partition(";")[0])
    assert len(dates) == 4
    client.post("/clear")
    assert client.get_cookie("session") is None


def test_the_server_rejects_old_cookies_of_both_kinds(app, clock):
    cookies = []
    for lasting in (False, True):
        client = permanent(app) if lasting else app.test_client()
        client.post("/points")
        cookies.append(client.get_cookie("session").value)
    for seconds, shown in ((31 * DAY, "yes"), (1, "no")):
        clock.tick(seconds)
        for cookie in cookies:
            client = app.test_client()
            client.set_cookie("session", cookie)
            assert f'"points" in session: {shown}' in client.get("/").text


@pytest.mark.browser
def test_changing_and_closing_tabs_keeps_the_session_in_chromium(app, serve, page):
    address = f"http://127.0.0.1:{serve(app)}/"
    page.goto(address)
    page.get_by_role("button", name="Store").click()
    page.get_by_text("in session: yes").wait_for()
    other = page.context.new_page()
    other.goto(address)
    other.get_by_text("in session: yes").wait_for()
    page.close()
    other.reload()
    other.get_by_text("in session: yes").wait_for()


@pytest.mark.parametrize("value", [True, False])
def test_flask_ignores_session_permanent(app, value):
    assert app.config["SESSION_PERMANENT"] is True
    app.config["SESSION_PERMANENT"] = value
    client = app.test_client()
    assert "Expires" not in client.post("/points").headers["Set-Cookie"]
    assert "session.permanent: False" in client.get("/").text


def test_session_permanent_is_no_setting_of_flasks():
    assert "SESSION_PERMANENT" not in Flask("new").config
    assert "PERMANENT_SESSION_LIFETIME" in Flask("new").config


def test_setting_permanent_to_false_adds_a_key_and_changes_no_lifetime(app):
    with app.test_request_context():
        assert session.permanent is False
        session.permanent = False
        assert dict(session) == {"_permanent": False}


def test_httponly_is_on_by_default_and_samesite_is_not_sent(client):
    cookie = client.post("/points").headers["Set-Cookie"]
    assert "; HttpOnly" in cookie
    assert "SameSite" not in cookie
    assert Flask("new").config["SESSION_COOKIE_HTTPONLY"] is True
    assert Flask("new").config["SESSION_COOKIE_SAMESITE"] is None


def test_secure_adds_one_word_to_the_cookie(clock):
    headers = []
    for secure in (False, True):
        app = any_app(write(name="Ada"), SESSION_COOKIE_SECURE=secure)
        headers.append(app.test_client().get("/").headers["Set-Cookie"].split("; "))
    assert headers[1] == [headers[0][0], "Secure", *headers[0][1:]]


def test_an_app_can_be_one_file_with_any_name(folder):
    import types

    module = types.ModuleType("tea")
    exec((folder / "app.py").read_text("utf-8"), module.__dict__)  # noqa: S102
    assert find_best_app(module).test_client().post("/points").status_code == 302


def parts(folder):
    """The parts of the broken listing: its import, a function, a view function, and a function that logs."""
    return (folder / "broken.py.txt").read_text("utf-8").split("\n\n\n")


def test_a_name_with_a_hyphen_cannot_be_imported(folder):
    with pytest.raises(SyntaxError):
        compile(parts(folder)[0], "broken.py", "exec")


def test_a_body_that_is_not_indented_does_not_parse(folder):
    with pytest.raises(IndentationError, match="expected an indented block after function definition"):
        compile(parts(folder)[1], "broken.py", "exec")


def test_a_bracket_that_is_not_closed_does_not_parse(folder):
    indented = parts(folder)[1].replace("return", "    return")
    with pytest.raises(SyntaxError, match="does not match opening parenthesis"):
        compile(indented, "broken.py", "exec")


def test_a_blueprint_that_nobody_created_has_no_name(folder):
    view = compile(parts(folder)[2], "broken.py", "exec")
    with pytest.raises(NameError, match="'views' is not defined"):
        exec(view, {})  # noqa: S102


def test_a_name_that_nobody_imported_fails_once_the_line_runs(folder):
    scope = {}
    exec(compile(parts(folder)[3], "broken.py", "exec"), scope)  # noqa: S102
    with pytest.raises(NameError, match="'logger' is not defined"):
        scope["log_visit"]()
