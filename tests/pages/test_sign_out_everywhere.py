"""Proofs for docs/recipes/sign-out-everywhere.md."""

import sqlite3

import pytest

ADA = {"user": "ada", "password": "lovelace"}


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path, monkeypatch):
    """Let the app make its database in an empty folder."""
    monkeypatch.chdir(tmp_path)


def sql(command):
    """Run a command in the app's database; its first row comes back."""
    with sqlite3.connect("users.db") as database:
        row = database.execute(command).fetchone()
    database.close()
    return row


def signed_in(app):
    """A browser in which Ada has signed in; the check of her password, which takes long, is left out."""
    client = app.test_client()
    with client.session_transaction() as stored:
        stored["user"], stored["version"] = sql("SELECT name, version FROM users")
    return client


def copy_of(client):
    """Another browser, with a copy of this one's cookie."""
    copy = client.application.test_client()
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


def test_signing_in_again_gives_a_session_of_the_new_version(app):
    laptop = signed_in(app)
    laptop.post("/sign-out-everywhere")
    laptop.post("/sign-in", data=ADA)
    with laptop.session_transaction() as stored:
        assert dict(stored) == {"user": "ada", "version": 2}
    assert is_in(laptop)


def test_the_session_holds_a_name_and_a_version(client):
    client.post("/sign-in", data=ADA)
    with client.session_transaction() as stored:
        assert dict(stored) == {"user": "ada", "version": 1}


def test_other_users_stay_signed_in(app):
    laptop = signed_in(app)
    sql("INSERT INTO users (name, password) VALUES ('alan', '')")
    alan = app.test_client()
    with alan.session_transaction() as stored:
        stored["user"], stored["version"] = "alan", 1
    laptop.post("/sign-out-everywhere")
    assert "Signed in as alan." in alan.get("/").text


def test_a_user_who_is_deleted_is_signed_out(app):
    laptop = signed_in(app)
    sql("DELETE FROM users")
    assert not is_in(laptop)


def test_a_session_without_a_version_is_not_signed_in(app):
    laptop = signed_in(app)
    with laptop.session_transaction() as stored:
        del stored["version"]
    assert not is_in(laptop)


def test_who_is_not_signed_in_ends_nobody_s_session(app):
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


def test_the_version_outlives_a_restart_of_the_server(load):
    laptop = signed_in(load("app.py"))
    copy = laptop.get_cookie("session").value
    laptop.post("/sign-out-everywhere")
    thief = load("app.py").test_client()
    thief.set_cookie("session", copy)
    assert not is_in(thief)


@pytest.mark.parametrize("fields", [ADA | {"password": "guess"}, ADA | {"user": "grace"}])
def test_a_wrong_name_or_password_does_not_sign_in(client, fields):
    answer = client.post("/sign-in", data=fields)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_database_holds_a_hash_of_the_password(app):
    (password,) = sql("SELECT password FROM users")
    assert password.startswith("scrypt:32768:8:1$")
    assert "lovelace" not in password


def test_each_request_asks_the_database_once(app, monkeypatch):
    laptop, asked = signed_in(app), []
    users = app.view_functions["index"].__globals__["users"]
    query = users.query
    monkeypatch.setattr(users, "query", lambda *sql: asked.append(sql) or query(*sql))
    laptop.get("/")
    assert len(asked) == 1


def test_wrong_leaves_a_copy_and_the_other_browser_signed_in(load):
    app = load("wrong.py")
    phone, laptop = signed_in(app), app.test_client()
    laptop.post("/sign-in", data=ADA)
    thief = copy_of(laptop)
    laptop.post("/sign-out-everywhere")
    assert not is_in(laptop)
    assert is_in(phone)
    assert is_in(thief)
