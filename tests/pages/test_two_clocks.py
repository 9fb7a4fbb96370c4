"""Tests of docs/understand/two-clocks.md."""

import time
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask, request, session

MINUTE = 60


def started(app, kind):
    """A visitor who has started a session, and who keeps cookies whatever their dates say."""
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


def test_flask_sessions_are_not_permanent_by_default():
    app = Flask("default")
    app.secret_key = "dev"  # noqa: S105
    app.add_url_rule("/", "index", lambda: session.update(a=1) or str(session.permanent))
    response = app.test_client().get("/")
    assert response.text == "False"
    assert "Expires" not in response.headers["Set-Cookie"]


@pytest.mark.browser
def test_chromium_deletes_a_permanent_session_on_its_date(app, serve, page, context):
    seen = []
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=3)
    app.before_request(lambda: seen.append("session" in request.cookies))
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_role("button", name="Start a permanent session").click()
    page.get_by_text("Still here").wait_for()
    [cookie] = context.cookies()
    date = cookie["expires"]
    while time.time() < date - 1:
        assert context.cookies()
        time.sleep(0.1)
    while time.time() < date + 0.5:
        time.sleep(0.1)
    assert context.cookies() == []
    page.reload()
    assert seen[-2:] == [True, False]


@pytest.mark.parametrize("kind", ["non-permanent", "permanent"])
def test_the_server_accepts_a_cookie_that_is_as_old_as_the_lifetime(app, clock, kind):
    client = started(app, kind)
    clock.tick(90 * MINUTE)
    assert "Still here" in later(app, client)


@pytest.mark.parametrize("kind", ["non-permanent", "permanent"])
def test_a_second_later_the_server_ignores_it_in_either_kind_of_session(app, clock, kind):
    client = started(app, kind)
    clock.tick(90 * MINUTE + 1)
    assert "No session" in later(app, client)


def test_an_expired_cookie_gives_no_error_and_is_not_deleted(app, clock):
    client = started(app, "non-permanent")
    clock.tick(91 * MINUTE)
    response, usual = client.get("/"), app.test_client().get("/")
    assert response.status_code == 200
    assert response.data == usual.data
    assert response.headers == usual.headers


def test_the_server_ignores_a_copy_that_is_older_than_the_lifetime(app, visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    copy = visitor.cookies[0].value
    clock.tick(91 * MINUTE)
    thief = app.test_client()
    thief.set_cookie("session", copy)
    assert "No session" in thief.get("/").text


def test_a_thief_who_comes_back_in_time_keeps_a_permanent_session(app, visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    thief = app.test_client()
    thief.set_cookie("session", visitor.cookies[0].value)
    for _ in range(10):
        clock.tick(60 * MINUTE)
        assert "Still here" in thief.get("/").text


def test_a_permanent_session_slides_with_each_visit(visitor, clock):
    visitor.request("POST", "/", {"kind": "permanent"})
    for _ in range(10):
        clock.tick(60 * MINUTE)
        assert b"Still here: permanent" in visitor.request("GET", "/").body


def test_each_response_to_a_permanent_session_moves_its_date(client, clock):
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
    for _ in range(4):
        visitor.request("POST", "/", {"kind": "non-permanent"})
        clock.tick(60 * MINUTE)
    assert b"Still here: non-permanent" in visitor.request("GET", "/").body


def test_with_refresh_off_a_permanent_session_ends_one_lifetime_after_the_last_write(app, visitor, clock):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    visitor.request("POST", "/", {"kind": "permanent"})
    clock.tick(60 * MINUTE)
    visitor.request("POST", "/", {"kind": "permanent"})
    for minutes in (60, 29):
        clock.tick(minutes * MINUTE)
        assert b"Still here: permanent" in visitor.request("GET", "/").body
    clock.tick(2 * MINUTE)
    assert b"No session" in visitor.request("GET", "/").body


@pytest.mark.parametrize("kind", ["non-permanent", "permanent"])
def test_a_shorter_lifetime_ends_sessions_that_already_exist(app, clock, kind):
    client = started(app, kind)
    clock.tick(10 * MINUTE)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(minutes=5)
    assert "No session" in later(app, client)


def test_a_longer_lifetime_makes_expired_cookies_valid_again(app, clock):
    client = started(app, "non-permanent")
    clock.tick(120 * MINUTE)
    assert "No session" in later(app, client)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=3)
    assert "Still here" in later(app, client)


@pytest.mark.parametrize("visits", [False, True])
def test_the_browsers_date_moves_only_with_the_next_cookie(app, visitor, clock, visits):
    visitor.request("POST", "/", {"kind": "permanent"})
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=3)
    if visits:
        visitor.request("GET", "/")
    clock.tick(91 * MINUTE)
    assert bool(visitor.cookie_header("/")) == visits


@pytest.mark.browser
def test_in_chromium_a_date_beyond_400_days_is_cut_to_400_days(app, serve, page, context):
    day = 24 * 60 * MINUTE
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=800)
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_role("button", name="Start a permanent session").click()
    page.get_by_text("Still here").wait_for()
    [cookie] = context.cookies()
    assert cookie["expires"] - time.time() == pytest.approx(400 * day, abs=MINUTE)
    sent = app.test_client().post("/", data={"kind": "permanent"}).headers["Set-Cookie"]
    expires = parsedate_to_datetime(sent.partition("Expires=")[2].partition(";")[0])
    assert expires.timestamp() - time.time() == pytest.approx(800 * day, abs=MINUTE)


@pytest.mark.parametrize("permanent", [True, False])
def test_a_page_that_polls_keeps_only_a_permanent_session(app, visitor, clock, permanent):
    visitor.request("POST", "/", {"kind": "permanent" if permanent else "non-permanent"})
    for _ in range(60):
        clock.tick(5 * MINUTE)
        visitor.request("GET", "/")
    assert (b"Still here" in visitor.request("GET", "/").body) == permanent


def test_a_cookie_from_the_future_is_ignored(app, clock):
    client = started(app, "non-permanent")
    clock.tick(-MINUTE)
    assert "No session" in later(app, client)


@pytest.fixture
def address(app, serve):
    """The app, served."""
    return f"http://127.0.0.1:{serve(app)}/"


@pytest.mark.browser
def test_closing_the_tab_in_chromium_keeps_a_non_permanent_session(address, context):
    tab = context.new_page()
    tab.goto(address)
    tab.get_by_role("button", name="Start a session").click()
    tab.get_by_text("Still here: non-permanent").wait_for()
    other = context.new_page()
    tab.close()
    other.goto(address)
    assert "Still here: non-permanent" in other.content()


@pytest.mark.browser
@pytest.mark.parametrize(("button", "then"), [("a session", "No session"), ("a permanent session", "Still here")])
def test_restarting_chromium_deletes_the_non_permanent_session_and_keeps_the_permanent_one(
    address, browser_type, browser_type_launch_args, tmp_path, button, then
):
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
        tab = browser.new_page()
        tab.goto(address)
        tab.get_by_role("button", name=f"Start {button}", exact=True).click()
        tab.get_by_text("Still here").wait_for()
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert then in tab.content()
