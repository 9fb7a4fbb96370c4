"""Tests of docs/understand/what-clear-does.md."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask, flash, request, session

from live.worker.browser import Browser

DELETION = "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/"
ATTRIBUTES = {"PATH": "/shop", "DOMAIN": "shop.example", "SAMESITE": "Lax", "SECURE": True, "PARTITIONED": True}
LONG = 20  # seconds that a thread waits for another


def press(client, *actions):
    """Press these buttons one after another; the last response comes back."""
    return [client.post("/", data={"action": action}) for action in actions][-1]


def test_clear_in_a_fresh_browser_creates_nothing_and_sends_a_deletion(client):
    assert press(client, "clear").headers.getlist("Set-Cookie") == [DELETION]
    assert client.get_cookie("session") is None


def test_clear_removes_every_key_and_pop_removes_one(app):
    with app.test_request_context():
        session.update(name="Ada", color="green", size="L")
        session.pop("name")
        assert dict(session) == {"color": "green", "size": "L"}
        session.clear()
        assert dict(session) == {}


def test_an_emptied_session_deletes_the_cookie_in_this_browser(app, client):
    assert press(client, "enter", "clear").headers.getlist("Set-Cookie") == [DELETION]
    assert client.get_cookie("session") is None
    assert "Logged in: nobody" in client.get("/").text
    # The deletion has the cookie's path, domain and other attributes, or a browser would keep the cookie.
    app.config.update({f"SESSION_COOKIE_{key}": value for key, value in ATTRIBUTES.items()})
    written, deleted = (
        set(press(app.test_client(), one).headers["Set-Cookie"].split("; ")) for one in ("enter", "clear")
    )
    assert {part for part in written & deleted if not part.startswith("session=")} == {
        *("Secure", "HttpOnly", "Path=/shop", "Domain=shop.example", "SameSite=Lax", "Partitioned")
    }


@pytest.mark.browser
def test_chromium_deletes_the_cookie_after_clear(app, serve, page, context):
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_role("button", name="Log in as Ada").click()
    page.get_by_text("Logged in: Ada").wait_for()
    assert [cookie["name"] for cookie in context.cookies()] == ["session"]
    page.get_by_role("button", name="Log out with clear()").click()
    page.get_by_text("Logged in: nobody").wait_for()
    assert context.cookies() == []


CHANGES = {"path": {"SESSION_COOKIE_PATH": "/shop"}, "domain": {"SESSION_COOKIE_DOMAIN": "shop.example"}}


@pytest.mark.browser
@pytest.mark.parametrize("change", CHANGES)
def test_in_chromium_clear_leaves_a_cookie_of_another_path_or_domain(serve, page, change):
    app = Flask("shop")
    app.secret_key = "dev"  # noqa: S105
    app.add_url_rule("/shop/", "index", lambda: f"Logged in: {session.get('name', 'nobody')}")
    app.add_url_rule("/shop/login", "login", lambda: session.update(name="Ada") or "Hello")
    app.add_url_rule("/shop/logout", "logout", lambda: session.clear() or "Bye")
    start = f"http://shop.example:{serve(app)}/shop/"
    page.goto(f"{start}login")
    page.goto(f"{start}logout")
    page.goto(start)
    assert "Logged in: nobody" in page.content()
    page.goto(f"{start}login")
    app.config.update(CHANGES[change])
    page.goto(f"{start}logout")
    page.goto(start)
    assert "Logged in: Ada" in page.content()


def test_a_copy_of_the_old_cookie_still_works_after_clear(client):
    press(client, "enter", "copy", "clear")
    assert "Logged in: nobody" in client.get("/").text
    press(client, "replay")
    assert "Logged in: Ada" in client.get("/").text


def test_the_copy_works_in_another_browser_too(app, client):
    press(client, "enter")
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    press(client, "clear")
    assert "Logged in: Ada" in thief.get("/").text


@pytest.mark.process
@pytest.mark.parametrize("late", ["/", "/static/style.css", "/nowhere"])
def test_in_a_permanent_session_a_late_response_undoes_clear(app, late):
    opened, released = threading.Event(), threading.Event()

    def hold():
        if request.path == late and request.method == "GET" and not released.is_set():
            opened.set()
            assert released.wait(LONG)

    def keep(response):
        if request.form.get("action") == "enter":
            session.permanent = True
        return response

    app.before_request(hold)
    app.after_request(keep)
    visitor = Browser(app)
    visitor.request("POST", "/", {"action": "enter"})
    cookie = {"Cookie": visitor.cookie_header("/")}
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(app.test_client(use_cookies=False).get, late, headers=cookie, base_url=visitor.origin)
        assert opened.wait(LONG)
        visitor.request("POST", "/", {"action": "clear"})
        assert not visitor.cookies
        released.set()
    for header in slow.result().headers.getlist("Set-Cookie"):
        visitor.receive(header)
    assert b"Logged in: Ada" in visitor.request("GET", "/").body


def test_the_copy_ends_with_the_lifetime(app, client, clock):
    press(client, "enter", "copy", "clear")
    clock.tick(timedelta(days=31, seconds=1))
    press(client, "replay")
    assert "Logged in: nobody" in client.get("/").text


def test_a_new_key_ends_the_copy_and_everybody_elses_session(app, client):
    other = app.test_client()
    press(other, "enter")
    press(client, "enter", "copy", "clear")
    app.secret_key = "another key"  # noqa: S105
    press(client, "replay")
    assert "Logged in: nobody" in client.get("/").text
    assert "Logged in: nobody" in other.get("/").text


@pytest.mark.source
def test_a_token_in_the_database_ends_the_copy_and_no_other_users_session(tmp_path, monkeypatch):
    from extensions import snippets
    from tests.support import loading

    monkeypatch.chdir(tmp_path)
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    app = loading.load_app(snippets.ROOT / "sign_out_everywhere/app.py")
    users = app.view_functions["sign_in"].__globals__["users"]
    users.add("alan", users.ADA)
    ada, alan = Browser(app), Browser(app)
    for visitor, name in ((ada, "ada"), (alan, "alan")):
        visitor.request("POST", "/sign-in", {"user": name, "password": "lovelace"})
    copy = ada.cookies[0].value
    ada.request("POST", "/sign-out-everywhere")
    thief = Browser(app)
    thief.receive(f"session={copy}")
    assert b"Signed in as" not in thief.request("GET", "/").body
    assert b"Signed in as alan" in alan.request("GET", "/").body


@pytest.mark.package
def test_a_session_on_the_server_ends_with_all_its_copies(app, tmp_path):
    from cachelib import FileSystemCache
    from flask_session import Session

    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    client, other = app.test_client(), app.test_client()
    press(other, "enter")
    press(client, "enter", "copy")
    copy = client.get_cookie("copy").value
    thief = app.test_client()
    thief.set_cookie("session", copy)
    assert "Logged in: Ada" in thief.get("/").text
    press(client, "clear")
    assert "Logged in: nobody" in thief.get("/").text
    press(client, "replay")
    assert "Logged in: nobody" in client.get("/").text
    assert "Logged in: Ada" in other.get("/").text


def test_a_session_has_no_id_so_two_visitors_can_have_the_same_cookie(app, clock):
    ada, other = app.test_client(), app.test_client()
    press(ada, "enter")
    press(other, "enter")
    assert ada.get_cookie("session").value == other.get_cookie("session").value


def test_clear_and_a_write_in_one_request_send_a_new_cookie(client):
    headers = press(client, "enter").headers.getlist("Set-Cookie")
    assert len(headers) == 1
    assert headers[0].startswith("session=eyJ")


def test_clear_before_login_removes_what_was_there(client):
    with client.session_transaction() as stored:
        stored["left_by"] = "somebody else"
    press(client, "enter")
    with client.session_transaction() as stored:
        assert dict(stored) == {"name": "Ada"}


def test_clear_removes_permanent_and_waiting_messages_too(app):
    with app.test_request_context():
        session.permanent = True
        flash("saved")
        assert set(session) == {"_permanent", "_flashes"}
        session.clear()
        assert not session.permanent
        assert set(session) == set()


@pytest.mark.package
def test_after_clear_a_form_that_is_open_is_rejected_by_flask_wtf():
    from flask_wtf.csrf import CSRFProtect, generate_csrf

    app = Flask("forms")
    app.secret_key = "dev"  # noqa: S105
    CSRFProtect(app)
    app.add_url_rule("/form", "form", generate_csrf)
    app.add_url_rule("/send", "send", lambda: "taken", methods=["POST"])
    app.add_url_rule("/clear", "clear", lambda: session.clear() or "")
    client = app.test_client()
    token = client.get("/form").text
    assert client.post("/send", data={"csrf_token": token}).text == "taken"
    client.get("/clear")
    assert client.post("/send", data={"csrf_token": token}).status_code == 400


def test_opening_the_page_does_not_log_out(client):
    press(client, "enter")
    client.get("/?action=clear")
    assert "Logged in: Ada" in client.get("/").text


@pytest.fixture
def eve(serve, page):
    """Log Ada in to an app that logs out on GET, and show her a page of Eve's site; gives what the app says then."""

    def eve(html, samesite=None):
        shop, site = Flask("shop"), Flask("eve")
        shop.secret_key = "dev"  # noqa: S105
        shop.config["SESSION_COOKIE_SAMESITE"] = samesite
        seen = []
        shop.add_url_rule("/", "index", lambda: f"Logged in: {session.get('name', 'nobody')}")
        shop.add_url_rule("/login", "login", lambda: session.update(name="Ada") or "Hello")
        shop.add_url_rule(
            "/logout", "logout", lambda: seen.append(dict(session)) or session.clear() or "Bye", methods=["GET", "POST"]
        )
        address = f"http://shop.example:{serve(shop)}/"
        site.add_url_rule("/", "index", lambda: html.replace("LOGOUT", f"{address}logout"))
        page.goto(f"{address}login")
        page.goto(f"http://eve.example:{serve(site)}/")
        if link := page.locator("a, button").all():
            link[0].click()
            page.get_by_text("Bye").wait_for()
        page.wait_for_load_state()
        page.goto(address)
        return seen, page.inner_text("body")

    return eve


