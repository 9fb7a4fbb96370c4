"""Tests of docs/learn/your-first-session.md."""

import base64
import contextlib
import http.client
import importlib.metadata
import sys
import time
from pathlib import Path

import flask
import pytest
from flask import session
from flask.sessions import SecureCookieSessionInterface


def test_a_value_written_in_one_request_is_there_in_the_next(client):
    client.post("/")
    with client:
        assert "Your color: green" in client.get("/").text
        assert session.get("color") == "green"


@pytest.mark.package
def test_flask_needs_python_3_9_and_contains_session():
    assert importlib.metadata.metadata("flask")["Requires-Python"] == ">=3.9"
    assert flask.session.__class__.__module__.startswith(("flask", "werkzeug"))


@pytest.mark.server
def test_flask_runs_the_app_in_debug_mode_and_restarts_it_after_a_change(folder, tmp_path):
    from tests.support import servers

    (tmp_path / "no" / "watchdog.py").parent.mkdir()
    (tmp_path / "no" / "watchdog.py").touch()  # as where Flask is installed and watchdog isn't
    (tmp_path / "app.py").write_text((folder / "app.py").read_text("utf-8"), "utf-8")
    port = servers.free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [str(Path(sys.executable).with_name("flask")), "--app", "app", "run", "--debug"]
    variables = {"FLASK_RUN_PORT": str(port), "PYTHONPATH": str(tmp_path / "no")}
    with servers.running(command, tmp_path, address, **variables):
        page = servers.get(address)
        assert "Your color: none yet" in page
        assert page.count("<button>") == 1
        changed = (folder / "app.py").read_text("utf-8").replace("none yet", "not chosen")
        (tmp_path / "app.py").write_text(changed, "utf-8")
        deadline = time.monotonic() + 60
        while "Your color: not chosen" not in page:
            assert time.monotonic() < deadline, (tmp_path / "server.log").read_text("utf-8")
            with contextlib.suppress(OSError, http.client.HTTPException):  # while it restarts
                page = servers.get(address)
    assert "Debug mode: on" in (tmp_path / "server.log").read_text("utf-8")


def test_reading_the_session_sets_no_cookie(client):
    for _ in range(3):
        assert "Set-Cookie" not in client.get("/").headers


def test_writing_to_the_session_sets_one_cookie(client):
    (header,) = client.post("/").headers.getlist("Set-Cookie")
    assert header.startswith("session=")


def test_the_cookie_is_not_sent_again_while_nothing_changes(client):
    client.post("/")
    for _ in range(3):
        assert "Set-Cookie" not in client.get("/").headers


def test_opening_the_page_writes_nothing(client):
    client.get("/")
    with client.session_transaction() as stored:
        assert dict(stored) == {}
    client.post("/")
    client.get("/")
    with client.session_transaction() as stored:
        assert dict(stored) == {"color": "green"}


@pytest.mark.browser
def test_reloading_the_page_does_not_send_the_form_again(app, serve, engine):
    from flask import request

    shown, posts = [], []

    def record(response):
        if request.path == "/":
            shown.extend([request.method] * (response.status_code == 200))
            posts.extend([request.method] * (request.method == "POST"))
        return response

    app.after_request(record)
    engine.go(f"http://127.0.0.1:{serve(app)}/")
    engine.click("button")
    engine.until(lambda: len(shown) == 2, "the page after the button")
    time.sleep(1)  # until the engine has left the page before
    engine.run("setTimeout(() => location.reload())")
    engine.until(lambda: len(shown) == 3, "the reloaded page")
    assert len(posts) == 1


def test_flask_reads_the_cookie_before_the_view_function_and_writes_it_after(app, client):
    order = []

    class Recorded(SecureCookieSessionInterface):
        def open_session(self, *arguments):
            order.append("read")
            return super().open_session(*arguments)

        def save_session(self, *arguments):
            order.append("write")
            super().save_session(*arguments)

    view = app.view_functions["choose"]
    app.session_interface = Recorded()
    app.view_functions["choose"] = lambda: order.append("view function") or view()
    client.post("/")
    assert order == ["read", "view function", "write"]
    assert "Your color: green" in client.get("/").text


def test_get_gives_the_default_to_a_new_visitor(client):
    assert "Your color: none yet" in client.get("/").text


def test_another_browser_has_another_session(app):
    first, second = app.test_client(), app.test_client()
    first.post("/")
    assert "Your color: green" in first.get("/").text
    assert "Your color: none yet" in second.get("/").text


