"""Tests of the challenges of docs/recipes/flask-login-and-the-session.md."""

import pytest

ADA = {"user": "ada", "password": "lovelace"}
HTTPS = {"base_url": "https://localhost"}


@pytest.fixture
def ada(load, tmp_path, monkeypatch):
    """Ada, who has logged in and is remembered."""
    monkeypatch.chdir(tmp_path)
    client = load("wrong.py").test_client()
    client.post("/sign-in", data=ADA, **HTTPS)
    return client


def test_ada_is_logged_in_and_remembered(ada):
    """By `load("wrong.py")`, as all of them."""
    assert "Signed in as ada." in ada.get("/", **HTTPS).text
    assert ada.get_cookie("remember_token")


def test_a_wrong_password_logs_nobody_in(ada):
    """By `load("wrong.py")`."""
    fresh = ada.application.test_client()
    assert fresh.post("/sign-in", data=ADA | {"password": "x"}, **HTTPS).status_code == 403
    assert "nobody" in fresh.get("/", **HTTPS).text


def test_logging_out_deletes_the_cookie_that_remembers_ada(ada):
    """By `load("wrong.py")`."""
    ada.post("/sign-out", **HTTPS)
    assert ada.get_cookie("remember_token") is None


def test_after_logging_out_nobody_is_logged_in(ada):
    """By `load("wrong.py")`."""
    ada.post("/sign-out", **HTTPS)
    assert "Signed in as nobody." in ada.get("/", **HTTPS).text
