"""Proofs for docs/understand/sessions-and-cookies.md."""

import base64

import pytest
from flask import Flask, session  # noqa: F401


def test_the_session_is_one_cookie(client):
    client.post("/")
    client.delete_cookie("session")
    assert "Session: None" in client.get("/").text


def test_the_plain_cookie_travels_as_it_is(client):
    assert "points=10; Path=/" in client.post("/").headers.getlist("Set-Cookie")


def test_the_session_cookie_is_readable_without_the_key(client):
    client.post("/")
    payload = client.get_cookie("session").value.partition(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"points":10}'


def test_a_changed_plain_cookie_is_believed(client):
    client.post("/")
    client.post("/change")
    assert "Plain cookie: 99 (str)" in client.get("/").text


def test_a_changed_session_cookie_is_dropped_whole(client):
    client.post("/")
    client.post("/change")
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Session: None" in answer.text


def test_the_changed_session_cookie_holds_99_points(client):
    client.post("/")
    client.post("/change")
    payload = client.get_cookie("session").value.partition(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"points":99}'


def test_a_plain_cookie_comes_back_as_text(client):
    client.post("/")
    assert "Plain cookie: 10 (str)" in client.get("/").text


def test_the_session_gives_back_the_number(client):
    client.post("/")
    assert "Session: 10 (int)" in client.get("/").text


def test_all_keys_of_the_session_share_one_cookie(client):
    with client.session_transaction() as stored:
        stored["color"], stored["size"] = "green", "L"
    client.post("/")
    payload = client.get_cookie("session").value.partition(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"color":"green","points":10,"size":"L"}'


def test_flask_adds_the_session_cookie_after_the_view_function(app):
    with app.test_request_context("/", method="POST"):
        answer = app.view_functions["save"]()
        assert [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")] == ["points"]
        answer = app.process_response(answer)
        assert [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")] == ["points", "session"]


@pytest.mark.browser
def test_a_script_on_the_page_sees_the_plain_cookie_alone(app, serve, page):
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Session: 10").wait_for()
    assert page.evaluate("document.cookie") == "points=10"


def test_opening_a_page_gives_a_newcomer_no_cookie(client):
    assert "Set-Cookie" not in client.get("/").headers


def test_importing_session_leaves_no_trace_in_the_answer():
    app = Flask("imports session and never uses it", static_folder=None)
    app.secret_key = "dev"  # noqa: S105
    app.add_url_rule("/", view_func=lambda: "hello")
    answer = app.test_client().get("/")
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_reading_the_session_adds_vary_cookie_and_no_more(client):
    answer = client.get("/")
    assert answer.headers["Vary"] == "Cookie"
    assert "Set-Cookie" not in answer.headers


def test_the_server_keeps_nothing_of_the_session(load):
    before, after = load("app.py").test_client(), load("app.py").test_client()
    before.post("/")
    after.set_cookie("session", before.get_cookie("session").value)
    assert "Session: 10 (int)" in after.get("/").text
