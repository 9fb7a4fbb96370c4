"""Tests of docs/learn/how-long-a-session-lasts.md."""

import time
from datetime import timedelta

import pytest
from flask import Flask, request, session

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


@pytest.mark.parametrize("lifetime", [14400, timedelta(hours=4)])
def test_the_lifetime_is_a_timedelta_or_seconds(app, clock, lifetime):
    app.config["PERMANENT_SESSION_LIFETIME"] = lifetime
    cookie = app.test_client().post("/week").headers["Set-Cookie"]
    assert "Expires=Sun, 22 Nov 2026 16:00:00 GMT" in cookie


def test_the_lifetime_is_31_days_by_default():
    assert Flask("any").config["PERMANENT_SESSION_LIFETIME"] == timedelta(days=31)


def test_a_lifetime_in_quotes_makes_permanent_sessions_fail(app, caplog):
    app.config["PERMANENT_SESSION_LIFETIME"] = "14400"
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.post("/week").status_code == 500
    assert "TypeError: unsupported type for timedelta seconds component: str" in caplog.text


def test_a_lifetime_in_quotes_fails_on_each_page_once_there_is_a_cookie(app):
    app.add_url_rule("/about", "about", lambda: "A page without a session")
    app.config["PERMANENT_SESSION_LIFETIME"] = "14400"
    client = app.test_client()
    assert [client.get(path).status_code for path in ("/", "/about")] == [200, 200]
    client.post("/visit")
    assert [client.get(path).status_code for path in ("/", "/about")] == [500, 500]
    junk = app.test_client(use_cookies=False).get("/about", headers={"Cookie": "session=anything"})
    assert junk.status_code == 500


def test_from_prefixed_env_reads_a_number(app, clock, monkeypatch):
    monkeypatch.setenv("FLASK_PERMANENT_SESSION_LIFETIME", "14400")
    app.config.from_prefixed_env()
    cookie = app.test_client().post("/week").headers["Set-Cookie"]
    assert "Expires=Sun, 22 Nov 2026 16:00:00 GMT" in cookie


def test_each_response_moves_the_expiry_date_of_a_week(visitor, clock):
    visitor.request("POST", "/week")
    for _ in (6, 12, 18, 24):  # days
        clock.tick(6 * DAY)
        assert b"Ticket: week" in visitor.request("GET", "/").body


def test_a_week_without_a_request_ends_it(visitor, clock):
    visitor.request("POST", "/week")
    clock.tick(7 * DAY + 1)
    assert b"Ticket: none" in visitor.request("GET", "/").body


