"""Tests of docs/learn/signing-in-and-out.md."""

import hashlib
import importlib

import pytest
from flask import Flask, request
from werkzeug.exceptions import BadRequestKeyError
from werkzeug.security import check_password_hash, generate_password_hash

from tests.support import loading

ADA = {"user": "ada", "password": "lovelace"}
ALAN = {"user": "alan", "password": "turing"}
COST = {"n": 32768, "r": 8, "p": 1}


def scrypt_of(password, other):
    """The hash of a password with the salt of another hash, computed without Werkzeug."""
    method, salt, _ = other.split("$")
    computed = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**15, r=8, p=1, maxmem=132 * 2**15 * 8)
    return f"{method}${salt}${computed.hex()}"


# Each of these characters takes twelve bytes in the cookie, and being different they can't be compressed much.
EMOJI = "".join(chr(0x1F300 + 7 * number) for number in range(200))
BAD = [None, "", "x" * 10_000, "<b>ada</b>", "a\0da"]


@pytest.fixture
def module(folder):
    """Import a module that lies beside app.py: `module("guard")`."""
    with loading.folder_on_path(folder):
        yield importlib.import_module


@pytest.fixture
def guarded(module):
    """An app of one guarded page, and the methods of the requests for which its view function ran."""
    app, ran = Flask("guarded"), []
    app.secret_key = "dev"  # noqa: S105
    app.add_url_rule("/sign-in", "sign_in", lambda: "The form")

    @app.route("/", methods=["GET", "POST"])
    @module("guard").login_required
    def page():
        ran.append(request.method)
        return "The page"

    return app, ran


@pytest.fixture
def guarded_async(module, monkeypatch):
    """Ada, at an app whose guarded view function is an async def."""

    def without_a_loop(function):
        def run(**values):
            with pytest.raises(StopIteration) as end:
                function(**values).send(None)
            return end.value.value

        return run

    # Flask asks asgiref for this. A coroutine that waits for nothing can be run without it.
    monkeypatch.setattr(Flask, "async_to_sync", lambda _, function: without_a_loop(function))
    app = Flask("asynchronous")
    app.secret_key = "dev"  # noqa: S105

    @app.get("/<name>")
    @module("guard").login_required
    async def page(name):
        return f"The page {name}"

    client = app.test_client()
    with client.session_transaction() as stored:
        stored["user"] = "ada"
    return client


@pytest.fixture
def costs(monkeypatch):
    """What each hash that is computed during the test costs."""
    costs, scrypt = [], hashlib.scrypt

    def counted(password, **options):
        costs.append({name: options[name] for name in COST})
        return scrypt(password, **options)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return costs


@pytest.fixture
def users(app):
    """The dictionary of users that the app has imported."""
    return app.view_functions["check"].__globals__["password_fits"].__globals__["users"]


def test_after_logging_in_the_session_contains_the_name(client):
    client.post("/sign-in", data=ADA)
    assert "Signed in as ada." in client.get("/").text
    with client.session_transaction() as stored:
        assert dict(stored) == {"user": "ada"}


def test_the_next_user_does_not_see_the_note_of_the_last(client):
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "Tea at four"})
    assert "Tea at four" in client.get("/").text
    client.post("/sign-in", data=ALAN)
    assert "Your note: none yet" in client.get("/").text


def test_a_failed_login_changes_nothing(client):
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "Tea at four"})
    response = client.post("/sign-in", data=ALAN | {"password": "guess"})
    assert response.status_code == 403
    assert response.headers.getlist("Set-Cookie") == []
    assert "Signed in as ada. Your note: Tea at four" in client.get("/").text


def test_what_was_in_the_session_before_the_login_is_gone(client):
    with client.session_transaction() as stored:
        stored["note"] = "planted"
        stored["role"] = "planted"
    client.post("/sign-in", data=ADA)
    with client.session_transaction() as stored:
        assert dict(stored) == {"user": "ada"}


def test_a_wrong_password_and_an_unknown_name_get_the_same_response(client):
    wrong, unknown = (client.post("/sign-in", data=ADA | {key: "guess"}) for key in ("password", "user"))
    assert wrong.status_code == unknown.status_code == 403
    assert "The name or the password is wrong." in wrong.text
    assert wrong.text == unknown.text
    assert list(wrong.headers) == list(unknown.headers)
    assert "Set-Cookie" not in wrong.headers


def test_an_unknown_name_costs_the_same_hash(client, costs):
    for user in ("ada", "alan", "nobody"):
        client.post("/sign-in", data={"user": user, "password": "guess"})
    assert costs == [COST] * 3


def test_no_password_logs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/sign-in", data=ADA).status_code in (302, 303)
    assert client.post("/sign-in", data=ADA | {"user": "grace"}).status_code == 403


@pytest.mark.parametrize("field", ["user", "password"])
@pytest.mark.parametrize("value", BAD)
def test_whatever_a_form_contains_nobody_gets_in(client, field, value):
    response = client.post("/sign-in", data=ADA | {field: value})
    assert response.status_code in (400, 403)
    assert "<b>ada</b>" not in response.text
    assert client.get("/").headers["Location"] == "/sign-in"


def test_in_debug_mode_a_missing_field_raises(app):
    app.debug = True
    with pytest.raises(BadRequestKeyError):
        app.test_client().post("/sign-in", data={"user": "ada"})


def test_the_users_file_contains_hashes_and_no_passwords(folder, module):
    for user, password in (ADA.values(), ALAN.values()):
        assert check_password_hash(module("users").users[user], password)
        assert password not in (folder / "users.py").read_text("utf-8")


def test_a_hash_is_computed_with_scrypt_and_a_random_salt():
    first, second = generate_password_hash("lovelace"), generate_password_hash("lovelace")
    assert first != second
    assert first.startswith("scrypt:32768:8:1$")
    assert first == scrypt_of("lovelace", first)
    assert check_password_hash(second, "lovelace")


