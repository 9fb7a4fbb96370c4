"""Proofs for docs/learn/your-first-session.md."""

import base64

import pytest
from flask import session


def test_a_value_written_in_one_request_is_there_in_the_next(client):
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_reading_the_session_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/").headers


def test_writing_to_the_session_sets_the_cookie(client):
    assert client.post("/").headers["Set-Cookie"].startswith("session=")


def test_the_cookie_is_not_sent_again_while_nothing_changes(client):
    client.post("/")
    assert "Set-Cookie" not in client.get("/").headers


def test_opening_the_page_writes_nothing(client):
    client.get("/")
    with client.session_transaction() as stored:
        assert "color" not in stored


def test_after_the_post_the_browser_fetches_the_page_anew(client):
    answer = client.post("/")
    assert answer.status_code in (302, 303)
    assert answer.headers["Location"] == "/"


def test_get_gives_a_newcomer_the_default(client):
    assert "Your color: none yet" in client.get("/").text


def test_another_browser_has_another_session(app):
    first, second = app.test_client(), app.test_client()
    first.post("/")
    assert "none yet" in second.get("/").text


def test_there_is_no_session_outside_a_request():
    with pytest.raises(RuntimeError, match="Working outside of request context|Attempted to use"):
        session.get("color")


def test_the_cookie_has_three_parts_joined_by_dots(client):
    client.post("/")
    assert client.get_cookie("session").value.count(".") == 2


def test_the_first_part_is_readable_without_a_key(client):
    client.post("/")
    payload = client.get_cookie("session").value.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "=") == b'{"color":"green"}'


def test_a_cookie_whose_signature_does_not_fit_is_ignored(client):
    client.post("/")
    payload, dot, rest = client.get_cookie("session").value.partition(".")
    client.set_cookie("session", base64.urlsafe_b64encode(b'{"color":"blue!"}').decode().rstrip("=") + dot + rest)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "none yet" in answer.text


def test_without_a_secret_key_reading_works_and_writing_raises(app):
    app.secret_key = None
    assert app.test_client().get("/").status_code == 200
    with app.test_request_context(), pytest.raises(RuntimeError, match="no secret key was set"):
        session["color"] = "green"


def test_whoever_knows_the_key_can_sign_a_cookie(app, client):
    signer = app.session_interface.get_signing_serializer(app)
    client.set_cookie("session", signer.dumps({"color": "any color at all"}))
    assert "any color at all" in client.get("/").text
