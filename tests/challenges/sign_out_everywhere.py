"""Tests of the challenges of docs/recipes/sign-out-everywhere.md."""

import pytest

ADA = {"user": "ada", "password": "lovelace"}
HTTPS = {"base_url": "https://localhost"}
GREETING = "Signed in as ada"


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path, monkeypatch):
    """Let the app make its database in an empty folder."""
    monkeypatch.chdir(tmp_path)


def logged_in(app):
    """A device on which Ada has logged in."""
    client = app.test_client()
    client.post("/sign-in", data=ADA, **HTTPS)
    return client


def test_ada_is_logged_in_on_both_devices(load):
    app = load("wrong.py")
    for device in (logged_in(app), logged_in(app)):
        assert GREETING in device.get("/", **HTTPS).text


def test_logging_out_everywhere_ends_the_session_on_the_other_device(load):
    app = load("wrong.py")
    phone, laptop = logged_in(app), logged_in(app)
    phone.post("/sign-out-everywhere", **HTTPS)
    for device in (phone, laptop):
        assert GREETING not in device.get("/", **HTTPS).text


def test_a_new_password_ends_the_other_session_and_keeps_this_one(load):
    app = load("wrong.py")
    phone, laptop = logged_in(app), logged_in(app)
    phone.post("/password", data={"password": "lovelace", "new": "a longer one"}, **HTTPS)
    assert GREETING in phone.get("/", **HTTPS).text
    assert GREETING not in laptop.get("/", **HTTPS).text
