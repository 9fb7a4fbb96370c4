"""Tests of docs/recipes/sign-out-after-idling.md."""

from datetime import timedelta

import pytest
from flask import session

from live.worker.browser import Browser

MINUTE = 60
ADA = {"user": "ada", "password": "lovelace"}


def signed_in_to(app):
    """Ada's browser, signed in."""
    browser = Browser(app)
    browser.request("POST", "/", ADA)
    return browser


@pytest.fixture
def ada(app, clock):
    """Ada's browser, signed in to app.py."""
    return signed_in_to(app)


@pytest.fixture
def at(load, clock):
    """Sign Ada in to another app."""
    return lambda name: signed_in_to(load(name))


def greets(browser):
    """Whether the page still greets Ada. Looking is a request, too."""
    return b"Signed in as ada." in browser.request("GET", "/").body


@pytest.mark.parametrize("name", ["app.py", "fixed.py"])
def test_a_wrong_password_is_rejected(load, name):
    client = load(name).test_client()
    response = client.post("/", data=ADA | {"password": "guess"})
    assert response.status_code == 403
    assert "The name or the password is wrong." in response.text
    assert "Set-Cookie" not in response.headers
    assert "Signed in" not in client.get("/").text


@pytest.mark.parametrize("name", ["app.py", "fixed.py"])
def test_an_unknown_name_gets_the_same_response(load, name, hashes):
    client = load(name).test_client()
    responses = []
    for fields in (ADA | {"password": "guess"}, ADA | {"user": "grace"}):
        response = client.post("/", data=fields)
        responses.append((response.status_code, response.text, list(response.headers), len(hashes)))
        hashes.clear()
    assert responses[0] == responses[1]
    assert responses[0][-1] == 1


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/", data=ADA).status_code in (302, 303)
    assert client.post("/", data=ADA | {"user": "grace"}).status_code == 403


DATE = "Expires=Sun, 22 Nov 2026 12:15:00 GMT"


def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in as ada." in client.get("/").text


@pytest.mark.parametrize(("name", "date"), [("app.py", [DATE]), ("warning.py", [DATE]), ("fixed.py", [])])
def test_the_cookie_is_secure_and_stays_out_of_other_sites_forms(load, clock, name, date):
    client = load(name).test_client()
    with client.session_transaction() as before:
        before["cart"] = ["tea"]
    (cookie,) = client.post("/", data=ADA).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == [*date, "Secure", "HttpOnly", "Path=/", "SameSite=Lax"]
    with client.session_transaction() as after:
        assert set(after) == ({"_permanent", "user"} if date else {"user"})


def test_15_minutes_without_a_request_sign_ada_out(ada, clock):
    clock.tick(15 * MINUTE - 1)
    assert greets(ada)
    clock.tick(15 * MINUTE)
    assert not greets(ada)


@pytest.mark.parametrize("name", ["app.py", "fixed.py", "warning.py"])
def test_a_response_that_is_late_undoes_a_logout(load, name):
    app = load(name)
    client = app.test_client()

    @app.get("/report")
    def report():
        # Ada logs out while her report is still being made.
        client.post("/sign-out")
        assert "Signed in" not in client.get("/").text
        return ""

    client.post("/", data=ADA)
    client.get("/report")
    assert "Signed in as ada." in client.get("/").text


def test_each_request_restarts_the_15_minutes(ada, clock):
    for _ in range(20):
        clock.tick(14 * MINUTE)
        assert greets(ada)
    ada.request("POST", "/sign-out")
    assert not greets(ada)


def test_without_refresh_an_active_user_is_signed_out(ada, app, clock):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    clock.tick(10 * MINUTE)
    assert greets(ada)
    clock.tick(10 * MINUTE)
    assert not greets(ada)


def test_the_server_rejects_a_copy_that_is_older(ada, app, clock):
    thief = app.test_client()
    thief.set_cookie("session", ada.cookies[0].value)
    clock.tick(15 * MINUTE + 1)
    assert "Signed in" not in thief.get("/").text


def test_a_new_limit_applies_to_existing_sessions(ada, app, clock):
    clock.tick(10 * MINUTE)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(minutes=5)
    assert not greets(ada)


@pytest.fixture
def reopened(serve, browser_type, browser_type_launch_args, tmp_path):
    """What Chromium shows after Ada signed in, closed it, and opened it again."""

    def reopened(app):
        address = f"http://127.0.0.1:{serve(app)}/"
        with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
            tab = browser.new_page()
            tab.goto(address)
            tab.get_by_label("Password").fill("lovelace")
            tab.get_by_role("button", name="Sign in").click()
            tab.get_by_text("Signed in as ada.").wait_for()
        with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
            tab = browser.new_page()
            tab.goto(address)
            return tab.inner_text("body")

    return reopened


@pytest.mark.browser
def test_closing_chromium_in_time_keeps_ada_signed_in(app, reopened):
    assert "Signed in as ada." in reopened(app)


@pytest.mark.browser
def test_closing_chromium_ends_the_session_of_fixed(load, reopened):
    assert "Signed in" not in reopened(load("fixed.py"))


@pytest.mark.browser
def test_an_open_page_stays_on_the_screen(app, serve, page):
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=1)
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_label("Password").fill("lovelace")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Signed in as ada.").wait_for()
    page.wait_for_timeout(2500)
    assert page.get_by_text("Signed in as ada.").is_visible()
    page.reload()
    assert page.get_by_label("Password").is_visible()


