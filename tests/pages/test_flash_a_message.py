"""Tests of docs/recipes/flash-a-message.md."""

import os

import pytest
from flask import flash, get_flashed_messages, session

GOOD, BAD = {"address": "ada@example.com"}, {"address": "ada"}
DONE, FAULT = '<p class="success">You have subscribed.</p>', '<p class="error">An address needs an @.</p>'


def test_the_next_page_shows_the_message_with_its_category(client):
    client.post("/", data=BAD)
    assert FAULT in client.get("/").text
    client.post("/", data=GOOD)
    assert DONE in client.get("/").text


def test_a_message_is_shown_once(client):
    client.post("/", data=GOOD)
    assert DONE in client.get("/").text
    assert "<p" not in client.get("/").text


def test_the_message_waits_in_the_session(client):
    client.post("/", data=GOOD)
    with client.session_transaction() as stored:
        assert stored == {"_flashes": [("success", "You have subscribed.")]}


def test_showing_the_only_message_deletes_the_cookie(client):
    client.post("/", data=GOOD)
    assert "Max-Age=0" in client.get("/").headers["Set-Cookie"]
    assert client.get_cookie("session") is None


def test_with_other_values_in_the_session_the_cookie_stays(client):
    with client.session_transaction() as stored:
        stored["user"] = "ada"
    client.post("/", data=GOOD)
    client.get("/")
    with client.session_transaction() as stored:
        assert stored == {"user": "ada"}


def test_messages_wait_until_a_page_shows_them_in_order(client):
    for address in (BAD, GOOD):
        client.post("/", data=address)
    page = client.get("/").text
    assert page.index(FAULT) < page.index(DONE)


def test_the_first_page_that_reads_gets_the_message(client):
    client.post("/", data=GOOD)
    one_tab, another_tab = client.get("/").text, client.get("/").text
    assert DONE in one_tab
    assert DONE not in another_tab


def test_a_template_escapes_the_message(app):
    app.add_url_rule("/flash", view_func=lambda: flash("<b>Ada</b>") or app.view_functions["index"]())
    assert "&lt;b&gt;Ada&lt;/b&gt;" in app.test_client().get("/flash").text


def test_without_a_category_it_is_message(app):
    with app.test_request_context():
        flash("Hello")
        assert get_flashed_messages(with_categories=True) == [("message", "Hello")]


def test_a_filter_removes_the_other_categories_too(app):
    with app.test_request_context():
        flash("Saved", "success")
        flash("Late", "error")
        assert get_flashed_messages(category_filter=["error"]) == ["Late"]
        assert dict(session) == {}


def test_reading_again_in_the_same_request_finds_the_same_messages(app):
    with app.test_request_context():
        flash("Saved", "success")
        flash("Late", "error")
        assert get_flashed_messages(category_filter=["error"]) == ["Late"]
        assert get_flashed_messages(category_filter=["success"]) == ["Saved"]
        assert get_flashed_messages() == ["Saved", "Late"]


def test_flashed_and_read_in_one_request_it_is_shown_at_once(app):
    app.add_url_rule("/flash", view_func=lambda: flash("Hello") or app.view_functions["index"]())
    response = app.test_client().get("/flash")
    assert "Hello" in response.text
    assert "Max-Age=0" in response.headers["Set-Cookie"]


def test_flashed_after_reading_it_waits_for_the_next_request(app):
    with app.test_request_context():
        assert get_flashed_messages() == []
        flash("Hello")
        assert get_flashed_messages() == []
        assert session["_flashes"] == [("message", "Hello")]


def test_clear_deletes_waiting_messages(app):
    with app.test_request_context():
        flash("Hello")
        session.clear()
        flash("Signed out")
        assert get_flashed_messages() == ["Signed out"]


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")
@pytest.mark.parametrize(("size", "shown"), [(10, 1), (4000, 0)])
def test_chromium_never_shows_a_message_that_does_not_fit_into_a_cookie(app, serve, page, size, shown):
    app.add_url_rule("/flash", view_func=lambda: flash(os.urandom(size).hex()) or "flashed")
    address = f"http://127.0.0.1:{serve(app)}"
    page.goto(f"{address}/flash")
    page.goto(f"{address}/")
    assert page.locator("p").count() == shown


def test_wrong_shows_an_old_error_beside_the_success(load):
    client = load("wrong.py").test_client()
    assert FAULT not in client.post("/", data=BAD).text
    client.post("/", data=GOOD)
    page = client.get("/").text
    assert FAULT in page
    assert DONE in page


def pages_after_subscribing(app, count=3):
    """What a visitor sees after subscribing, and when they reload the page."""
    client = app.test_client()
    client.post("/", data=GOOD)
    return [DONE in client.get("/").text for _ in range(count)]


def test_wrong_stream_shows_the_message_each_time(load):
    assert pages_after_subscribing(load("wrong_stream.py")) == [True, True, True]


def test_fixed_stream_shows_the_message_once(load):
    assert pages_after_subscribing(load("fixed_stream.py")) == [True, False, False]


def test_a_message_in_the_address_is_shown_in_that_tab_only(load):
    client = load("in_the_address.py").test_client()
    for fields, message in ((GOOD, DONE), (BAD, FAULT)):
        response = client.post("/", data=fields)
        assert message not in client.get("/").text
        assert message in client.get(response.headers["Location"]).text
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("name", ["", "other", "<b>Eve</b>", "Subscribed"])
def test_a_name_that_is_not_in_the_list_shows_nothing(load, name):
    client = load("in_the_address.py").test_client()
    page = client.get("/", query_string={"message": name}).text
    assert page == client.get("/").text
    assert "<p" not in page
