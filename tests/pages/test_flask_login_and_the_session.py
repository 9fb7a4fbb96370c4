"""Tests of docs/recipes/flask-login-and-the-session.md."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta

import flask_login
import pytest
from flask import redirect, session
from flask_login import FlaskLoginClient, current_user, login_required, login_user, logout_user

from live.worker.browser import Browser

ADA = {"user": "ada", "password": "lovelace"}
BOX = {"remember": "on"}
DAY = 24 * 3600
HTTPS = {"base_url": "https://localhost"}
PHONE = {"User-Agent": "Phone"}


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path, monkeypatch):
    """Let the app make its database in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def looked_up(app, monkeypatch):
    """The tokens that user_loader looked up."""
    found, users = [], users_of(app)
    real = users.by_token
    monkeypatch.setattr(users, "by_token", lambda token: found.append(token) or real(token))
    return found


def users_of(app):
    """The module users.py of this app."""
    return app.view_functions["sign_in"].__globals__["users"]


def sql(command):
    """Run a command in the app's database; its first row comes back."""
    with closing(sqlite3.connect("users.db")) as database, database:
        return database.execute(command).fetchone()


def sign_in(client, fields=ADA, **options):
    """Log in with these fields; the response comes back."""
    response = client.post("/sign-in", data=fields, **HTTPS, **options)
    assert response.status_code in (302, 303)
    return response


def signed_in(app, fields=ADA):
    """A browser in which this user has logged in."""
    client = app.test_client()
    sign_in(client, fields)
    return client


def is_in(client, name="ada", **options):
    """Whether this browser is logged in."""
    return f"Signed in as {name}." in client.get("/", **HTTPS, **options).text


def copy_of(client, *names):
    """Another browser, with a copy of these cookies."""
    copy = client.application.test_client()
    for name in names:
        copy.set_cookie(name, client.get_cookie(name).value)
    return copy


def keys(client):
    """What this browser's session contains."""
    with client.session_transaction(**HTTPS) as stored:
        return dict(stored)


def names_set(response):
    """The names of the cookies that a response sets or deletes."""
    return sorted(header.partition("=")[0] for header in response.headers.getlist("Set-Cookie"))


def write(client, **values):
    """Put values into this browser's session."""
    with client.session_transaction(**HTTPS) as stored:
        stored.update(values)


def test_the_remember_cookie_logs_ada_in_after_the_browser_was_closed(app):
    for fields, remembered in ((ADA | BOX, True), (ADA, False)):
        visitor = Browser(app)
        visitor.request("POST", "/sign-in", fields)
        assert b"Signed in as ada." in visitor.request("GET", "/").body
        visitor.close()
        assert (b"Signed in as ada." in visitor.request("GET", "/").body) is remembered


def test_a_restored_login_is_not_fresh(app):
    client = signed_in(app, ADA | BOX)
    assert "ends in 1815" in client.get("/payments", **HTTPS).text
    restored = copy_of(client, "remember_token")
    assert is_in(restored)
    assert keys(restored)["_fresh"] is False
    response = restored.get("/payments", **HTTPS)
    assert response.status_code == 302
    assert "ends in 1815" not in restored.get(response.headers["Location"], **HTTPS).text
    sign_in(restored)
    assert "ends in 1815" in restored.get("/payments", **HTTPS).text


def test_logging_out_deletes_both_cookies(app):
    client = signed_in(app, ADA | BOX)
    write(client, cart=["tea"])
    response = client.post("/sign-out", **HTTPS)
    assert names_set(response) == ["remember_token", "session"]
    assert client.get_cookie("session") is None
    assert client.get_cookie("remember_token") is None
    assert not is_in(client)


def test_a_login_writes_three_keys(app):
    client = signed_in(app)
    assert set(keys(client)) == {"_user_id", "_fresh", "_id"}
    assert keys(client)["_user_id"] == sql("SELECT token FROM users")[0]
    assert "ada" not in keys(client).values()


