"""Proofs for docs/recipes/count-visits.md."""

import pytest
from flask import session


def test_each_visit_adds_one(client):
    assert client.get("/").text == "Visits: 1"
    assert client.get("/").text == "Visits: 2"


def test_each_visitor_has_a_count_of_their_own(app):
    first, second = app.test_client(), app.test_client()
    first.get("/")
    first.get("/")
    assert second.get("/").text == "Visits: 1"


def test_a_first_visit_has_no_key_yet(app):
    with app.test_request_context():
        assert session.get("visits", 0) == 0
        with pytest.raises(KeyError):
            session["visits"]


def test_every_answer_carries_a_new_cookie(client):
    assert client.get("/").headers["Set-Cookie"].startswith("session=")
    assert client.get("/").headers["Set-Cookie"].startswith("session=")


def test_the_count_ends_when_the_browser_is_closed(visitor):
    visitor.request("GET", "/")
    visitor.close()
    assert visitor.request("GET", "/").body == b"Visits: 1"


def test_the_cookie_has_no_expiry_date(client):
    cookie = client.get("/").headers["Set-Cookie"]
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_who_deletes_the_cookie_starts_again(client):
    client.get("/")
    client.delete_cookie("session")
    assert client.get("/").text == "Visits: 1"


def test_who_changes_the_cookie_starts_again(client):
    client.get("/")
    payload, dot, rest = client.get_cookie("session").value.partition(".")
    client.set_cookie("session", payload.replace("M", "N") + dot + rest)
    assert client.get("/").text == "Visits: 1"


def test_the_count_survives_a_restart_of_the_server_if_the_key_stays(load):
    before, after = load("app.py").test_client(), load("app.py").test_client()
    before.get("/")
    after.set_cookie("session", before.get_cookie("session").value)
    assert after.get("/").text == "Visits: 2"


def test_without_the_key_in_the_environment_the_app_does_not_start(load, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(KeyError, match="SECRET_KEY"):
        load("app.py")


def test_wrong_counts_everybody_together(load):
    app = load("wrong.py")
    app.test_client().get("/")
    assert app.test_client().get("/").text == "Visits: 2"


def test_wrong_loses_the_count_with_a_restart_of_the_server(load):
    load("wrong.py").test_client().get("/")
    assert load("wrong.py").test_client().get("/").text == "Visits: 1"
