"""Tests of docs/recipes/count-visits.md."""

import base64

import pytest
from flask import session


def test_each_visit_adds_one(client):
    assert client.get("/").text == "Visits: 1"
    assert client.get("/").text == "Visits: 2"


def test_each_visitor_has_a_separate_count(app):
    first, second = app.test_client(), app.test_client()
    first.get("/")
    first.get("/")
    assert second.get("/").text == "Visits: 1"


def test_a_first_visit_has_no_key_yet(app):
    with app.test_request_context():
        assert session.get("visits", 0) == 0
        with pytest.raises(KeyError):
            session["visits"]


def test_a_head_request_counts_too(client):
    client.get("/")
    client.head("/")
    assert client.get("/").text == "Visits: 3"


def test_every_response_sends_a_new_cookie(client, clock):
    cookies = [client.get("/").headers.getlist("Set-Cookie") for _ in range(5)]
    assert [len(headers) for headers in cookies] == [1] * 5
    assert len({header for (header,) in cookies}) == 5


@pytest.mark.browser
def test_the_count_ends_when_chromium_is_closed(app, serve, browser_type, browser_type_launch_args, tmp_path):
    address = f"http://127.0.0.1:{serve(app)}/"
    for _ in range(2):
        with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
            tab = browser.new_page()
            for count in (1, 2):
                tab.goto(address)
                assert tab.inner_text("body") == f"Visits: {count}"


def test_the_cookie_has_no_expiry_date(client):
    (cookie,) = client.get("/").headers.getlist("Set-Cookie")
    assert cookie.partition("; ")[2] == "HttpOnly; Path=/"


def test_a_visitor_who_deletes_the_cookie_starts_again(client):
    client.get("/")
    client.delete_cookie("session")
    assert client.get("/").text == "Visits: 1"


def test_a_visitor_who_changes_the_cookie_starts_again(client):
    client.get("/")
    _, dot, rest = client.get_cookie("session").value.partition(".")
    client.set_cookie("session", base64.urlsafe_b64encode(b'{"visits":98}').decode().rstrip("=") + dot + rest)
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