def test_the_identifier_is_a_hash_of_address_and_user_agent(app):
    client = app.test_client()
    sign_in(client, headers=PHONE)
    assert keys(client)["_id"] == hashlib.sha512(b"b'127.0.0.1'|b'Phone'").hexdigest()
    remembered = signed_in(app, ADA | BOX)
    restored = copy_of(remembered, "remember_token")
    restored.get("/", **HTTPS)
    assert "_id" not in keys(restored)


def test_the_note_remember_is_gone_from_the_response(app):
    noted = []
    app.after_request_funcs[None].append(lambda response: noted.append(session.get("_remember")) or response)
    client = signed_in(app, ADA | BOX)
    client.post("/sign-out", **HTTPS)
    assert noted == ["set", "clear"]
    client = signed_in(app, ADA | BOX)
    assert "_remember" not in keys(client)


def test_the_key_without_an_underscore_does_not_exist(app):
    app.add_url_rule("/old", view_func=lambda: str(session["user_id"]))
    app.testing = True
    with pytest.raises(KeyError, match="user_id"):
        signed_in(app).get("/old", **HTTPS)


@pytest.mark.browser
def test_asking_two_places_ends_in_a_redirect_loop(app, serve, page):
    app.add_url_rule("/home", "home", lambda: "Home" if session.get("user_id") else redirect("/login"))
    app.add_url_rule("/login", "login", lambda: redirect("/home") if current_user.is_authenticated else "Log in")
    address = f"http://127.0.0.1:{serve(app)}"
    page.goto(f"{address}/home")
    assert page.url == f"{address}/login"
    page.goto(address)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("lovelace")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Signed in as ada.").wait_for()
    with pytest.raises(Exception, match="ERR_TOO_MANY_REDIRECTS"):
        page.goto(f"{address}/home")


def test_each_request_that_needs_the_user_loads_it_once(app, looked_up):
    app.add_url_rule("/twice", view_func=lambda: f"{current_user.name} {current_user.name}")
    client = signed_in(app)
    for path in ("/", "/payments", "/twice"):
        looked_up.clear()
        assert client.get(path, **HTTPS).status_code == 200
        assert len(looked_up) == 1


def test_a_request_that_does_not_need_the_user_does_not_load_it(app, looked_up):
    app.add_url_rule("/plain", view_func=lambda: "plain")
    client = signed_in(app)
    looked_up.clear()
    assert client.get("/plain", **HTTPS).text == "plain"
    assert looked_up == []


def test_user_loader_gets_a_string(app):
    class Numbered(flask_login.UserMixin):
        id = 7

    given = []
    app.login_manager.user_loader(lambda user_id: given.append(user_id) or {7: Numbered()}.get(user_id))
    app.add_url_rule("/seven", view_func=lambda: str(login_user(Numbered())))
    client = app.test_client()
    client.get("/seven", **HTTPS)
    assert "Sign in" in client.get("/", **HTTPS).text
    assert given == ["7"]
    app.login_manager.user_loader(lambda user_id: {7: Numbered()}.get(int(user_id)))
    assert "Sign out" in client.get("/", **HTTPS).text


def test_a_deleted_user_is_anonymous(app):
    client = signed_in(app)
    assert is_in(client)
    sql("DELETE FROM users")
    assert not is_in(client)
    assert "Sign in" in client.get("/", **HTTPS).text


def test_an_inactive_user_is_not_logged_in(app):
    class Inactive(flask_login.UserMixin):
        id, is_active = 1, False

    app.add_url_rule("/inactive", view_func=lambda: f"{login_user(Inactive())} {current_user.is_authenticated}")
    response = app.test_client().get("/inactive", **HTTPS)
    assert response.text == "False False"
    assert "Set-Cookie" not in response.headers


def test_login_required_above_the_route_protects_nothing(app):
    @login_required
    @app.get("/above")
    def above():
        return "open"

    @app.get("/below")
    @login_required
    def below():
        return "guarded"

    client = app.test_client()
    assert client.get("/above").text == "open"
    assert client.get("/below").status_code == 302