def test_a_visitor_who_is_not_logged_in_is_sent_to_the_form(client):
    for response in (client.get("/"), client.post("/", data={"note": "Tea"})):
        assert response.status_code in (302, 303)
        assert response.headers["Location"] == "/sign-in"
    assert "Sign in" in client.get("/sign-in").text


def test_a_guarded_view_function_does_not_run(guarded):
    app, ran = guarded
    for method in ("GET", "HEAD", "POST"):
        assert app.test_client().open("/", method=method).headers["Location"] == "/sign-in"
    assert ran == []
    client = app.test_client()
    with client.session_transaction() as stored:
        stored["user"] = "ada"
    assert client.get("/").text == "The page"
    assert ran == ["GET"]


def test_a_name_that_was_removed_from_the_users_does_not_get_in(client, users):
    client.post("/sign-in", data=ADA)
    assert client.get("/").status_code == 200
    del users["ada"]
    assert client.get("/").headers["Location"] == "/sign-in"


def test_guarded_pages_ask_not_to_be_stored(client):
    client.post("/sign-in", data=ADA)
    for response in (client.get("/"), client.post("/", data={"note": "Tea"})):
        assert response.headers["Cache-Control"] == "no-store"


def test_each_endpoint_keeps_the_name_of_its_view_function(app):
    assert {"note", "write"} < set(app.view_functions)


def test_without_wraps_the_second_guarded_page_raises_assertionerror(module, monkeypatch):
    guard, views = module("guard"), dict(one=lambda: "One", two=lambda: "Two")
    for name, view in views.items():
        view.__name__ = name
    app = Flask("with wraps")
    for name, view in views.items():
        app.get(f"/{name}")(guard.login_required(view))
    monkeypatch.setattr(guard, "wraps", lambda view: lambda guarded: guarded)
    app = Flask("without wraps")
    app.get("/one")(guard.login_required(views["one"]))
    with pytest.raises(AssertionError, match="existing endpoint function: guarded"):
        app.get("/two")(guard.login_required(views["two"]))


def test_the_guard_takes_async_view_functions(guarded_async):
    assert guarded_async.get("/tea").text == "The page tea"


def test_logging_out_empties_the_session_and_deletes_the_cookie(client):
    client.post("/sign-in", data=ADA)
    for _ in range(2):
        client.post("/sign-out")
        assert client.get_cookie("session") is None
        assert client.get("/").headers["Location"] == "/sign-in"


def test_opening_the_address_of_the_logout_logs_nobody_out(client):
    client.post("/sign-in", data=ADA)
    assert client.get("/sign-out").status_code == 405
    assert "Signed in as ada." in client.get("/").text


def test_a_note_that_is_too_long_is_rejected_and_html_is_escaped(client):
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "Tea at four"})
    for note in ("x" * 201, "x" * 10_000):
        response = client.post("/", data={"note": note})
        assert response.status_code == 400
        assert "A note has at most 200 characters." in response.text
    assert client.post("/", data={}).status_code == 400
    assert "Your note: Tea at four" in client.get("/").text
    client.post("/", data={"note": "<b>Tea</b>\0"})
    assert "Your note: &lt;b&gt;Tea&lt;/b&gt;" in client.get("/").text


def test_the_longest_note_fits_into_the_cookie(client):
    client.post("/sign-in", data=ADA)
    assert len(EMOJI) == 200
    (header,) = client.post("/", data={"note": EMOJI}).headers.getlist("Set-Cookie")
    assert len(header.partition(";")[0]) <= 4096
    assert EMOJI in client.get("/").text


def test_wrong_lets_in_anyone_who_asks(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    assert "Signed in as ada." in client.get("/").text


def test_wrong_shows_the_next_user_the_note_of_the_last(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    client.post("/", data={"note": "Tea at four"})
    client.get("/sign-in/alan")
    assert "Signed in as alan. Your note: Tea at four" in client.get("/").text


def test_wrong_logs_out_anyone_who_opens_a_link(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    client.get("/sign-out")
    assert "Signed in as None." in client.get("/").text


def test_above_the_route_the_guard_does_nothing(module):
    app = Flask("unguarded")
    module("guard").login_required(app.get("/")(lambda: "The page"))
    assert app.test_client().get("/").text == "The page"


def test_settings_give_the_cookie_its_attributes(app):
    for secure in (False, True):
        app.config["SESSION_COOKIE_SECURE"] = secure
        (cookie,) = app.test_client().post("/sign-in", data=ADA).headers.getlist("Set-Cookie")
        assert cookie.endswith("; Secure; HttpOnly; Path=/; SameSite=Lax") is secure
        assert cookie.endswith("; HttpOnly; Path=/; SameSite=Lax")


def test_flask_does_not_check_which_site_a_form_came_from(client):
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "Hacked"}, headers={"Origin": "https://evil.example"})
    assert "Your note: Hacked" in client.get("/").text


def test_a_copy_of_the_cookie_still_works_after_logging_out(app, client):
    client.post("/sign-in", data=ADA)
    copy = client.get_cookie("session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copy)
    assert "Signed in as ada." in thief.get("/").text


def test_a_new_password_ends_no_session(client, users):
    client.post("/sign-in", data=ADA)
    users["ada"] = generate_password_hash("countess")
    assert client.post("/sign-in", data=ADA).status_code == 403
    assert "Signed in as ada." in client.get("/").text


def test_fifty_wrong_guesses_lock_nothing(client):
    for _ in range(50):
        assert client.post("/sign-in", data=ADA | {"password": "guess"}).status_code == 403
    assert client.post("/sign-in", data=ADA).headers["Location"] == "/"
