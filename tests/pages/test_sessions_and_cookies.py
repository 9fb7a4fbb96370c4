"""Tests of docs/understand/sessions-and-cookies.md."""

import base64
import subprocess
import sys

import pytest
from flask import Flask, session


def payload_of(client):
    """What the session cookie of a client contains, decoded without the key."""
    text = client.get_cookie("session").value.partition(".")[0]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def press(client, *buttons):
    """Press buttons of the café's page, and give the page that is then shown."""
    for button in buttons:
        client.post(f"/{button}")
    return client.get("/").text


def test_the_session_is_one_cookie(client):
    response = client.post("/")
    names = [line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")]
    assert names == ["points", "session"]
    assert payload_of(client) == b'{"points":10}'


def test_a_plain_cookie_comes_back_as_a_string(client):
    client.post("/")
    assert "Plain cookie: 10 (str)" in client.get("/").text


def test_the_session_gives_back_the_number(client):
    client.post("/")
    assert "Session: 10 (int)" in client.get("/").text


def test_a_changed_plain_cookie_is_believed(client):
    client.post("/")
    client.post("/change")
    assert "Plain cookie: 99 (str)" in client.get("/").text


def test_the_changed_session_cookie_contains_99_points(client):
    client.post("/")
    client.post("/change")
    assert payload_of(client) == b'{"points":99}'


def test_a_changed_session_cookie_is_ignored_as_a_whole(client):
    client.post("/")
    client.post("/change")
    response = client.get("/")
    assert response.status_code == 200
    assert "Session: None" in response.text


def test_an_ignored_cookie_stays_in_the_browser(client):
    client.post("/")
    client.post("/change")
    changed = client.get_cookie("session").value
    assert "Set-Cookie" not in client.get("/").headers
    assert client.get_cookie("session").value == changed


def test_wrong_rollback_gives_four_coffees_for_one_card(load):
    client = load("wrong_rollback.py").test_client()
    page = press(client, "card", "copy", "coffee", "coffee", "coffee")
    assert "Points left: 0" in page
    assert "Cards sold: 1. Coffees served: 2." in page
    assert "Points left: 10" in press(client, "back")
    assert "Cards sold: 1. Coffees served: 4." in press(client, "coffee", "coffee", "coffee")


def test_wrong_rollback_works_as_often_as_eve_likes(load):
    client = load("wrong_rollback.py").test_client()
    press(client, "card", "copy")
    for times in range(1, 6):
        assert f"Coffees served: {2 * times}." in press(client, "coffee", "coffee", "coffee", "back")


def test_fixed_rollback_gives_two_coffees_for_one_card(load):
    client = load("fixed_rollback.py").test_client()
    page = press(client, "card", "copy", "coffee", "coffee", "coffee")
    assert "Points left: 0" in page
    assert "Cards sold: 1. Coffees served: 2." in page
    page = press(client, "back", "coffee", "coffee")
    assert "Points left: 0" in page
    assert "Cards sold: 1. Coffees served: 2." in page


def test_the_session_of_the_fixed_app_contains_a_random_card_number(load):
    app = load("fixed_rollback.py")
    numbers = set()
    for client in (app.test_client(), app.test_client()):
        client.post("/card")
        with client.session_transaction() as stored:
            assert stored.keys() == {"card"}
            assert len(bytes.fromhex(stored["card"])) == 16
            numbers.add(stored["card"])
    assert len(numbers) == 2


def test_an_old_copy_is_accepted_for_31_days(client, clock):
    client.post("/")
    clock.tick(31 * 24 * 3600)
    assert "Session: 10 (int)" in client.get("/").text
    clock.tick(1)
    assert "Session: None" in client.get("/").text


def test_a_visitor_who_deletes_the_cookie_starts_with_an_empty_session(client):
    client.post("/")
    client.delete_cookie("session")
    assert "Session: None" in client.get("/").text


@pytest.mark.process
def test_the_server_keeps_nothing_of_the_session(client, folder):
    client.post("/")
    visit = "import sys, app; c = app.app.test_client(); c.set_cookie('session', sys.argv[1]); print(c.get('/').text)"
    command = [sys.executable, "-c", visit, client.get_cookie("session").value]
    elsewhere = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert "Session: 10 (int)" in elsewhere.stdout


def test_the_session_cookie_is_readable_without_the_key(client):
    client.post("/")
    assert payload_of(client) == b'{"points":10}'


@pytest.mark.browser
def test_a_script_in_chromium_reads_the_plain_cookie_and_not_the_session(app, serve, page):
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Session: 10").wait_for()
    assert page.evaluate("document.cookie") == "points=10"
    assert "Session: 10 (int)" in page.evaluate("fetch('/').then(response => response.text())")


def test_the_plain_cookie_is_sent_as_it_is(client):
    assert "points=10; Path=/" in client.post("/").headers.getlist("Set-Cookie")


def test_all_keys_of_the_session_share_one_cookie(client):
    with client.session_transaction() as stored:
        stored["color"], stored["size"] = "green", "L"
    client.post("/")
    assert payload_of(client) == b'{"color":"green","points":10,"size":"L"}'


def test_flask_adds_the_session_cookie_after_the_view_function(app):
    with app.test_request_context("/", method="POST"):
        response = app.view_functions["save"]()
        assert [line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")] == ["points"]
        response = app.process_response(response)
        assert [line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")] == ["points", "session"]


def test_importing_session_leaves_no_trace_in_the_response():
    seen = []
    for names in ("Flask", "Flask, session"):
        scope = {}
        exec(f"from flask import {names}\napp = Flask('any', static_folder=None)\napp.secret_key = 'dev'", scope)  # noqa: S102
        scope["app"].add_url_rule("/", view_func=lambda: "hello")
        response = scope["app"].test_client().get("/")
        seen.append((response.status, sorted(response.headers), response.data))
    assert seen[0] == seen[1]
    assert "Set-Cookie" not in dict(seen[0][1])


def test_a_new_visitor_who_opens_a_page_gets_no_cookie(client):
    assert client.get("/").headers.getlist("Set-Cookie") == []


def test_reading_the_session_adds_vary_cookie_and_no_more(client):
    app = Flask("reads nothing")
    text = client.get("/").data
    app.add_url_rule("/", view_func=lambda: text)
    without = list(app.test_client().get("/").headers)
    assert sorted(client.get("/").headers) == sorted([*without, ("Vary", "Cookie")])


def test_session_is_empty_for_a_new_visitor(app):
    with app.test_request_context():
        assert dict(session) == {}


def test_these_give_a_cookie_to_a_visitor_who_only_looks(app):
    def permanent():
        session.permanent = True

    assert "Set-Cookie" not in app.test_client().get("/").headers
    app.before_request_funcs = {None: [permanent]}
    assert "Set-Cookie" in app.test_client().get("/").headers
    app.before_request_funcs = {None: [lambda: session.setdefault("csrf_token", "as Flask-WTF does") and None]}
    assert "Set-Cookie" in app.test_client().get("/").headers