@pytest.mark.parametrize("path", ["/static/style.css", "/missing", "/visit"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
def test_each_response_to_a_permanent_session_carries_the_cookie(app, tmp_path, method, path):
    app.static_folder = str(tmp_path)
    (tmp_path / "style.css").write_text("p { color: green }")
    client = app.test_client()
    assert client.open(path, method=method, buffered=True).headers.getlist("Set-Cookie") == []
    client.post("/week")
    (cookie,) = client.open(path, method=method, buffered=True).headers.getlist("Set-Cookie")
    assert cookie.startswith("session=ey")


def test_a_late_response_brings_a_cleared_session_back(app):
    app.add_url_rule("/leave", "leave", lambda: session.clear() or "Goodbye", methods=["POST"])
    client, slow = app.test_client(), app.test_client()
    client.post("/week")
    slow.set_cookie("session", client.get_cookie("session").value)  # the same browser, in a request of longer duration
    client.post("/leave")
    assert "Ticket: none" in client.get("/").text
    (late,) = slow.get("/").headers.getlist("Set-Cookie")
    client.set_cookie("session", late.partition(";")[0].removeprefix("session="))
    assert "Ticket: week" in client.get("/").text


def test_without_refreshing_the_week_ends_seven_days_after_the_last_change(app, visitor, clock):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    visitor.request("POST", "/week")
    clock.tick(6 * DAY)
    visitor.request("POST", "/week")
    clock.tick(6 * DAY)
    assert b"Ticket: week" in visitor.request("GET", "/").body
    clock.tick(DAY + 1)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_a_visit_ends_after_the_lifetime_too(visitor, clock):
    visitor.request("POST", "/visit")
    clock.tick(7 * DAY)
    assert b"Ticket: visit" in visitor.request("GET", "/").body
    clock.tick(1)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_reading_does_not_lengthen_a_visit(visitor, clock):
    visitor.request("POST", "/visit")
    clock.tick(6 * DAY)
    assert b"Ticket: visit" in visitor.request("GET", "/").body
    clock.tick(6 * DAY)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_permanent_is_stored_in_the_session(client):
    client.post("/week")
    with client.session_transaction() as stored:
        assert stored["_permanent"] is True


def test_clear_makes_a_session_temporary_again(app):
    with app.test_request_context():
        session.permanent = True
        session.clear()
        assert session.permanent is False


def test_false_is_stored_in_the_session_too(app):
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


def test_set_before_each_request_it_gives_each_new_visitor_a_cookie(app):
    @app.before_request
    def make_permanent():
        session.permanent = True

    assert app.test_client().get("/").headers["Set-Cookie"].startswith("session=")


def test_wrong_has_a_cookie_without_an_expiry_date(load):
    cookie = load("wrong.py").test_client().post("/").headers["Set-Cookie"]
    assert "Expires" not in cookie


def test_wrong_still_ends_after_four_hours(load, clock):
    visitor = Browser(load("wrong.py"))
    visitor.request("POST", "/")
    clock.tick(14401)
    assert b"Ticket: none" in visitor.request("GET", "/").body


def test_flask_ignores_session_permanent(load, clock):
    def responses(**config):
        app = load("wrong.py")
        assert app.config.pop("SESSION_PERMANENT") is True
        app.config.update(config)
        client = app.test_client()
        got = [client.get("/"), client.post("/"), client.get("/")]
        return [(one.status, list(one.headers), one.text) for one in got]

    without = responses()
    assert "Ticket: four hours" in without[-1][-1]
    assert responses(SESSION_PERMANENT=True) == without
    assert responses(SESSION_PERMANENT=False) == without


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


@pytest.mark.browser
@pytest.mark.parametrize(("button", "ticket", "sent"), [("For this visit", "visit", 1), ("For a week", "week", 0)])
def test_chromium_still_sends_a_cookie_that_is_too_old(app, context, address, button, ticket, sent):
    app.config["PERMANENT_SESSION_LIFETIME"] = 1
    arrived = []
    app.before_request(lambda: arrived.append(len(request.cookies)))
    tab = context.new_page()
    tab.goto(address)
    choose(tab, button, ticket)
    tab.wait_for_timeout(2500)
    arrived.clear()
    tab.goto(address)
    assert arrived[0] == len(context.cookies()) == sent
    assert "Ticket: none" in tab.content()


@pytest.mark.browser
def test_chromium_keeps_no_cookie_for_more_than_400_days(app, context, address):
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=800)
    tab = context.new_page()
    tab.goto(address)
    choose(tab, "For a week", "week")
    (cookie,) = context.cookies()
    assert 399 < (cookie["expires"] - time.time()) / DAY <= 400.01


@pytest.mark.browser
def test_wrong_ends_when_chromium_is_closed(load, serve, chromium):
    address = f"http://127.0.0.1:{serve(load('wrong.py'))}/"
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        tab.get_by_role("button", name="Buy a ticket").click()
        tab.get_by_text("Ticket: four hours").wait_for()
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert "Ticket: none" in tab.content()


def test_values_under_an_id_in_the_address_are_kept_for_each_tab(app):
    def order(tab):
        session[tab] = session.get(tab, 0) + 1
        return str(session[tab])

    app.add_url_rule("/order/<tab>", view_func=order)
    client = app.test_client()
    assert [client.get(f"/order/{tab}").text for tab in "aabab"] == ["1", "2", "1", "3", "2"]