def test_wrong_signs_out_an_active_user(at, clock):
    ada = at("wrong.py")
    clock.tick(10 * MINUTE)
    assert greets(ada)
    clock.tick(10 * MINUTE)
    assert not greets(ada)
    ada.request("POST", "/sign-out")


def test_wrong_sends_no_expiry_date_and_does_not_delete_the_old_cookie(load, clock):
    client = load("wrong.py").test_client()
    (cookie,) = client.post("/", data=ADA).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]
    clock.tick(20 * MINUTE)
    response = client.get("/")
    assert "session=" in response.request.headers["Cookie"]
    assert "Signed in" not in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/static/style.css", "/favicon.ico", "/no-such-page"])
def test_in_app_every_request_counts(ada, clock, path):
    clock.tick(14 * MINUTE)
    assert ada.request("GET", path).code == 404
    clock.tick(14 * MINUTE)
    assert greets(ada)


def test_in_app_polling_keeps_an_absent_user_signed_in(app, clock):
    app.add_url_rule("/unread", view_func=lambda: {"unread": 3})
    ada = signed_in_to(app)
    for _ in range(60):
        clock.tick(MINUTE)
        ada.request("GET", "/unread")
    assert greets(ada)


def test_fixed_does_not_count_requests_in_the_background(at, clock):
    ada = at("fixed.py")
    for minute in range(1, 17):
        clock.tick(MINUTE)
        ada.request("GET", "/static/style.css")
        assert ada.request("GET", "/unread").code == (200 if minute <= 15 else 401)
    assert not greets(ada)


@pytest.mark.parametrize("path", ["/static/style.css", "/favicon.ico", "/no-such-page"])
def test_fixed_does_not_count_addresses_that_do_not_exist(at, clock, path):
    ada = at("fixed.py")
    clock.tick(14 * MINUTE)
    assert ada.request("GET", path).code == 404
    clock.tick(14 * MINUTE)
    assert not greets(ada)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_fixed_counts_head_and_options(at, clock, method):
    ada = at("fixed.py")
    clock.tick(14 * MINUTE)
    ada.request(method, "/")
    clock.tick(14 * MINUTE)
    assert greets(ada)


def test_fixed_keeps_static_files_free_of_vary(load):
    ada = signed_in_to(load("fixed.py"))
    assert ada.request("GET", "/static/style.css").header("Vary") is None
    assert ada.request("GET", "/").header("Vary") == "Cookie"


def test_fixed_counts_requests_that_people_make(at, clock):
    ada = at("fixed.py")
    for _ in range(20):
        clock.tick(14 * MINUTE)
        assert greets(ada)
    ada.request("POST", "/sign-out")
    assert not greets(ada)


def test_fixed_counts_what_a_background_request_writes(load, clock):
    app = load("fixed.py")
    app.view_functions["unread"] = lambda: session.update(asked=True) or {"unread": 3}
    ada = signed_in_to(app)
    clock.tick(14 * MINUTE)
    ada.request("GET", "/unread")
    clock.tick(14 * MINUTE)
    assert greets(ada)


def test_stay_restarts_the_15_minutes(at, clock):
    ada = at("warning.py")
    for _ in range(3):
        clock.tick(14 * MINUTE)
        assert ada.request("POST", "/stay").status.startswith("204 ")
    clock.tick(14 * MINUTE)
    assert greets(ada)
    clock.tick(15 * MINUTE + 1)
    assert ada.request("POST", "/stay").status.startswith("401 ")
    assert not greets(ada)


def test_stay_does_not_bring_a_session_back_after_signing_out(at):
    ada = at("warning.py")
    ada.request("POST", "/sign-out")
    assert ada.request("POST", "/stay").status.startswith("401 ")
    assert not greets(ada)


@pytest.fixture
def open_tab(load, serve, context):
    """Open a tab of warning.py in which Ada is signed in and time stands still: `open_tab()`."""
    app = load("warning.py")
    address = f"http://127.0.0.1:{serve(app)}"
    context.clock.install()
    context.request.post(address, form=ADA)

    def open_tab():
        page = context.new_page()
        page.goto(address)
        page.get_by_text("Signed in as ada.").wait_for()
        return page

    open_tab.app = app
    return open_tab


@pytest.mark.browser
def test_in_chromium_the_dialog_opens_a_minute_before_the_end_and_stay_closes_it(open_tab):
    page = open_tab()
    stay = page.get_by_role("button", name="Stay signed in")
    for _ in range(2):
        page.clock.run_for(13.9 * MINUTE * 1000)
        assert stay.is_hidden()
        page.clock.run_for(0.2 * MINUTE * 1000)
        assert stay.is_visible()
        with page.expect_response("**/stay") as response:
            stay.click()
        assert response.value.status == 204
        stay.wait_for(state="hidden")


@pytest.mark.browser
def test_in_chromium_another_tab_closes_the_dialog(open_tab):
    page = open_tab()
    page.clock.run_for(14.1 * MINUTE * 1000)
    stay = page.get_by_role("button", name="Stay signed in")
    assert stay.is_visible()
    open_tab()
    stay.wait_for(state="hidden")
    page.clock.run_for(13.8 * MINUTE * 1000)
    assert stay.is_hidden()


@pytest.mark.browser
def test_in_chromium_the_page_becomes_the_form_when_the_time_is_up(open_tab):
    page = open_tab()
    open_tab.app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=-1)  # for the server, the time is up
    page.clock.run_for(15 * MINUTE * 1000)
    assert page.get_by_text("Signed in as ada.").is_visible()
    page.clock.run_for(2000)
    page.get_by_role("button", name="Sign in", exact=True).wait_for()
    assert page.get_by_text("Signed in as ada.").is_hidden()
