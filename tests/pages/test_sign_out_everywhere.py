"""Tests of docs/recipes/sign-out-everywhere.md."""

import sqlite3
from contextlib import closing

import pytest

ADA = {"user": "ada", "password": "lovelace"}


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path, monkeypatch):
    """Let the app make its database in an empty folder."""
    monkeypatch.chdir(tmp_path)


def sql(command):
    """Run a command in the app's database; its first row comes back."""
    with closing(sqlite3.connect("users.db")) as database, database:
        return database.execute(command).fetchone()


def signed_in(app, fields=ADA):
    """A browser in which Ada, or another user, has signed in."""
    client = app.test_client()
    assert client.post("/sign-in", data=fields).status_code in (302, 303)
    return client


def add(app, name):
    """Register a user, with Ada's password, as the page's users.py does it."""
    users = app.view_functions["index"].__globals__["users"]
    users.add(name, users.ADA)


def copy_of(client, app=None):
    """Another browser, with a copy of this one's cookie, at the same app or at a restarted one."""
    copy = (app or client.application).test_client()
    copy.set_cookie("session", client.get_cookie("session").value)
    return copy


def is_in(client):
    """Whether this browser is signed in."""
    return "Signed in as ada." in client.get("/").text


def test_signing_out_ends_all_sessions_of_this_user(app):
    phone, laptop = signed_in(app), signed_in(app)
    assert is_in(phone)
    laptop.post("/sign-out-everywhere")
    assert not is_in(laptop)
    assert not is_in(phone)


def test_a_stolen_copy_ends_too(app):
    laptop = signed_in(app)
    thief = copy_of(laptop)
    laptop.post("/sign-out-everywhere")
    assert not is_in(thief)


def tokens(app):
    """The tokens of ten sign-ins of Ada, each followed by *Sign out everywhere*."""
    found = []
    for _ in range(10):
        laptop = signed_in(app)
        with laptop.session_transaction() as stored:
            found.append(stored["token"])
        assert is_in(laptop)
        laptop.post("/sign-out-everywhere")
    return found


def test_signing_in_again_gives_a_session_with_a_new_token(app):
    assert len(set(tokens(app))) == 10


def test_a_token_is_32_random_bytes(app, load, monkeypatch):
    assert [len(bytes.fromhex(token)) for token in tokens(app)] == [32] * 10
    sql("DROP TABLE users")
    monkeypatch.setattr("secrets.token_bytes", lambda _: b"from secrets")
    assert set(tokens(load("app.py"))) == {b"from secrets".hex()}


def test_the_session_contains_a_token_and_nothing_else(app):
    laptop = signed_in(app)
    with laptop.session_transaction() as stored:
        assert dict(stored) == {"token": sql("SELECT token FROM users")[0]}


def test_signing_in_removes_what_was_in_the_session(client):
    with client.session_transaction() as before:
        before["note"] = "of an earlier user"
    client.post("/sign-in", data=ADA)
    with client.session_transaction() as after:
        assert set(after) == {"token"}


def test_other_users_stay_signed_in(app):
    laptop = signed_in(app)
    add(app, "alan")
    alan = signed_in(app, ADA | {"user": "alan"})
    laptop.post("/sign-out-everywhere")
    assert "Signed in as alan." in alan.get("/").text


def test_a_user_who_is_deleted_is_signed_out(app):
    laptop = signed_in(app)
    sql("DELETE FROM users")
    assert not is_in(laptop)


def test_a_deleted_name_that_is_registered_again_gets_no_old_session(app, load):
    laptop = signed_in(app)
    revoked = copy_of(laptop)
    laptop.post("/sign-out-everywhere")
    phone = signed_in(app)
    for each in (app, load("app.py")):
        sql("DELETE FROM users")
        add(each, "ada")
        assert not is_in(copy_of(revoked, each))
        assert not is_in(copy_of(phone, each))
        assert is_in(signed_in(each))


def test_a_restart_does_not_bring_a_deleted_user_back(app, load):
    sql("DELETE FROM users")
    assert load("app.py").test_client().post("/sign-in", data=ADA).status_code == 403


def test_a_session_without_a_token_is_not_signed_in(client):
    with client.session_transaction() as stored:
        stored["user"] = "ada"
    assert not is_in(client)


def test_a_visitor_who_is_not_signed_in_cannot_end_a_session(app):
    laptop = signed_in(app)
    app.test_client().post("/sign-out-everywhere")
    assert is_in(laptop)


