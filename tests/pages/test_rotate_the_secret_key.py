"""Tests of docs/recipes/rotate-the-secret-key.md."""

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

DAY = 24 * 3600
STEPS = {1: ("old", ""), 2: ("old", "new"), 3: ("new", "old"), 4: ("new", "")}


@pytest.fixture
def start(load, monkeypatch):
    """Start app.py with these two variables."""

    def start(key, fallbacks):
        monkeypatch.setenv("SECRET_KEY", key)
        monkeypatch.setenv("SECRET_KEY_FALLBACKS", fallbacks)
        return load("app.py")

    return start


def signed(key, **values):
    """A session cookie signed with a key, by anyone who knows it."""
    app = Flask("anybody")
    app.secret_key = key
    return SecureCookieSessionInterface().get_signing_serializer(app).dumps(values)


def with_cookie(app, cookie):
    """A visitor who has this cookie."""
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client


def accepts(app, cookie):
    """Whether the app reads the cookie, which contains 7 cups."""
    return "Cups of tea: 7" in with_cookie(app, cookie).get("/").text


def signer_of(app):
    """Which key a new cookie is signed with."""
    client = app.test_client()
    client.post("/")
    return next(key for key in ("old", "new") if client.get_cookie("session").value == signed(key, cups=1))


@pytest.mark.parametrize(
    ("step", "signer", "accepted"),
    [(1, "old", ["old"]), (2, "old", ["old", "new"]), (3, "new", ["old", "new"]), (4, "new", ["new"])],
)
def test_each_step_signs_and_accepts_as_its_row_says(start, clock, step, signer, accepted):
    app = start(*STEPS[step])
    assert signer_of(app) == signer
    assert [key for key in ("old", "new") if accepts(app, signed(key, cups=7))] == accepted


@pytest.mark.parametrize(("one", "other", "both"), [(1, 2, True), (2, 3, True), (3, 4, True), (1, 3, False)])
def test_two_neighbouring_steps_accept_each_others_cookies(start, clock, one, other, both):
    first, second = start(*STEPS[one]), start(*STEPS[other])
    cookies = [signed(signer_of(app), cups=7) for app in (first, second)]
    assert all(accepts(app, cookie) for app in (first, second) for cookie in cookies) is both


def test_reading_does_not_sign_again(start):
    client = with_cookie(start("new", "old"), signed("old", cups=7))
    assert "Set-Cookie" not in client.get("/").headers


def test_writing_signs_with_the_new_key(start, clock):
    client = with_cookie(start("new", "old"), signed("old", cups=7))
    client.post("/")
    assert client.get_cookie("session").value == signed("new", cups=8)


def test_a_permanent_session_is_signed_again_by_every_response(start, clock):
    client = with_cookie(start("new", "old"), signed("old", _permanent=True, cups=7))
    client.get("/")
    assert client.get_cookie("session").value == signed("new", _permanent=True, cups=7)


def test_after_one_lifetime_an_old_cookie_has_expired(start, clock):
    app, cookie = start("new", "old"), signed("old", cups=7)
    clock.tick(31 * DAY)
    assert accepts(app, cookie)
    clock.tick(1)
    assert not accepts(app, cookie)


def test_without_the_fallback_old_sessions_are_empty(start):
    response = with_cookie(start("new", ""), signed("old", cups=7)).get("/")
    assert response.status_code == 200
    assert "Cups of tea: 0" in response.text
    assert "Set-Cookie" not in response.headers


def test_a_leaked_key_signs_as_long_as_it_is_a_fallback(start):
    forged = signed("old", cups=7)
    assert accepts(start("new", "old"), forged)
    assert not accepts(start("new", ""), forged)


def test_an_open_form_of_flask_wtf_is_rejected(start):
    from flask_wtf.csrf import CSRFProtect, generate_csrf

    app = start("old", "")
    CSRFProtect(app)
    app.view_functions["index"] = generate_csrf
    client = app.test_client()
    form = {"csrf_token": client.get("/").text}
    assert client.post("/", data=form).status_code in (302, 303)
    app.secret_key, app.config["SECRET_KEY_FALLBACKS"] = "new", ["old"]
    assert client.post("/", data=form).status_code == 400
    assert client.post("/", data={"csrf_token": client.get("/").text}).status_code in (302, 303)


def test_the_remember_cookie_of_flask_login_has_no_fallback(start):
    from flask_login import LoginManager, UserMixin, current_user, login_user

    app = start("old", "")
    user = UserMixin()
    user.id = "ada"
    LoginManager(app).user_loader(lambda _: user)
    app.view_functions["index"] = lambda: str(current_user.is_authenticated)
    app.view_functions["drink"] = lambda: str(login_user(user, remember=True))
    both = app.test_client()
    both.post("/")
    only = app.test_client()
    only.set_cookie("remember_token", both.get_cookie("remember_token").value)
    app.secret_key, app.config["SECRET_KEY_FALLBACKS"] = "new", ["old"]
    assert both.get("/").text == "True"
    assert only.get("/").text == "False"
    app.secret_key = "old"  # noqa: S105
    only.set_cookie("remember_token", both.get_cookie("remember_token").value)
    assert only.get("/").text == "True"


def test_splitting_nothing_at_commas_gives_one_empty_key(load):
    assert load("wrong.py").config["SECRET_KEY_FALLBACKS"] == [""]


def test_wrong_accepts_a_cookie_signed_with_no_key(load):
    client = load("wrong.py").test_client()
    assert "Cups of tea: 0" in client.get("/").text
    client.post("/")
    assert "Cups of tea: 1000" in client.get("/").text


def test_splitting_nothing_at_spaces_gives_no_key(app):
    assert app.config["SECRET_KEY_FALLBACKS"] == []


def test_each_character_of_a_string_is_a_key(app):
    app.config["SECRET_KEY_FALLBACKS"] = "old"  # noqa: S105
    assert accepts(app, signed("o", cups=7))
    assert not accepts(app, signed("old", cups=7))
