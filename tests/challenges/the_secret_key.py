"""Tests of the challenges of docs/understand/the-secret-key.md."""

from flask.sessions import SecureCookieSessionInterface


def signed(app, values):
    """A cookie that an app with this key would send."""
    return SecureCookieSessionInterface().get_signing_serializer(app).dumps(values)


def test_a_cookie_that_was_signed_with_one_letter_is_rejected(load):
    client = load("wrong_fallbacks.py").test_client()
    assert client.post("/").status_code == 302
    assert "You are nobody." in client.get("/").text


def test_a_cookie_that_was_signed_with_the_old_key_is_accepted(load):
    client = load("wrong_fallbacks.py").test_client()
    other = load("wrong_fallbacks.py")
    other.secret_key = "a long old key"  # noqa: S105
    other.config["SECRET_KEY_FALLBACKS"] = None
    client.set_cookie("session", signed(other, {"role": "a guest"}))
    assert "You are a guest." in client.get("/").text


def test_a_guest_is_still_a_guest_after_a_restart_of_the_app(load):
    client = load("wrong_random.py").test_client()
    client.post("/")
    assert "You are a guest." in client.get("/").text
    again = load("wrong_random.py").test_client()
    again.set_cookie("session", client.get_cookie("session").value)
    assert "You are a guest." in again.get("/").text


def test_the_key_comes_from_the_environment(load, monkeypatch):
    first = load("wrong_random.py")
    monkeypatch.setenv("SECRET_KEY", "another key of the tests")
    assert load("wrong_random.py").secret_key != first.secret_key


def test_a_cookie_that_was_signed_with_dev_is_rejected(load):
    client = load("wrong.py").test_client()
    assert client.post("/attack").status_code == 302
    assert "You are nobody." in client.get("/").text


def test_a_visitor_who_enters_is_a_guest(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "You are a guest." in client.get("/").text


def test_a_guest_stays_one_after_a_restart_with_the_same_key(load):
    client, again = load("wrong.py").test_client(), load("wrong.py").test_client()
    client.post("/")
    again.set_cookie("session", client.get_cookie("session").value)
    assert "You are a guest." in again.get("/").text