def test_an_old_copy_cannot_end_the_newer_sessions(app):
    laptop = signed_in(app)
    copy = copy_of(laptop)
    laptop.post("/sign-out-everywhere")
    laptop = signed_in(app)
    copy.post("/sign-out-everywhere")
    assert is_in(laptop)


def test_opening_the_address_ends_nothing(app):
    laptop = signed_in(app)
    assert laptop.get("/sign-out-everywhere").status_code == 405
    assert is_in(laptop)


def test_a_restart_keeps_sessions_and_revocations(app, load):
    laptop = signed_in(app)
    copy = copy_of(laptop)
    laptop.post("/sign-out-everywhere")
    phone = signed_in(app)
    restarted = load("app.py")
    assert not is_in(copy_of(copy, restarted))
    assert is_in(copy_of(phone, restarted))


def change_password(client, **fields):
    """The response to the form that changes the password."""
    return client.post("/password", data={"password": "lovelace", "new": "analytical engine"} | fields)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(app):
    phone, laptop = signed_in(app), signed_in(app)
    thief = copy_of(laptop)
    change_password(laptop)
    assert is_in(laptop)
    assert not is_in(phone)
    assert not is_in(thief)


def test_a_new_password_takes_the_place_of_the_old_one(app, load):
    change_password(signed_in(app))
    for each in (app, load("app.py")):
        assert each.test_client().post("/sign-in", data=ADA).status_code == 403
        assert is_in(signed_in(each, ADA | {"password": "analytical engine"}))


@pytest.mark.parametrize("name", ["app.py", "wrong.py"])
def test_a_new_password_needs_8_characters(load, name):
    laptop = signed_in(load(name))
    for new in ("", "1234567"):
        response = change_password(laptop, new=new)
        assert response.status_code == 400
        assert "A new password needs at least 8 characters." in response.text
        assert is_in(laptop)
        assert is_in(signed_in(laptop.application))
    assert change_password(laptop, new="12345678").status_code in (302, 303)


def test_a_thief_needs_the_old_password_to_set_a_new_one(app):
    laptop = signed_in(app)
    thief = copy_of(laptop)
    assert change_password(thief, password="guess").status_code == 403  # noqa: S106
    assert change_password(app.test_client()).status_code in (302, 303)
    assert is_in(laptop)
    assert is_in(signed_in(app))


def test_a_wrong_name_or_password_does_not_sign_in(client, hashes):
    responses = []
    for fields in (ADA | {"password": "guess"}, ADA | {"user": "grace"}):
        response = client.post("/sign-in", data=fields)
        responses.append((response.status_code, response.text, list(response.headers), len(hashes)))
        hashes.clear()
    assert responses[0] == responses[1]
    status, text, headers, computed = responses[0]
    assert status == 403
    assert "The name or the password is wrong." in text
    assert "Set-Cookie" not in dict(headers)
    assert computed == 1


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/sign-in", data=ADA).status_code in (302, 303)
    assert client.post("/sign-in", data=ADA | {"user": "grace"}).status_code == 403


def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-in", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in as ada." in client.get("/").text


def test_the_cookie_is_secure_and_stays_out_of_other_sites_forms(client):
    (cookie,) = client.post("/sign-in", data=ADA).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


def test_the_database_contains_a_hash_of_the_password(app):
    (password,) = sql("SELECT password FROM users")
    assert password.startswith("scrypt:32768:8:1$")
    assert "lovelace" not in password


def test_opening_a_page_asks_the_database_once(app, monkeypatch):
    laptop, asked = signed_in(app), []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda name: asked.append(name) or connect(name))
    assert is_in(laptop)
    assert len(asked) == 1


def test_wrong_keeps_a_thief_signed_in_after_a_new_password(load):
    laptop = signed_in(load("wrong.py"))
    thief = copy_of(laptop)
    assert change_password(laptop, password="guess").status_code == 403  # noqa: S106
    assert change_password(laptop).status_code in (302, 303)
    assert is_in(thief)


def test_wrong_leaves_a_copy_and_the_other_browser_signed_in(load):
    app = load("wrong.py")
    phone, laptop = signed_in(app), app.test_client()
    laptop.post("/sign-in", data=ADA)
    thief = copy_of(laptop)
    laptop.post("/sign-out-everywhere")
    assert not is_in(laptop)
    assert is_in(phone)
    assert is_in(thief)
