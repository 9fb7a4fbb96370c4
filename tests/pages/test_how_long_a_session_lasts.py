"""Proofs for docs/learn/how-long-a-session-lasts.md."""

from datetime import timedelta

import pytest
from flask import Flask, session

from live.worker.browser import Browser

DAY = 24 * 3600


def test_a_session_is_not_permanent_by_default(app):
    with app.test_request_context():
        assert session.permanent is False


def test_a_visit_has_a_cookie_without_an_expiry_date(client):
    cookie = client.post("/visit").headers["Set-Cookie"]
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_closing_the_browser_ends_a_visit(visitor):
    visitor.request("POST", "/visit")
    assert b"Ticket: visit" in visitor.request("GET", "/").body
    visitor.close()
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_a_week_outlives_the_browser(visitor):
    visitor.request("POST", "/week")
    visitor.close()
    assert b"Ticket: week" in visitor.request("GET", "/").body


def test_permanent_gives_the_cookie_an_expiry_date(client, clock):
    assert "Expires=Sun, 29 Nov 2026 12:00:00 GMT" in client.post("/week").headers["Set-Cookie"]


@pytest.mark.parametrize("lifetime", [4 * 3600, timedelta(hours=4)])
def test_the_lifetime_is_a_timedelta_or_seconds(app, clock, lifetime):
    app.config["PERMANENT_SESSION_LIFETIME"] = lifetime
    cookie = app.test_client().post("/week").headers["Set-Cookie"]
    assert "Expires=Sun, 22 Nov 2026 16:00:00 GMT" in cookie


def test_the_lifetime_is_31_days_by_default():
    assert Flask("any").config["PERMANENT_SESSION_LIFETIME"] == timedelta(days=31)


def test_a_lifetime_in_quotes_is_answered_with_500(app, caplog):
    app.config["PERMANENT_SESSION_LIFETIME"] = "14400"
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.post("/week").status_code == 500
    assert "TypeError: unsupported type for timedelta seconds component: str" in caplog.text


def test_a_lifetime_in_quotes_fails_when_a_cookie_comes_back(app):
    app.config["PERMANENT_SESSION_LIFETIME"] = "14400"
    client = app.test_client()
    assert client.post("/visit").status_code in (302, 303)
    assert client.get("/").status_code == 500


def test_each_answer_moves_the_expiry_date_of_a_week(visitor, clock):
    visitor.request("POST", "/week")
    for _ in range(4):
        clock.tick(6 * DAY)
        assert b"Ticket: week" in visitor.request("GET", "/").body


def test_a_week_without_a_request_ends_it(visitor, clock):
    visitor.request("POST", "/week")
    clock.tick(7 * DAY + 1)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_without_refreshing_the_week_ends_on_the_first_date(app, visitor, clock):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    visitor.request("POST", "/week")
    clock.tick(6 * DAY)
    assert b"Ticket: week" in visitor.request("GET", "/").body
    clock.tick(6 * DAY)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_a_visit_ends_after_the_lifetime_too(visitor, clock):
    visitor.request("POST", "/visit")
    clock.tick(7 * DAY)
    assert b"Ticket: visit" in visitor.request("GET", "/").body
    clock.tick(1)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_the_browser_still_sends_a_cookie_that_is_too_old(visitor, clock):
    visitor.request("POST", "/visit")
    clock.tick(8 * DAY)
    assert "session=" in visitor.cookie_header("/")


def test_reading_does_not_lengthen_a_visit(visitor, clock):
    visitor.request("POST", "/visit")
    clock.tick(6 * DAY)
    assert b"Ticket: visit" in visitor.request("GET", "/").body
    clock.tick(6 * DAY)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_permanent_is_kept_in_the_session(client):
    client.post("/week")
    with client.session_transaction() as stored:
        assert stored["_permanent"] is True


def test_clear_takes_permanent_back(app):
    with app.test_request_context():
        session.permanent = True
        session.clear()
        assert session.permanent is False


def test_false_is_kept_in_the_session_too(app):
    with app.test_request_context():
        session.permanent = False
        assert dict(session) == {"_permanent": False}
        assert session.modified is True


def test_one_session_is_permanent_and_another_is_not(app):
    long, short = app.test_client(), app.test_client()
    long.post("/week")
    short.post("/visit")
    assert "Permanent: True" in long.get("/").text
    assert "Permanent: False" in short.get("/").text


def test_set_before_every_request_it_gives_each_newcomer_a_cookie(app):
    @app.before_request
    def make_permanent():
        session.permanent = True

    assert app.test_client().get("/").headers["Set-Cookie"].startswith("session=")


def test_wrong_has_a_cookie_without_an_expiry_date(load):
    cookie = load("wrong.py").test_client().post("/").headers["Set-Cookie"]
    assert "Expires" not in cookie


def test_wrong_ends_when_the_browser_is_closed(load):
    visitor = Browser(load("wrong.py"))
    visitor.request("POST", "/")
    visitor.close()
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_wrong_ends_after_four_hours_all_the_same(load, clock):
    visitor = Browser(load("wrong.py"))
    visitor.request("POST", "/")
    clock.tick(14401)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_flask_has_no_setting_of_that_name():
    assert "SESSION_PERMANENT" not in Flask("any").config


@pytest.fixture
def address(app, serve):
    """The app, served for a real browser."""
    return f"http://127.0.0.1:{serve(app)}/"


@pytest.fixture
def chromium(browser_type, browser_type_launch_args, tmp_path):
    """Start a real browser. It has a profile on disk, so its next start finds what the last one kept."""
    return lambda: browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args)


def choose(tab, button, ticket):
    """Press a button of the page, and wait for the answer."""
    tab.get_by_role("button", name=button).click()
    tab.get_by_text(f"Ticket: {ticket}.").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("button", "ticket"), [("For this visit", "visit"), ("For a week", "week")])
def test_closing_the_tab_ends_nothing_in_chromium(context, address, button, ticket):
    tab = context.new_page()
    tab.goto(address)
    choose(tab, button, ticket)
    tab.close()
    another = context.new_page()
    another.goto(address)
    assert f"Ticket: {ticket}" in another.content()


@pytest.mark.browser
def test_restarting_chromium_ends_a_visit(chromium, address):
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        choose(tab, "For this visit", "visit")
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert "Ticket: none" in tab.content()


@pytest.mark.browser
def test_restarting_chromium_keeps_a_week(chromium, address):
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        choose(tab, "For a week", "week")
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert "Ticket: week" in tab.content()


@pytest.mark.browser
def test_chromium_set_to_reopen_its_tabs_keeps_a_visit(chromium, address, tmp_path):
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text('{"session": {"restore_on_startup": 1}}')
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        choose(tab, "For this visit", "visit")
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert "Ticket: visit" in tab.content()
