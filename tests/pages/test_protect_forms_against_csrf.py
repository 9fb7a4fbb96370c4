"""Tests of docs/recipes/protect-forms-against-csrf.md."""

import re

import pytest
from flask import Blueprint, Flask, request, session

from live.worker.browser import Browser

ADA, EVE = {"address": "ada@example.com"}, {"address": "eve@example.com"}


def token(client):
    """The token in the form that this visitor is shown."""
    return re.search('name="csrf_token" value="(.+?)"', client.get("/").text)[1]


def answer(client, **fields):
    """What the app says to a form with these fields, and Ada's address."""
    return client.post("/", data=ADA | fields).text


def test_a_form_with_its_token_is_accepted(app, visitor):
    found = re.search('value="(.+?)"', visitor.request("GET", "/").body.decode())[1]
    last = visitor.visit("POST", "/", ADA | {"csrf_token": found}, referrer="/")[-1]
    assert b"Letters go to ada@example.com." in last.body


def test_a_form_without_a_token_is_rejected_and_changes_nothing(client):
    refused = client.post("/", data=EVE)
    assert refused.status_code == 400
    assert "The CSRF token is missing." in refused.text
    assert "Letters go to nobody." in client.get("/").text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_view_function_is_guarded_for_these_methods(app, method):
    blueprint = Blueprint("more", "more", url_prefix="/more")
    for part in (app, blueprint):
        part.add_url_rule("/any", view_func=lambda: "done", methods=["GET", method])
    app.register_blueprint(blueprint)
    for path in ("/any", "/more/any"):
        assert app.test_client().open(path, method=method).status_code == 400
        assert app.test_client().get(path).text == "done"


def test_the_session_contains_a_random_string_and_the_form_a_signed_copy(app, client):
    signed = token(client)
    with client.session_transaction() as stored:
        assert len(stored["csrf_token"]) == 40
        assert signed != stored["csrf_token"]
        found = {stored["csrf_token"]}
    for _ in range(9):
        other = app.test_client()
        token(other)
        with other.session_transaction() as stored:
            found.add(stored["csrf_token"])
    assert len(found) == 10
    assert token(client).split(".")[0] == signed.split(".")[0]


def test_showing_the_form_gives_a_new_visitor_a_cookie(client):
    assert client.get("/").headers["Set-Cookie"].startswith("session=")


def test_another_visitors_token_does_not_match(app, client):
    token(client)
    assert "The CSRF tokens do not match." in answer(client, csrf_token=token(app.test_client()))


@pytest.mark.parametrize("end", [Browser.close, lambda visitor: visitor.request("GET", "/clear")])
def test_with_the_session_its_open_forms_end(app, visitor, end):
    app.add_url_rule("/clear", view_func=lambda: session.clear() or "cleared")
    found = re.search('value="(.+?)"', visitor.request("GET", "/").body.decode())[1]
    end(visitor)
    refused = visitor.request("POST", "/", ADA | {"csrf_token": found}, referrer="/")
    assert b"The CSRF session token is missing." in refused.body


def test_a_token_is_valid_for_an_hour(client, clock):
    found = token(client)
    clock.tick(3600)
    assert "Redirecting" in answer(client, csrf_token=found)
    clock.tick(1)
    assert "The CSRF token has expired." in answer(client, csrf_token=found)


def test_without_a_limit_a_token_is_valid_as_long_as_its_session(app, client, clock):
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    found = token(client)
    clock.tick(24 * 3600)
    assert "Redirecting" in answer(client, csrf_token=found)


@pytest.mark.parametrize(
    ("referer", "reason"),
    [
        (None, "The referrer header is missing."),
        ("https://other.example/", "The referrer does not match the host."),
        ("https://app.example/", "Redirecting"),
    ],
)
def test_over_https_the_form_must_come_from_this_host(app, referer, reason):
    client, https = app.test_client(), {"base_url": "https://app.example"}
    found = re.search('value="(.+?)"', client.get("/", **https).text)[1]
    headers = {"Referer": referer} if referer else {}
    assert reason in client.post("/", data=ADA | {"csrf_token": found}, headers=headers, **https).text


def test_after_a_change_of_the_key_the_token_is_invalid(app, client):
    found = token(client)
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.secret_key = "the next key"  # noqa: S105
    assert "The CSRF token is invalid." in answer(client, csrf_token=found)
    assert "Redirecting" in answer(client, csrf_token=token(client))


@pytest.mark.parametrize(
    ("scheme", "reason"), [("http", "Redirecting"), ("https", "The referrer does not match the host.")]
)
def test_only_https_stops_a_session_planted_from_another_port(app, scheme, reason):
    host, eve, ada = f"{scheme}://app.example", app.test_client(), app.test_client()
    found = re.search('value="(.+?)"', eve.get("/", base_url=host).text)[1]
    ada.set_cookie("session", eve.get_cookie("session", "app.example").value, domain="app.example")
    headers = {"Referer": f"{host}:8080/"}
    assert reason in ada.post("/", data=EVE | {"csrf_token": found}, headers=headers, base_url=host).text


def test_a_script_sends_the_token_in_a_header(client):
    headers = {"X-CSRFToken": token(client)}
    assert client.post("/", data=ADA, headers=headers).status_code in (302, 303)


def test_wrong_accepts_a_form_that_it_never_showed(load):
    client = load("wrong.py").test_client()
    client.post("/", data=ADA)
    client.post("/", data=EVE)
    assert "Letters go to eve@example.com." in client.get("/").text


def press(page):
    """Press the page's button, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button").click()


@pytest.fixture
def attacked(serve, page):
    """Chromium after Ada filled in the form of an app, and then pressed the button of Eve's form on another `host`."""

    def attacked(app, host):
        posts = []
        app.before_request(lambda: posts.append(request.cookies) if request.method == "POST" else None)
        home = f"http://127.0.0.1:{serve(app)}/"
        form = f'<form method="post" action="{home}"><button name="address" value="eve@example.com">Win</button></form>'
        site = Flask("Eve's site")
        site.add_url_rule("/", view_func=lambda: form)
        page.goto(home)
        page.get_by_label("Email").fill("ada@example.com")
        press(page)
        page.goto(f"http://{host}:{serve(site)}/")
        press(page)
        page.goto(home)
        return page.inner_text("p"), "session" in posts[-1]

    return attacked


@pytest.mark.browser
@pytest.mark.parametrize("same_site", ["Lax", "Strict"])
def test_wrong_lets_another_site_put_a_new_session_in_place_of_the_old(load, attacked, same_site):
    app = load("wrong.py")
    app.config["SESSION_COOKIE_SAMESITE"] = same_site
    text, cookie_came_along = attacked(app, "localhost")
    assert text == "Letters go to eve@example.com."
    assert not cookie_came_along


@pytest.mark.browser
@pytest.mark.parametrize("same_site", ["Lax", "Strict"])
def test_wrong_gets_the_cookie_too_from_another_port_of_the_same_host(load, attacked, same_site):
    app = load("wrong.py")
    app.config["SESSION_COOKIE_SAMESITE"] = same_site
    assert attacked(app, "127.0.0.1") == ("Letters go to eve@example.com.", True)


@pytest.mark.browser
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_token_stops_both_in_chromium(app, attacked, host):
    assert attacked(app, host)[0] == "Letters go to ada@example.com."


def test_the_cookie_is_same_site_lax_too(client):
    (cookie,) = client.get("/").headers.getlist("Set-Cookie")
    assert "SameSite=Lax" in cookie.split("; ")
