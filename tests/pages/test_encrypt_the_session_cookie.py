"""Tests of docs/recipes/encrypt-the-session-cookie.md."""

import base64
from datetime import UTC, datetime

import pytest
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from markupsafe import escape

from live.worker.browser import Browser

pytestmark = pytest.mark.package
NOTE = {"note": "Buy a ring"}
DAY = 24 * 3600


@pytest.fixture
def interface(app):
    """The class of the page's encrypted.py."""
    return type(app.session_interface)


def server(interface, key="a key", fallbacks=()):
    """An app that stores what it is given, with a key and fallbacks."""
    app = Flask("server")
    app.secret_key = key
    app.config["SECRET_KEY_FALLBACKS"] = list(fallbacks)
    app.session_interface = interface()
    return app


def cookie(app, **values):
    """The value of the cookie that an app sets for these values."""
    with app.test_client() as client:
        with client.session_transaction() as stored:
            stored.update(values)
        return client.get_cookie("session").value


def read(app, value):
    """What the app finds in the session of a visitor who sends this cookie."""
    client = app.test_client()
    client.set_cookie("session", value)
    with client.session_transaction() as stored:
        return dict(stored)


def decoded(value):
    """All bytes of a cookie that base64 gives, whatever its parts."""
    return b"".join(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in value.split("."))


def test_the_note_comes_back(client):
    assert "Your note: none" in client.get("/").text
    client.post("/", data=NOTE)
    assert "Your note: Buy a ring" in client.get("/").text


def test_the_cookie_shows_neither_names_nor_values(interface):
    for values in ({"note": "Buy a ring"}, {"user": "ada"}, {"list": ["ring", "ada"]}):
        words = [b"note", b"ring", b"user", b"ada", b"list"]
        assert any(word in decoded(cookie(server(SecureCookieSessionInterface), **values)) for word in words)
        assert not any(word in decoded(cookie(server(interface), **values)) for word in words)


def test_equal_sessions_have_different_cookies(interface):
    app = server(interface)
    assert len({cookie(app, note="Buy a ring") for _ in range(20)}) == 20


def test_a_changed_cookie_gives_an_empty_session(interface):
    app = server(interface)
    value = cookie(app, note="Buy a ring")
    assert read(app, value) == NOTE
    for at in range(len(value)):
        changed = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
        # Base64 may have spare bits before its padding.
        if decoded(changed) != decoded(value):
            assert read(app, changed) == {}
    assert [read(app, value) for value in ("", "x", "é", value[:-4], value[1:])] == [{}] * 5


def test_a_character_that_base64_ignores_changes_nothing(interface):
    app = server(interface)
    value = cookie(app, note="Buy a ring")
    assert decoded(value + "~") == decoded(value)
    assert read(app, value + "~") == NOTE


def test_another_key_gives_an_empty_session(interface):
    assert read(server(interface, "another key"), cookie(server(interface), note="Buy a ring")) == {}


def test_flask_s_types_come_back(interface):
    app = server(interface)
    values = {"when": datetime(2026, 11, 22, tzinfo=UTC), "pair": (1, 2), "bytes": b"\xff"}
    assert read(app, cookie(app, **values)) == values


def test_an_old_cookie_gives_an_empty_session(interface, clock):
    app = server(interface)
    value = cookie(app, note="Buy a ring")
    clock.tick(31 * DAY)
    assert read(app, value) == NOTE
    clock.tick(1)
    assert read(app, value) == {}


def test_a_cookie_that_flask_signed_gives_an_empty_session(interface):
    signed = cookie(server(SecureCookieSessionInterface), note="Buy a ring")
    assert read(server(interface), signed) == {}


def test_the_fallback_decrypts_and_the_key_encrypts(interface):
    old, both, new = server(interface, "old"), server(interface, "new", ["old"]), server(interface, "new")
    before = cookie(old, note="Buy a ring")
    assert [read(app, before) for app in (old, both, new)] == [NOTE, NOTE, {}]
    after = cookie(both, note="Buy a ring")
    assert [read(app, after) for app in (old, both, new)] == [{}, NOTE, NOTE]


def test_the_app_takes_fallbacks_from_the_environment(load, client, monkeypatch):
    assert client.application.config["SECRET_KEY_FALLBACKS"] == []
    client.application.secret_key = "old-key"  # noqa: S105
    client.post("/", data=NOTE)
    for fallbacks, note in (("", "none"), ("another", "none"), ("another old-key", "Buy a ring")):
        monkeypatch.setenv("SECRET_KEY_FALLBACKS", fallbacks)
        visitor = load("app.py").test_client()
        visitor.set_cookie("session", client.get_cookie("session").value)
        assert f"Your note: {note}" in visitor.get("/").text


def test_an_old_copy_works_again(client):
    client.post("/", data=NOTE)
    copy = client.get_cookie("session").value
    client.post("/", data={"note": "Sell the ring"})
    client.set_cookie("session", copy)
    assert "Your note: Buy a ring" in client.get("/").text


def test_the_length_shows_how_much_is_stored(interface):
    app = server(interface)
    assert len(cookie(app, note="x" * 200)) > len(cookie(app, note="x" * 100)) > len(cookie(app, note=""))


def test_a_browser_keeps_up_to_3007_bytes_of_json(interface):
    app = server(interface)
    app.add_url_rule("/<int:size>", view_func=lambda size: session.update(a="x" * (size - len('{"a":""}'))) or "")
    app.add_url_rule("/size", "size", lambda: str(len(session.get("a", "")) + len('{"a":""}')))
    app.config["MAX_COOKIE_SIZE"] = 0
    for size, kept in ((3007, b"3007"), (3008, b"8")):
        browser = Browser(app)
        browser.request("GET", f"/{size}")
        assert browser.request("GET", "/size").body == kept


def test_flask_compresses_a_session_and_the_encryption_does_not(interface):
    plain, encrypted = (cookie(server(each), note="tea " * 500) for each in (SecureCookieSessionInterface, interface))
    assert len(plain) < 150
    assert len(encrypted) > 2600


def test_a_small_cookie_is_40_to_65_bytes_longer(interface):
    for name in ("", "ada", "alan", "grace", "an unknown visitor", "somebody with quite a long name"):
        plain, encrypted = (cookie(server(each), user=name) for each in (SecureCookieSessionInterface, interface))
        assert 40 <= len(encrypted) - len(plain) <= 65


def test_without_a_key_writing_raises(interface):
    app = server(interface, key=None)
    app.testing = True
    app.add_url_rule("/", view_func=lambda: session.update(a=1) or "")
    with pytest.raises(RuntimeError, match="no secret key was set"):
        app.test_client().get("/")


def test_the_cookie_is_secure_and_httponly(client):
    (header,) = client.post("/", data=NOTE).headers.getlist("Set-Cookie")
    assert header.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


def test_the_note_is_escaped_and_short(client):
    note = "<b>" + "x" * 500
    client.post("/", data={"note": note})
    assert f"Your note: {escape(note[:200])}</p>" in client.get("/").text


def test_wrong_cannot_decrypt_after_a_restart(load):
    client = load("wrong.py").test_client()
    client.post("/", data=NOTE)
    assert "Your note: Buy a ring" in client.get("/").text
    restarted = load("wrong.py").test_client()
    restarted.set_cookie("session", client.get_cookie("session").value)
    assert restarted.get("/").status_code == 500


def test_wrong_shows_the_names_of_the_values(load):
    client = load("wrong.py").test_client()
    client.post("/", data=NOTE)
    text = decoded(client.get_cookie("session").value)
    assert b"note" in text
    assert b"ring" not in text
