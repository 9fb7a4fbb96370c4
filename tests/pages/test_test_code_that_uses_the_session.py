"""Tests of docs/recipes/test-code-that-uses-the-session.md."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from flask import request, session

ADA = {"name": "Ada"}


def store(client, **where):
    """Put a name into the session of this test client."""
    with client.session_transaction(**where) as stored:
        stored["name"] = "Ada"


def test_what_a_transaction_stores_the_next_request_finds(client):
    store(client)
    assert "Hello, Ada!" in client.get("/").text


def test_a_transaction_also_shows_what_the_last_request_stored(client):
    client.post("/", data=ADA)
    with client.session_transaction() as stored:
        assert stored == ADA


def test_in_a_with_block_the_session_of_the_last_request_can_be_read(client):
    with client:
        client.post("/", data=ADA)
        assert session["name"] == "Ada"
        client.post("/forget")
        assert "name" not in session


def test_outside_of_the_block_reading_raises(client):
    client.post("/", data=ADA)
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        session.get("name")


def test_what_is_written_in_a_with_block_is_lost(client):
    with client:
        client.get("/")
        session["name"] = "Ada"
        assert session["name"] == "Ada"
        assert "Hello, stranger!" in client.get("/").text


def test_a_request_inside_the_transaction_does_not_see_it(client):
    with client.session_transaction() as stored:
        stored["name"] = "Ada"
        assert "Hello, stranger!" in client.get("/").text
    assert "Hello, Ada!" in client.get("/").text


def test_what_is_written_in_a_test_request_context_is_lost(app, client):
    with app.test_request_context():
        session["name"] = "Ada"
        assert session["name"] == "Ada"
    assert "Hello, stranger!" in client.get("/").text


def test_a_change_inside_a_value_is_lost_in_a_transaction_too(client):
    with client.session_transaction() as stored:
        stored["names"] = ["Ada"]
    with client.session_transaction() as stored:
        stored["names"].append("Alan")
    with client.session_transaction() as stored:
        assert stored["names"] == ["Ada"]


def test_each_client_is_another_visitor(app, client):
    store(client)
    assert "Hello, stranger!" in app.test_client().get("/").text


def test_the_cookie_belongs_to_one_host(client):
    shop = {"base_url": "https://shop.example"}
    store(client)
    assert "Hello, stranger!" in client.get("/", **shop).text
    store(client, **shop)
    assert "Hello, Ada!" in client.get("/", **shop).text


def test_the_client_replaces_a_cookie_header_of_the_test(app, client):
    store(client)
    headers = {"Cookie": f"session={client.get_cookie('session').value}"}
    assert "Hello, stranger!" in app.test_client().get("/", headers=headers).text
    assert "Hello, Ada!" in app.test_client(use_cookies=False).get("/", headers=headers).text


@pytest.mark.parametrize("setting", [{"SESSION_COOKIE_DOMAIN": "shop.example"}, {"SESSION_COOKIE_PATH": "/shop"}])
def test_a_domain_or_path_that_the_client_does_not_visit_leaves_it_without_a_cookie(app, client, setting):
    app.config.update(setting)
    client.post("/", data=ADA)
    assert "Hello, stranger!" in client.get("/").text


def test_without_a_key_there_is_no_transaction(app, client):
    app.secret_key = None
    with pytest.raises(RuntimeError, match="Session backend did not open a session"):
        store(client)


def test_without_cookies_there_is_no_transaction(app):
    with pytest.raises(TypeError, match="Cookies are disabled"):
        store(app.test_client(use_cookies=False))


def test_the_client_sends_a_secure_cookie_over_http(app, client):
    app.config["SESSION_COOKIE_SECURE"] = True
    client.post("/", data=ADA, base_url="http://shop.example")
    assert "Hello, Ada!" in client.get("/", base_url="http://shop.example").text


@pytest.mark.browser
def test_chromium_accepts_a_secure_cookie_from_its_own_computer(app, serve, page):
    app.config["SESSION_COOKIE_SECURE"] = True
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Remember me").click()
    page.get_by_text("Hello, Ada!").wait_for()


@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")
def test_the_client_keeps_a_cookie_of_any_size(client):
    for size in (10, 4000, 40000):
        name = os.urandom(size).hex()
        client.post("/", data={"name": name})
        assert name in client.get("/").text


def test_the_client_sends_a_cookie_whose_date_is_over(client, clock):
    with client.session_transaction() as stored:
        stored.permanent = True
    clock.tick(32 * 24 * 3600)
    assert "session=" in client.get("/").request.headers["Cookie"]


@pytest.mark.browser
def test_chromium_deletes_a_cookie_whose_date_is_over(app, serve, page):
    sent = []
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=2)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.add_url_rule("/permanent", "permanent", view_func=lambda: session.update(_permanent=True) or "permanent")
    app.add_url_rule("/sent", "sent", view_func=lambda: sent.append("session" in request.cookies) or "sent")
    address = f"http://127.0.0.1:{serve(app)}"
    page.goto(f"{address}/permanent")
    page.goto(f"{address}/sent")
    page.wait_for_timeout(3500)
    page.goto(f"{address}/sent")
    assert sent == [True, False]


def outcome(folder, tmp_path, file, edit=("", "")):
    """What pytest says of a test file beside app.py, in which one thing was edited."""
    for name in ("app.py", "conftest.py", file):
        shutil.copy(folder / name, tmp_path)
    app = tmp_path / "app.py"
    app.write_text(app.read_text().replace(*edit))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout


NO_CLEAR = "session.clear()", "pass"


@pytest.mark.process
def test_the_three_tests_pass_and_notice_a_forget_that_does_nothing(folder, tmp_path):
    assert "3 passed" in outcome(folder, tmp_path, "test_app.py")
    assert "1 failed, 2 passed" in outcome(folder, tmp_path, "test_app.py", NO_CLEAR)
    # As `testing` is set, what a view raises reaches the test.
    assert "\nE       AttributeError" in outcome(folder, tmp_path, "test_app.py", ("session.clear()", "session.wrong"))


@pytest.mark.process
def test_wrong_test_passes_also_when_forget_does_nothing(folder, tmp_path):
    assert "1 passed" in outcome(folder, tmp_path, "wrong_test.py")
    assert "1 passed" in outcome(folder, tmp_path, "wrong_test.py", NO_CLEAR)


@pytest.mark.process
def test_the_fixture_gives_each_test_a_client_that_is_logged_in(folder, tmp_path):
    assert "2 passed" in outcome(folder, tmp_path, "test_logged_in.py")
    assert "1 failed, 1 passed" in outcome(folder, tmp_path, "test_logged_in.py", NO_CLEAR)


def cookie_of(folder, app, **values):
    """What cookie.py makes."""
    from runpy import run_path

    return run_path(str(folder / "cookie.py"))["session_cookie"](app, **values)


@pytest.mark.browser
def test_chromium_is_logged_in_with_the_cookie(app, folder, serve, page):
    address = f"http://127.0.0.1:{serve(app)}"
    page.context.add_cookies([cookie_of(folder, app, name="Ada") | {"url": address}])
    page.goto(address)
    page.get_by_text("Hello, Ada!").wait_for()


def test_a_cookie_signed_with_another_key_logs_nobody_in(app, folder):
    app.config["SESSION_COOKIE_NAME"] = "visit"
    for key, greeting in (("another key", "Hello, stranger!"), (app.secret_key, "Hello, Ada!")):
        other = type(app)("other")
        other.config.update(SECRET_KEY=key, SESSION_COOKIE_NAME="visit")
        cookie = cookie_of(folder, other, name="Ada")
        assert cookie["name"] == "visit"
        client = app.test_client()
        client.set_cookie(cookie["name"], cookie["value"])
        assert greeting in client.get("/").text
