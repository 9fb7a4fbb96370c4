"""Tests of docs/recipes/sign-out-at-the-latest-after.md."""

import base64
from datetime import timedelta

import pytest
from flask import session

from live.worker.browser import Browser

HOUR = 3600
ADA = {"user": "ada", "password": "lovelace"}


@pytest.fixture
def ada(visitor, clock):
    """Ada's browser, signed in."""
    visitor.request("POST", "/", ADA)
    return visitor


def greets(browser):
    """Whether the page greets Ada."""
    return b"Signed in as ada." in browser.request("GET", "/").body


def thief_of(browser):
    """Another browser, with a copy of the cookie."""
    thief = Browser(browser.app)
    thief.load(browser.dump())
    return thief


def hours_signed_in(browser, clock):
    """For how many of the next 24 hours somebody stays signed in who comes once an hour."""
    hours = 0
    while hours < 24 and greets(browser):
        clock.tick(HOUR)
        hours += 1
    return hours


def page_that_writes():
    """A view function that changes the session."""
    session["seen"] = True
    return f"Signed in as {session.get('user')}."


def test_after_8_hours_ada_has_to_sign_in_again(ada, clock):
    assert hours_signed_in(ada, clock) == 8
    ada.request("POST", "/", ADA)
    assert greets(ada)
    ada.request("POST", "/sign-out")
    assert not greets(ada)


def test_a_wrong_password_is_rejected(client):
    response = client.post("/", data=ADA | {"password": "guess"})
    assert response.status_code == 403
    assert "The name or the password is wrong." in response.text
    assert "Set-Cookie" not in response.headers
    assert "Signed in" not in client.get("/").text


def test_an_unknown_name_gets_the_same_response(client, hashes):
    responses = []
    for fields in (ADA | {"password": "guess"}, ADA | {"user": "grace"}):
        response = client.post("/", data=fields)
        responses.append((response.status_code, response.text, list(response.headers), len(hashes)))
        hashes.clear()
    assert responses[0] == responses[1]
    assert responses[0][-1] == 1


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/", data=ADA).status_code in (302, 303)
    assert client.post("/", data=ADA | {"user": "grace"}).status_code == 403


def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in as ada." in client.get("/").text


@pytest.mark.parametrize("name", ["app.py", "per_user.py"])
def test_the_cookie_is_secure_and_stays_out_of_other_sites_forms(load, name):
    client = load(name).test_client()
    with client.session_transaction() as before:
        before["cart"] = ["tea"]
    (cookie,) = client.post("/", data=ADA).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]
    with client.session_transaction() as after:
        assert set(after) == {"user", "signed_in_at"}


def test_neither_reading_nor_writing_moves_the_end(ada, app, clock):
    app.view_functions["index"] = page_that_writes
    assert hours_signed_in(ada, clock) == 8


def test_the_view_function_finds_an_empty_session(app, clock):
    for path in ("/", "/another", "/third"):
        app.add_url_rule(path, path, lambda: dict(session), methods=["GET", "PUT"])
    app.view_functions["index"] = lambda: dict(session)
    for method, path in (("GET", "/"), ("GET", "/another"), ("PUT", "/third")):
        ada = Browser(app)
        ada.request("POST", "/", ADA)
        assert b"ada" in ada.request(method, path).body
        clock.tick(8 * HOUR)
        assert ada.request(method, path).body == b"{}\n"


def test_static_files_carry_vary(ada):
    assert ada.request("GET", "/static/style.css").header("Vary") == "Cookie"


def test_a_changed_time_is_rejected(ada):
    later = base64.urlsafe_b64encode(b'{"signed_in_at":2000000000,"user":"ada"}').decode().rstrip("=")
    _, dot, rest = ada.cookies[0].value.partition(".")
    ada.receive(f"session={later}{dot}{rest}; Path=/")
    assert not greets(ada)


def test_a_session_without_a_time_counts_as_too_old(client):
    with client.session_transaction() as before:
        before["user"] = "ada"
    assert "Signed in" not in client.get("/").text


def test_a_new_visitor_gets_no_cookie(visitor):
    assert visitor.request("GET", "/").header("Set-Cookie") is None


def test_a_stolen_copy_ends_at_the_same_time(ada, clock):
    thief = thief_of(ada)
    ada.request("POST", "/sign-out")
    assert hours_signed_in(thief, clock) == 8


@pytest.fixture
def wrong(load, clock):
    """Ada's browser, signed in to wrong.py."""
    browser = Browser(load("wrong.py"))
    browser.request("POST", "/", ADA)
    return browser


def test_wrong_never_ends_for_those_who_keep_coming(wrong, clock):
    assert hours_signed_in(wrong, clock) == 24


def test_wrong_lets_a_thief_stay(wrong, clock):
    thief = thief_of(wrong)
    wrong.request("POST", "/sign-out")
    assert not greets(wrong)
    assert hours_signed_in(thief, clock) == 24


def test_without_refresh_a_write_still_moves_the_end(wrong, clock):
    wrong.app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    reader = thief_of(wrong)
    assert hours_signed_in(reader, clock) == 8
    wrong.app.view_functions["index"] = page_that_writes
    wrong.request("POST", "/", ADA)
    assert hours_signed_in(wrong, clock) == 24


@pytest.mark.parametrize(("every", "minutes"), [(20, 20), (10, 480)], ids=["idle", "busy"])
def test_an_idle_timeout_can_be_added(visitor, app, clock, every, minutes):
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(minutes=15)
    sign_in = app.view_functions["sign_in"]
    app.view_functions["sign_in"] = lambda: (sign_in(), setattr(session, "permanent", True))[0]
    visitor.request("POST", "/", ADA)
    passed = 0
    while greets(visitor):
        clock.tick(every * 60)
        passed += every
    assert passed == minutes


def test_per_user_ada_and_alan_have_different_limits(load, clock):
    app = load("per_user.py")
    ada, alan = Browser(app), Browser(app)
    ada.request("POST", "/", ADA)
    alan.request("POST", "/", {"user": "alan", "password": "turing"})
    clock.tick(15 * 60 - 1)
    assert greets(ada)
    clock.tick(1)
    assert not greets(ada)
    clock.tick(8 * HOUR - 15 * 60 - 1)
    assert b"Signed in as alan." in alan.request("GET", "/").body
    clock.tick(1)
    assert b"Signed in as" not in alan.request("GET", "/").body
    ada.request("POST", "/", ADA)
    assert greets(ada)
    ada.request("POST", "/sign-out")
    assert not greets(ada)


def test_a_lifetime_set_for_one_user_applies_to_all(app, clock):
    def shorten():
        app.permanent_session_lifetime = timedelta(minutes=15)
        return "shortened"

    app.add_url_rule("/admin", view_func=shorten)
    ada, alan = Browser(app), Browser(app)
    for browser, fields in ((ada, ADA), (alan, {"user": "alan", "password": "turing"})):
        browser.request("POST", "/", fields)
    ada.request("GET", "/admin")
    clock.tick(15 * 60 + 1)
    assert b"Signed in as" not in alan.request("GET", "/").body
