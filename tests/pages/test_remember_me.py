"""Tests of docs/recipes/remember-me.md."""

import pytest
from flask import session

from live.worker.browser import Browser

ADA = {"user": "ada", "password": "lovelace"}
BOX = {"remember": "on"}
DAY = 24 * 3600


@pytest.fixture
def sign_in(visitor):
    """Sign Ada in, with the box ticked or not, and return the Set-Cookie header."""
    return lambda form: visitor.request("POST", "/", ADA | form).header("Set-Cookie")


def signed_in(visitor):
    """Whether the page greets Ada."""
    return b"Signed in as ada." in visitor.request("GET", "/").body


def test_with_the_box_ada_is_still_signed_in_after_29_days(visitor, clock):
    visitor.request("POST", "/", ADA | BOX)
    visitor.close()
    clock.tick(29 * DAY)
    assert signed_in(visitor)


def test_a_wrong_password_is_rejected(client):
    response = client.post("/", data=ADA | {"password": "guess"})
    assert response.status_code == 403
    assert "The name or the password is wrong." in response.text
    assert "Set-Cookie" not in response.headers
    assert "Signed in" not in client.get("/").text


def test_an_unknown_name_gets_the_same_response(client, hashes):
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


def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in as ada." in client.get("/").text


def test_the_cookie_is_secure_and_stays_out_of_other_sites_forms(client, clock):
    (cookie,) = client.post("/", data=ADA | BOX).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == [
        "Expires=Tue, 22 Dec 2026 12:00:00 GMT",
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    ]


@pytest.mark.parametrize(("box", "undone"), [(BOX, True), ({}, False)])
def test_a_response_that_is_late_undoes_a_logout(app, box, undone):
    client = app.test_client()

    @app.get("/report")
    def report():
        # Ada logs out while her report is still being made.
        client.post("/sign-out")
        assert "Signed in" not in client.get("/").text
        return ""

    client.post("/", data=ADA | box)
    client.get("/report")
    assert ("Signed in as ada." in client.get("/").text) is undone


def test_without_the_box_closing_the_browser_signs_out(sign_in, visitor):
    sign_in({})
    assert signed_in(visitor)
    visitor.close()
    assert not signed_in(visitor)


def test_one_visitor_is_remembered_and_another_is_not(sign_in, visitor, app):
    other = Browser(app)
    sign_in(BOX)
    other.request("POST", "/", ADA)
    visitor.close()
    other.close()
    assert signed_in(visitor)
    assert not signed_in(other)


def test_the_box_gives_the_cookie_an_expiry_date(sign_in, clock):
    assert "Expires=Tue, 22 Dec 2026 12:00:00 GMT" in sign_in(BOX)
    without = sign_in({})
    assert "Expires" not in without
    assert "Max-Age" not in without


def test_signing_in_removes_what_was_in_the_session(client):
    with client.session_transaction() as before:
        before["note"] = "of an earlier user"
    client.post("/", data=ADA)
    with client.session_transaction() as after:
        assert set(after) == {"_permanent", "user"}


def test_each_visit_restarts_the_30_days(sign_in, visitor, clock):
    sign_in(BOX)
    for _ in range(12):
        clock.tick(29 * DAY)
        assert signed_in(visitor)


def test_30_days_without_a_visit_sign_ada_out(sign_in, visitor, clock):
    sign_in(BOX)
    clock.tick(30 * DAY + 1)
    assert not signed_in(visitor)


def test_without_the_box_30_days_are_the_end_in_an_open_browser_too(sign_in, visitor, clock):
    sign_in({})
    clock.tick(29 * DAY)
    assert signed_in(visitor)
    clock.tick(DAY + 1)
    assert not signed_in(visitor)


@pytest.mark.parametrize("box", [BOX, {}], ids=["box", "no-box"])
def test_signing_out_deletes_a_remembered_cookie_too(sign_in, visitor, box):
    sign_in(box)
    assert visitor.cookies
    visitor.request("POST", "/sign-out")
    assert not visitor.cookies


def test_wrong_forgets_ada_in_spite_of_the_box(load):
    visitor = Browser(load("wrong.py"))
    visitor.request("POST", "/", ADA | BOX)
    assert signed_in(visitor)
    visitor.close()
    assert not signed_in(visitor)
    visitor.request("POST", "/sign-out")


def test_permanent_before_every_request_remembers_everybody(sign_in, visitor, app):
    app.before_request(lambda: setattr(session, "permanent", True))
    sign_in({})
    visitor.request("GET", "/")
    visitor.close()
    assert signed_in(visitor)


@pytest.mark.browser
@pytest.mark.parametrize("ticked", [True, False])
def test_chromium_remembers_ada_if_the_box_is_ticked(
    app, serve, browser_type, browser_type_launch_args, tmp_path, ticked
):
    address = f"http://127.0.0.1:{serve(app)}/"
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
        tab = browser.new_page()
        tab.goto(address)
        tab.get_by_label("Password").fill("lovelace")
        tab.get_by_label("Remember me").set_checked(ticked)
        tab.get_by_role("button", name="Sign in").click()
        tab.get_by_text("Signed in as ada.").wait_for()
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as browser:
        tab = browser.new_page()
        tab.goto(address)
        assert tab.get_by_text("Signed in as ada.").is_visible() is ticked
