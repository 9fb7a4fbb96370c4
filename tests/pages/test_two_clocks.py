"""Proofs for docs/understand/two-clocks.md."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask

MINUTE = 60


def begun(app, kind):
    """A visitor who has begun a session, and who keeps cookies whatever their dates say."""
    client = app.test_client()
    client.post("/", data={"kind": kind})
    return client


def later(app, client):
    """What the app says to this cookie now, whatever the browser would do with it."""
    copy = app.test_client()
    copy.set_cookie("session", client.get_cookie("session").value)
    return copy.get("/").text


def test_a_non_permanent_session_has_no_expiry_date(client):
    cookie = client.post("/", data={"kind": "non-permanent"}).headers["Set-Cookie"]
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_a_permanent_session_has_a_date_one_lifetime_ahead(client, clock):
    cookie = client.post("/", data={"kind": "permanent"}).headers["Set-Cookie"]
    assert "Expires=Sun, 22 Nov 2026 13:30:00 GMT" in cookie
    assert "Max-Age" not in cookie


def test_the_lifetime_is_31_days_unless_set():
    assert Flask("default").permanent_session_lifetime == timedelta(days=31)


def test_flask_sessions_are_not_permanent_by_default(client):
    client.post("/", data={"kind": "non-permanent"})
    with client.session_transaction() as stored:
        assert stored.permanent is False


def test_the_browser_drops_a_permanent_session_on_its_date(visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    clock.tick(90 * MINUTE - 1)
    assert visitor.cookie_header("/")
    clock.tick(1)
    assert not visitor.cookie_header("/")


@pytest.mark.parametrize("kind", ["non-permanent", "permanent"])
def test_the_server_takes_a_cookie_whose_age_is_the_lifetime(app, clock, kind):
    client = begun(app, kind)
    clock.tick(90 * MINUTE)
    assert "Still here" in later(app, client)


@pytest.mark.parametrize("kind", ["non-permanent", "permanent"])
def test_a_second_later_the_server_refuses_it_of_either_kind(app, clock, kind):
    client = begun(app, kind)
    clock.tick(90 * MINUTE + 1)
    assert "No session" in later(app, client)


def test_a_refused_cookie_gives_no_error_and_is_not_deleted(app, clock):
    client = begun(app, "non-permanent")
    clock.tick(91 * MINUTE)
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_the_server_refuses_a_copy_that_ignores_its_date(app, visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    copy = visitor.cookies[0].value
    clock.tick(91 * MINUTE)
    thief = app.test_client()
    thief.set_cookie("session", copy)
    assert "No session" in thief.get("/").text


def test_a_permanent_session_slides_with_each_visit(visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    for _ in range(10):
        clock.tick(60 * MINUTE)
        assert b"Still here: permanent" in visitor.request("GET", "/").body


def test_each_answer_to_a_permanent_session_moves_its_date(client, clock):
    client.post("/", data={"kind": "permanent"})
    clock.tick(60 * MINUTE)
    header = client.get("/").headers["Set-Cookie"]
    assert parsedate_to_datetime(header.partition("Expires=")[2].partition(";")[0]).strftime("%H:%M") == "14:30"


def test_a_non_permanent_session_that_is_only_read_does_not_slide(visitor, clock):
    visitor.request("POST", "/", {"kind": "non-permanent"})
    clock.tick(60 * MINUTE)
    assert b"Still here: non-permanent" in visitor.request("GET", "/").body
    clock.tick(60 * MINUTE)
    assert b"No session" in visitor.request("GET", "/").body


def test_a_write_restarts_the_servers_clock_for_a_non_permanent_session(visitor, clock):
    for _ in range(5):
        visitor.request("POST", "/", {"kind": "non-permanent"})
        clock.tick(60 * MINUTE)
    assert b"Still here: non-permanent" in visitor.request("GET", "/").body


def test_without_refresh_a_permanent_session_ends_on_its_first_date(app, visitor, clock):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    visitor.request("POST", "/", {"kind": "permanent"})
    clock.tick(60 * MINUTE)
    assert b"Still here: permanent" in visitor.request("GET", "/").body
    clock.tick(60 * MINUTE)
    assert b"No session" in visitor.request("GET", "/").body


@pytest.mark.parametrize("kind", ["non-permanent", "permanent"])
def test_a_shorter_lifetime_ends_sessions_that_were_begun_before(app, clock, kind):
    client = begun(app, kind)
    clock.tick(10 * MINUTE)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(minutes=5)
    assert "No session" in later(app, client)


def test_a_longer_lifetime_takes_back_a_cookie_that_was_too_old(app, clock):
    client = begun(app, "non-permanent")
    clock.tick(120 * MINUTE)
    assert "No session" in later(app, client)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=3)
    assert "Still here" in later(app, client)


def test_the_browsers_date_does_not_move_when_the_lifetime_does(app, visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=3)
    clock.tick(91 * MINUTE)
    assert b"No session" in visitor.request("GET", "/").body


def test_a_cookie_from_the_future_is_refused(app, clock):
    client = begun(app, "non-permanent")
    clock.tick(-MINUTE)
    assert "No session" in later(app, client)


@pytest.fixture
def address(app, serve):
    """The app, served."""
    return f"http://127.0.0.1:{serve(app)}/"


@pytest.mark.browser
def test_closing_the_tab_keeps_a_non_permanent_session(address, context):
    tab = context.new_page()
    tab.goto(address)
    tab.get_by_role("button", name="Begin a session").click()
    tab.get_by_text("Still here: non-permanent").wait_for()
    other = context.new_page()
    tab.close()
    other.goto(address)
    assert "Still here: non-permanent" in other.content()


@pytest.mark.browser
@pytest.mark.parametrize(("button", "then"), [("a session", "No session"), ("a permanent session", "Still here")])
def test_restarting_the_browser_drops_the_non_permanent_session_and_keeps_the_permanent_one(
    address, browser_type, browser_type_launch_args, tmp_path, button, then
):
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
        tab = browser.new_page()
        tab.goto(address)
        tab.get_by_role("button", name=f"Begin {button}", exact=True).click()
        tab.get_by_text("Still here").wait_for()
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert then in tab.content()
