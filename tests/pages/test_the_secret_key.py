"""Proofs for docs/understand/the-secret-key.md."""

import base64
import subprocess
import sys

import pytest
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface


def entered(app):
    """A visitor who has entered as a guest."""
    client = app.test_client()
    client.post("/")
    return client


def test_a_forged_cookie_is_ignored_if_the_key_is_another(client):
    client.post("/attack")
    assert "You are nobody." in client.get("/").text


def test_wrong_takes_the_forged_cookie_for_its_own(load):
    app = load("wrong.py")
    client = entered(app)
    assert "You are a guest." in client.get("/").text
    client.post("/attack")
    assert "You are the admin." in client.get("/").text


def test_forge_gives_the_very_bytes_that_flask_sends(load, clock):
    app = load("wrong.py")
    forge = app.view_functions["attack"].__globals__["forge"]
    assert entered(app).get_cookie("session").value == forge({"role": "a guest"}, "dev")


def test_the_salt_is_a_constant_in_flasks_source():
    assert SecureCookieSessionInterface.salt == "cookie-session"


def test_two_keys_give_two_signatures_of_the_same_values(app, clock):
    first = entered(app).get_cookie("session").value.split(".")
    app.secret_key = "another key"  # noqa: S105
    second = entered(app).get_cookie("session").value.split(".")
    assert first[:2] == second[:2]
    assert first[2] != second[2]


def test_the_values_are_readable_without_the_key(app):
    payload = entered(app).get_cookie("session").value.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"role":"a guest"}'


def test_a_stolen_cookie_works_as_it_is(app):
    thief = app.test_client()
    thief.set_cookie("session", entered(app).get_cookie("session").value)
    assert "You are a guest." in thief.get("/").text


def test_a_changed_payload_is_ignored(app):
    client = entered(app)
    _, dot, rest = client.get_cookie("session").value.partition(".")
    forged = base64.urlsafe_b64encode(b'{"role":"the boss"}').decode().rstrip("=")
    client.set_cookie("session", forged + dot + rest)
    assert "You are nobody." in client.get("/").text


@pytest.mark.parametrize("key", [None, "", b""])
def test_no_key_and_an_empty_one_are_the_same(app, key):
    app.secret_key = key
    assert app.test_client().get("/").status_code == 200
    with app.test_request_context(), pytest.raises(RuntimeError, match="no secret key was set"):
        session["role"] = "a guest"


def test_a_number_is_no_key(app):
    app.secret_key, app.testing = 12345, True
    with pytest.raises(TypeError, match="expected bytes or bytearray, but got 'int'"):
        app.test_client().post("/")


@pytest.mark.parametrize("key", ["x", "kež with spaces!", b"\x00\xff"])
def test_any_text_and_any_bytes_can_be_a_key(app, key):
    app.secret_key = key
    assert "You are a guest." in entered(app).get("/").text


def test_the_key_can_be_set_any_time_before_the_first_session():
    app = Flask("set up in steps")
    app.add_url_rule("/", view_func=lambda: session.setdefault("role", "a guest"))
    app.config["SECRET_KEY"] = "dev"  # noqa: S105
    assert app.secret_key == "dev"  # noqa: S105
    assert app.test_client().get("/").headers["Set-Cookie"].startswith("session=")


@pytest.mark.process
def test_token_hex_gives_32_random_bytes_as_64_digits():
    command = [sys.executable, "-c", "import secrets; print(secrets.token_hex())"]
    keys = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)]
    assert [len(bytes.fromhex(key)) for key in keys] == [32, 32]
    assert keys[0] != keys[1]


def test_without_the_key_in_the_environment_the_app_does_not_start(load, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(KeyError, match="SECRET_KEY"):
        load("app.py")


def test_another_key_empties_every_session(app):
    client = entered(app)
    app.secret_key = "another key"  # noqa: S105
    assert "You are nobody." in client.get("/").text


def test_wrong_random_signs_everybody_out_with_each_restart(load):
    client = entered(load("wrong_random.py"))
    assert "You are a guest." in client.get("/").text
    restarted = load("wrong_random.py").test_client()
    restarted.set_cookie("session", client.get_cookie("session").value)
    assert "You are nobody." in restarted.get("/").text


@pytest.mark.process
def test_wrong_random_gives_two_workers_two_keys(folder):
    command = [sys.executable, "-c", "from wrong_random import app; print(app.secret_key)"]
    keys = [subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout for _ in range(2)]
    assert len(keys[0]) == 65
    assert keys[0] != keys[1]


def rotated(app, client):
    """The same visitor after the app has got a new key, the old one kept as a fallback."""
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.secret_key = "the new key"  # noqa: S105
    return client


def test_a_fallback_keeps_old_cookies_readable(app):
    client = rotated(app, entered(app))
    assert "You are a guest." in client.get("/").text


def test_reading_with_a_fallback_does_not_sign_anew(app):
    client = rotated(app, entered(app))
    assert "Set-Cookie" not in client.get("/").headers


def test_writing_signs_with_the_new_key(app):
    client = rotated(app, entered(app))
    client.post("/")
    app.config["SECRET_KEY_FALLBACKS"] = None
    assert "You are a guest." in client.get("/").text


def test_wrong_fallbacks_take_each_letter_for_a_key(load):
    client = load("wrong_fallbacks.py").test_client()
    client.post("/")
    assert "You are the admin." in client.get("/").text


def test_in_a_list_the_old_key_counts_as_one(load):
    app = load("wrong_fallbacks.py")
    app.config["SECRET_KEY_FALLBACKS"] = ["a long old key"]
    client = app.test_client()
    client.post("/")
    assert "You are nobody." in client.get("/").text