@pytest.mark.browser
def test_in_chromium_a_link_on_another_site_logs_out_if_logging_out_is_a_get(eve):
    assert eve('<a href="LOGOUT">Free tickets</a>') == ([{"name": "Ada"}], "Logged in: nobody")


@pytest.mark.browser
def test_in_chromium_an_image_on_another_site_comes_without_the_cookie(eve):
    assert eve('<img src="LOGOUT" alt="">') == ([{}], "Logged in: Ada")


@pytest.mark.browser
def test_in_chromium_a_form_on_another_site_logs_out_although_the_cookie_is_lax(eve):
    form = '<form method="post" action="LOGOUT"><button>Free tickets</button></form>'
    assert eve(form, samesite="Lax") == ([{}], "Logged in: nobody")


def test_wrong_is_not_permanent_after_clear(load):
    client = load("wrong.py").test_client()
    assert "Expires" not in client.post("/").headers["Set-Cookie"]
    assert "Logged in: Ada, not permanent" in client.get("/").text


def test_permanent_after_clear_stays_permanent(app):
    @app.get("/week")
    def week():
        session.clear()
        session.permanent = True
        return "Welcome"

    client = app.test_client()
    press(client, "enter")
    assert "Expires" in client.get("/week").headers["Set-Cookie"]
    with client.session_transaction() as stored:
        assert dict(stored) == {"_permanent": True}


def test_wrong_start_never_gets_beyond_the_first_step(load):
    client = load("wrong_start.py").test_client()
    for _ in range(3):
        client.post("/")
        assert "Steps: 0" in client.get("/").text


def test_a_session_starts_with_its_first_write(client):
    assert client.get("/").headers.getlist("Set-Cookie") == []
    assert press(client, "enter").headers["Set-Cookie"].startswith("session=ey")
    assert "Logged in: Ada" in client.get("/").text