def test_settings_of_the_session_cookie_do_not_apply_to_the_remember_cookie(app):
    for name in ("SECURE", "SAMESITE"):
        assert app.config[f"SESSION_COOKIE_{name}"]
        del app.config[f"REMEMBER_COOKIE_{name}"]
    remember, own = sign_in(app.test_client(), ADA | BOX).headers.getlist("Set-Cookie")
    assert remember.startswith("remember_token=")
    assert "Secure" not in remember
    assert "SameSite" not in remember
    assert own.endswith("; Secure; HttpOnly; Path=/; SameSite=Lax")
    app.config["REMEMBER_COOKIE_SECURE"] = True
    assert "; Secure" in sign_in(app.test_client(), ADA | BOX).headers.getlist("Set-Cookie")[0]


def test_the_defaults_of_the_remember_cookie(app, clock):
    def flags():
        remember = sign_in(app.test_client(), ADA | BOX).headers.getlist("Set-Cookie")[0]
        return remember.split("; ")[1:]

    assert flags() == ["Expires=Tue, 22 Dec 2026 12:00:00 GMT", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"]
    for name in ("SECURE", "SAMESITE", "DURATION"):
        del app.config[f"REMEMBER_COOKIE_{name}"]
    assert flags() == ["Expires=Mon, 22 Nov 2027 12:00:00 GMT", "HttpOnly", "Path=/"]
    assert timedelta(days=365) == flask_login.COOKIE_DURATION


@pytest.mark.parametrize("refresh", [True, False])
def test_refreshing_on_each_request_remembers_everybody(app, refresh):
    app.config["REMEMBER_COOKIE_REFRESH_EACH_REQUEST"] = refresh
    response = sign_in(app.test_client())
    assert ("remember_token" in names_set(response)) is refresh


def test_a_copied_remember_cookie_outlives_its_date(app, clock):
    visitor, thief = Browser(app), app.test_client()
    visitor.request("POST", "/sign-in", ADA | BOX)
    visitor.close()
    (cookie,) = visitor.cookies
    value = cookie.value
    thief.set_cookie("remember_token", value)
    token, signature = value.split("|")
    assert token == sql("SELECT token FROM users")[0]
    assert len(signature) == 128
    clock.tick(30 * DAY + 1)
    assert b"Signed in as ada." not in visitor.request("GET", "/").body
    assert is_in(thief)
    clock.tick(10 * 365 * DAY)
    assert is_in(thief)
    forged = app.test_client()
    forged.set_cookie("remember_token", f"{token}|{'0' * 128}")
    assert not is_in(forged)


def test_the_remember_cookie_is_the_same_at_each_login(app, clock):
    values = set()
    for _ in range(5):
        client = signed_in(app, ADA | BOX)
        values.add(client.get_cookie("remember_token").value)
        clock.tick(DAY)
        client.delete_cookie("session")
        assert is_in(client)
        values.add(client.get_cookie("remember_token").value)
    assert len(values) == 1


@pytest.mark.parametrize("remembered", [True, False])
def test_an_expired_session_starts_again_from_the_remember_cookie(app, clock, remembered):
    app.config["PERMANENT_SESSION_LIFETIME"] = 60
    client = signed_in(app, ADA | (BOX if remembered else {}))
    write(client, cart=["tea"])
    clock.tick(61)
    assert is_in(client) is remembered
    assert "cart" not in keys(client)


def test_logout_user_leaves_the_other_keys(app):
    app.add_url_rule("/out", view_func=lambda: str(logout_user()))
    client = signed_in(app, ADA | BOX)
    write(client, cart=["tea"])
    client.get("/out", **HTTPS)
    assert keys(client) == {"cart": ["tea"]}
    assert client.get_cookie("remember_token") is None


def test_a_login_ends_the_remembered_login_of_another_user(app):
    users = users_of(app)
    users.add("alan", users.ADA)
    client = signed_in(app, ADA | BOX | {"user": "alan"})
    client.delete_cookie("session")
    sign_in(client)
    assert is_in(client)
    assert client.get_cookie("remember_token") is None
    client.delete_cookie("session")
    assert not is_in(client, "alan")


def test_wrong_logs_ada_in_again_after_her_logout(load):
    client = signed_in(load("wrong.py"))
    for _ in range(2):
        client.post("/sign-out", **HTTPS)
        assert is_in(client)
    assert client.post("/sign-in", data=ADA | {"password": "guess"}, **HTTPS).status_code == 403


def test_clear_without_logout_user_keeps_ada_logged_in(app):
    app.add_url_rule("/clear", view_func=lambda: str(session.clear()))
    for fields, remembered in ((ADA | BOX, True), (ADA, False)):
        client = signed_in(app, fields)
        client.get("/clear", **HTTPS)
        assert is_in(client) is remembered


@pytest.mark.parametrize("name", ["session", "remember_token"])
def test_copies_of_both_cookies_still_work_after_a_logout(app, name):
    client = signed_in(app, ADA | BOX)
    thief = copy_of(client, name)
    client.post("/sign-out", **HTTPS)
    assert not is_in(client)
    assert is_in(thief)


@pytest.mark.parametrize("name", ["session", "remember_token"])
def test_sign_out_everywhere_ends_the_copies_of_both_cookies(app, name):
    client, phone = signed_in(app, ADA | BOX), signed_in(app, ADA | BOX)
    thief = copy_of(client, name)
    before = sql("SELECT token FROM users")[0]
    stranger = app.test_client()
    assert stranger.post("/sign-out-everywhere", **HTTPS).status_code == 302
    assert is_in(phone)
    client.post("/sign-out-everywhere", **HTTPS)
    after = sql("SELECT token FROM users")[0]
    assert len(after) == len(before) == 64
    assert after != before
    assert not any(is_in(each) for each in (client, phone, thief))
    sign_in(client)
    assert is_in(client)
    assert not is_in(thief)


def test_fallback_keys_keep_the_session_but_not_the_remember_cookie(app):
    client = signed_in(app, ADA | BOX)
    session_only, remember_only = copy_of(client, "session"), copy_of(client, "remember_token")
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.secret_key = "the next key"  # noqa: S105
    assert is_in(session_only)
    assert not is_in(remember_only)


def test_basic_only_takes_away_the_freshness(app):
    client = signed_in(app)
    assert app.login_manager.session_protection == "basic"
    assert is_in(client)
    assert keys(client)["_fresh"] is True
    assert is_in(client, headers=PHONE)
    assert keys(client)["_fresh"] is False


def test_strong_logs_out_and_keeps_other_keys(app):
    app.login_manager.session_protection = "strong"
    client = signed_in(app, ADA | BOX)
    write(client, cart=["tea"])
    assert is_in(client)
    assert not is_in(client, headers=PHONE)
    assert keys(client) == {"cart": ["tea"]}
    assert client.get_cookie("remember_token") is None


def test_strong_is_basic_for_a_permanent_session(app):
    app.login_manager.session_protection = "strong"
    client = signed_in(app)
    write(client, _permanent=True)
    assert is_in(client, headers=PHONE)
    assert keys(client)["_fresh"] is False


def test_without_protection_nothing_happens(app):
    app.login_manager.session_protection = None
    client = signed_in(app)
    before = keys(client)
    assert is_in(client, headers=PHONE)
    assert keys(client) == before


@pytest.mark.parametrize(("protection", "second"), [("basic", True), ("strong", False)])
def test_strong_ends_a_restored_login_at_the_second_request(app, protection, second):
    app.login_manager.session_protection = protection
    client = signed_in(app, ADA | BOX)
    client.delete_cookie("session")
    assert is_in(client)
    assert "_id" not in keys(client)
    assert is_in(client) is second
    assert (client.get_cookie("remember_token") is not None) is second


def test_strong_sets_cookies_for_anonymous_visitors_again_and_again(app):
    app.login_manager.session_protection = "strong"
    client = app.test_client()
    write(client, cart=["tea"])
    for _ in range(5):
        assert names_set(client.get("/", **HTTPS)) == ["remember_token", "session"]


def test_basic_marks_an_anonymous_session_once(app):
    client = app.test_client()
    write(client, cart=["tea"])
    assert names_set(client.get("/", **HTTPS)) == ["session"]
    assert keys(client) == {"cart": ["tea"], "_fresh": False}
    for _ in range(5):
        assert names_set(client.get("/", **HTTPS)) == []


def test_a_forged_forwarded_header_passes_strong(app):
    app.login_manager.session_protection = "strong"
    client = app.test_client()
    sign_in(client, headers=PHONE, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    for header, passes in (({}, False), ({"X-Forwarded-For": "198.51.100.7"}, True)):
        thief = copy_of(client, "session")
        assert is_in(thief, headers=PHONE | header, environ_base={"REMOTE_ADDR": "203.0.113.9"}) is passes


@pytest.mark.parametrize(("protection", "fresh", "inside"), [("basic", 0, 1), ("strong", 0, 0), (None, 1, 1)])
def test_the_test_client_of_flask_login_is_not_fresh_with_protection(app, protection, fresh, inside):
    app.login_manager.session_protection = protection
    app.config["SESSION_COOKIE_SECURE"] = False
    app.test_client_class = FlaskLoginClient
    user = app.login_manager.user_callback(sql("SELECT token FROM users")[0])
    client = app.test_client(user=user)
    assert set(keys(client)) == {"_user_id", "_fresh"}
    assert ("Signed in as ada." in client.get("/").text) is bool(inside)
    assert ("1815" in client.get("/payments").text) is bool(fresh)


@pytest.mark.parametrize("pushed", [True, False])
def test_a_pushed_app_context_logs_in_a_second_client(app, pushed):
    if pushed:
        with app.app_context():
            first, second = signed_in(app), app.test_client()
            assert is_in(first)
            assert is_in(second)
    else:
        first, second = signed_in(app), app.test_client()
        assert is_in(first)
        assert not is_in(second)


@pytest.fixture
def api(app):
    """The app, in which clients of an API are known by a token of their own."""
    user = app.login_manager.user_callback(sql("SELECT token FROM users")[0])
    user.name = "the api"
    app.login_manager.request_loader(lambda request: user if request.headers.get("X-Token") == "right" else None)
    return app


def test_a_wrong_password_is_rejected(client, hashes):
    for number, fields in enumerate([ADA | {"password": "guess"}, ADA | {"user": "grace"}], 1):
        response = client.post("/sign-in", data=fields | BOX, **HTTPS)
        assert len(hashes) == number
        assert response.status_code == 403
        assert "The name or the password is wrong." in response.text
        assert set(keys(client)) <= {"_fresh", "_flashes"}
        assert client.get_cookie("remember_token") is None
        assert client.get("/payments", **HTTPS).status_code == 302


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/sign-in", data=ADA | {"user": "grace"}, **HTTPS).status_code == 403
    sign_in(client)


def test_static_files_are_open_to_strangers(app, tmp_path):
    (tmp_path / "bill.txt").write_text("secret")
    app.static_folder = str(tmp_path)
    client = app.test_client()
    assert client.get("/payments").status_code == 302
    with client.get("/static/bill.txt") as response:
        assert response.text == "secret"


def test_next_is_in_the_address_and_the_app_ignores_it(client):
    response = client.get("/payments", **HTTPS)
    assert response.headers["Location"] == "/?next=%2Fpayments"
    response = client.post("/sign-in?next=https://evil.example/", data=ADA, **HTTPS)
    assert response.headers["Location"] == "/"