def test_there_is_no_session_outside_a_request():
    with pytest.raises(RuntimeError, match="Working outside of request context|Attempted to use"):
        session.get("color")


def test_the_cookie_has_three_parts_joined_by_dots(client):
    header = client.post("/").headers["Set-Cookie"]
    value = header.removeprefix("session=").partition(";")[0]
    assert len(value.split(".")) == 3


def test_the_first_part_is_readable_without_a_key(client):
    client.post("/")
    payload = client.get_cookie("session").value.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"color":"green"}'
    for color in ("red", "blue", "green", "orange"):
        with client.session_transaction() as stored:
            stored["color"] = color
        payload = client.get_cookie("session").value.split(".")[0]
        assert base64.urlsafe_b64decode(payload + "==") == f'{{"color":"{color}"}}'.encode()


def test_a_cookie_with_an_invalid_signature_is_ignored(app, client):
    client.post("/")
    payload, time_signed, signature = client.get_cookie("session").value.split(".")
    changed = base64.urlsafe_b64encode(b'{"color":"blue!"}').decode().rstrip("=")
    for value in (
        f"{changed}.{time_signed}.{signature}",
        f"{payload}.{time_signed}.{signature[::-1]}",
        f"{payload}.{time_signed}.",
        f"{payload}.x{time_signed[1:]}.{signature}",
        payload,
    ):
        visitor = app.test_client()
        visitor.set_cookie("session", value)
        with visitor:
            response = visitor.get("/")
            assert response.status_code == 200
            assert dict(session) == {}


def test_a_cookie_whose_payload_has_one_other_character_is_ignored(app, client):
    client.post("/")
    payload, rest = client.get_cookie("session").value.split(".", 1)
    for place, character in enumerate(payload):
        for other in "AZaz09-_":
            if other == character:
                continue
            visitor = app.test_client()
            visitor.set_cookie("session", f"{payload[:place]}{other}{payload[place + 1 :]}.{rest}")
            assert "Your color: none yet" in visitor.get("/").text


def test_the_changed_payload_is_accepted_once_it_is_signed_with_the_key(app, client):
    from itsdangerous import TimestampSigner

    payload = base64.urlsafe_b64encode(b'{"color":"blue"}').decode().rstrip("=")
    options = {"salt": "cookie-session", "key_derivation": "hmac"}
    for key, color in (("dev", "blue"), ("another key", "none yet")):
        client.set_cookie("session", TimestampSigner(key, **options).sign(payload).decode())
        assert f"Your color: {color}" in client.get("/").text


def test_without_its_cookie_a_browser_starts_with_an_empty_session(client):
    client.post("/")
    client.delete_cookie("session")
    with client:
        client.get("/")
        assert dict(session) == {}


def test_an_older_cookie_of_the_same_visitor_is_accepted(client, clock):
    client.post("/")
    older = client.get_cookie("session").value
    with client.session_transaction() as stored:
        stored["color"] = "red"
    assert "Your color: red" in client.get("/").text
    client.set_cookie("session", older)
    assert "Your color: green" in client.get("/").text
    clock.tick(31 * 24 * 3600)  # the default lifetime
    assert "Your color: green" in client.get("/").text
    clock.tick(1)
    assert "Your color: none yet" in client.get("/").text


def test_without_a_secret_key_get_works_and_writing_raises(app):
    app.secret_key = None
    assert "none yet" in app.test_client().get("/").text
    changes = (
        lambda: session.update(color="green"),
        lambda: session.__setitem__("color", "green"),
        lambda: session.__delitem__("color"),
        lambda: session.setdefault("color", "green"),
        lambda: session.pop("color", None),
        lambda: session.popitem(),
        lambda: session.clear(),
    )
    for change in changes:
        with app.test_request_context(), pytest.raises(RuntimeError, match="no secret key was set"):
            change()


def test_anyone_who_knows_the_key_can_sign_a_cookie(app, client):
    signer = app.session_interface.get_signing_serializer(app)
    client.set_cookie("session", signer.dumps({"color": "any color"}))
    assert "Your color: any color" in client.get("/").text


def test_wrong_forgets_the_color(load):
    client = load("wrong.py").test_client()
    response = client.post("/")
    assert response.status_code == 302
    assert "Set-Cookie" not in response.headers
    assert "Your color: none yet" in client.get("/").text
