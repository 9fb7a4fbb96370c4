"""Tests of docs/learn/reading-values-safely.md."""

import logging

import pytest
from flask import Flask, session


def test_get_with_a_default_reads_any_session(client):
    assert 'session.get("color", "gray"): gray' in client.get("/").text
    client.post("/green")
    assert 'session.get("color", "gray"): green' in client.get("/").text


def test_an_app_with_the_same_key_accepts_the_cookie_of_another_app(app, client):
    other = Flask("another app")
    for key, color in (("another key", "gray"), (app.secret_key, "green")):
        other.secret_key = key
        signer = other.session_interface.get_signing_serializer(other)
        client.set_cookie("session", signer.dumps({"color": "green"}))
        assert f'session.get("color", "gray"): {color}' in client.get("/").text


def test_get_gives_the_value_or_none(app):
    with app.test_request_context():
        assert session.get("color") is None
        session["color"] = "green"
        assert session.get("color") == "green"


def test_in_checks_whether_the_key_exists(client):
    with client.session_transaction() as stored:
        stored["another key"] = 1
    assert '"color" in session: False' in client.get("/").text
    client.post("/green")
    assert '"color" in session: True' in client.get("/").text


def test_brackets_raise_keyerror_for_a_missing_key(app):
    with app.test_request_context(), pytest.raises(KeyError, match="color"):
        session["color"]


def test_the_handled_keyerror_becomes_a_sentence(client):
    response = client.get("/brackets")
    assert response.status_code == 200
    assert response.text == "There is no color yet."


def test_brackets_give_the_value_if_the_key_exists(client):
    client.post("/green")
    assert client.get("/brackets").text == "Your color: green"


def test_none_of_the_reads_sets_a_cookie(client):
    for _ in ("a new visitor", "a visitor with a color"):
        for path in ("/", "/brackets"):
            assert "Set-Cookie" not in client.get(path).headers
        client.post("/green")


def test_get_cannot_distinguish_a_stored_none_from_a_missing_key(app):
    with app.test_request_context():
        assert session.get("color") is None
        session["color"] = None
        assert session.get("color") is None
        assert session.get("color", "gray") is None
        assert "color" in session


def test_a_comparison_with_get_is_false_for_a_new_visitor(app):
    with app.test_request_context():
        assert (session.get("color") == "green") is False


def test_wrong_fails_for_a_new_visitor_with_500(load):
    response = load("wrong.py").test_client().get("/")
    assert response.status_code == 500
    assert "<button>" not in response.text


def test_wrong_works_for_a_visitor_with_a_stored_value(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_wrong_ends_the_traceback_in_the_log_with_the_missing_key(load, caplog):
    app = load("wrong.py")
    app.test_client().get("/")
    assert caplog.text.splitlines()[-1] == "KeyError: 'color'"
    app.debug = True
    with pytest.raises(KeyError, match="'color'"):  # so that the debugger shows it
        app.test_client().get("/")


def test_wrong_try_never_reaches_its_except(load):
    client = load("wrong_try.py").test_client()
    assert "Your color: None" in client.get("/").text
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_pop_removes_the_key(client):
    client.post("/green")
    client.post("/forget")
    assert '"color" in session: False' in client.get("/").text


def test_pop_returns_the_value_that_it_removed(client, caplog):
    client.post("/green")
    with caplog.at_level(logging.INFO):
        client.post("/forget")
    assert "Forgotten: green" in caplog.messages


def test_pop_with_a_default_accepts_a_missing_key(client, caplog):
    with caplog.at_level(logging.INFO):
        assert client.post("/forget").status_code == 302
    assert "Forgotten: None" in caplog.messages


def test_pop_without_a_default_raises_keyerror(app):
    with app.test_request_context(), pytest.raises(KeyError):
        session.pop("color")


def test_removing_the_last_value_deletes_the_cookie(client):
    client.post("/green")
    (header,) = client.post("/forget").headers.getlist("Set-Cookie")
    assert header.startswith("session=; Expires=Thu, 01 Jan 1970")
    assert client.get_cookie("session") is None


def test_the_log_shows_the_value_and_the_response_does_not(app, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger(app.name), "level", logging.NOTSET)
    app.debug = True
    client = app.test_client()
    client.post("/green")
    response = client.post("/forget")
    assert "Forgotten: green" in caplog.messages
    assert "green" not in response.text + str(response.headers)
    assert "Forgotten" not in client.get("/").text


def test_setdefault_stores_the_first_value_and_keeps_it(app):
    with app.test_request_context():
        assert session.setdefault("color", "green") == "green"
        assert session.setdefault("color", "red") == "green"
        assert dict(session) == {"color": "green"}


def test_setdefault_changes_the_session_only_if_the_key_is_missing(app):
    with app.test_request_context(headers={"Cookie": cookie_with_a_color(app)}):
        session.setdefault("color", "red")
        assert session.modified is False
        session.setdefault("size", "large")
        assert session.modified is True


def cookie_with_a_color(app):
    """The Cookie header of a visitor who chose green."""
    return app.test_client().post("/green").headers["Set-Cookie"].partition(";")[0]
