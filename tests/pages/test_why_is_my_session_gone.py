"""Tests of docs/recipes/why-is-my-session-gone.md."""

from urllib.parse import urljoin

import pytest
from flask import Flask, url_for

from live.worker.browser import Browser

DAY = 24 * 3600


def written(app):
    """A visitor whose session contains a value."""
    client = app.test_client()
    client.post("/")
    return client


def test_a_browser_without_a_cookie_is_found(client):
    assert "No session cookie came." in client.get("/").text


def test_a_cookie_signed_with_another_key_is_found(app):
    client = written(app)
    app.secret_key = "another key"  # noqa: S105
    assert "The signature is not from this key." in client.get("/").text


def test_a_cookie_older_than_the_lifetime_is_found(app, clock):
    client = written(app)
    clock.tick(31 * DAY)
    assert "The cookie is valid." in client.get("/").text
    clock.tick(1)
    assert "The cookie is too old." in client.get("/").text


def test_a_valid_cookie_is_shown_with_its_keys_and_without_its_values(app):
    page = written(app).get("/").text
    assert "The cookie is valid. It contains: written." in page
    assert "True" not in page


@pytest.mark.parametrize(
    ("fault", "told"),
    [("no cookie", "No session cookie"), ("another key", "not from this key"), ("31 days", "too old")],
)
def test_flask_itself_says_nothing(app, clock, caplog, fault, told):
    client = app.test_client() if fault == "no cookie" else written(app)
    if fault == "another key":
        app.secret_key = fault
    clock.tick(31 * DAY + 1 if fault == "31 days" else 1)
    answer = client.get("/")
    assert told in answer.text
    assert answer.status_code == 200
    assert not caplog.records


def opener():
    """A client that keeps cookies, for real servers."""
    from http.cookiejar import CookieJar
    from urllib.request import HTTPCookieProcessor, build_opener

    return build_opener(HTTPCookieProcessor(CookieJar()))


def answers_of_both_workers(port):
    """What a visitor sees who has written, whichever worker answers."""
    from tests.support import workers

    visitor, address, seen = opener(), f"http://127.0.0.1:{port}/", set()
    visitor.open(address, b"")
    for _ in range(20):
        seen.add(visitor.open(address).read().decode())
        with workers.one_is_busy(port):
            seen.add(visitor.open(address).read().decode())
    return seen


@pytest.mark.server
def test_random_keys_lose_visitors_between_two_workers(tmp_path):
    from extensions import snippets
    from tests.support import workers

    with workers.gunicorn(snippets.ROOT / "the_secret_key/wrong_random.py", tmp_path) as port:
        known, unknown = sorted(answers_of_both_workers(port))
    assert "You are a guest." in known
    assert "You are nobody." in unknown


@pytest.mark.server
def test_with_preload_the_workers_share_a_random_key(tmp_path):
    from extensions import snippets
    from tests.support import workers

    app = snippets.ROOT / "the_secret_key/wrong_random.py"
    with workers.gunicorn(app, tmp_path, GUNICORN_CMD_ARGS="--preload") as port:
        (seen,) = answers_of_both_workers(port)
    assert "You are a guest." in seen


@pytest.mark.server
def test_one_key_serves_both_workers(gunicorn):
    (seen,) = answers_of_both_workers(gunicorn("app.py"))
    assert "The cookie is valid." in seen


def test_sessions_survive_a_restart_with_the_same_key(load):
    visitor = Browser(load("app.py"))
    visitor.request("POST", "/")
    visitor.app = load("app.py")
    assert b"The cookie is valid." in visitor.request("GET", "/").body


def test_another_key_after_a_restart_ends_all_sessions(load):
    visitor = Browser(load("app.py"))
    visitor.request("POST", "/")
    visitor.app = load("app.py")
    visitor.app.secret_key = "another key"  # noqa: S105
    assert b"not from this key" in visitor.request("GET", "/").body


def test_wrong_leads_away_from_the_host_that_has_the_cookie(load):
    client = load("wrong.py").test_client()
    answer = client.post("/", base_url="http://127.0.0.1:5000")
    assert "Hello, Ada!" in client.get("/", base_url="http://127.0.0.1:5000").text
    assert "Hello, stranger!" in client.get("/", base_url=urljoin("http://127.0.0.1:5000/", answer.location)).text


@pytest.mark.browser
def test_wrong_greets_a_stranger_in_chromium(load, serve, internet):
    port = serve(load("wrong.py"))
    tab = internet({"http://127.0.0.1:5000": port, "http://localhost:5000": port}).new_page()
    tab.goto("http://127.0.0.1:5000/")
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url("http://localhost:5000/")
    assert "Hello, stranger!" in tab.content()


def test_www_is_another_host(app):
    client = app.test_client()
    client.post("/", base_url="https://www.example.com")
    assert "The cookie is valid." in client.get("/", base_url="https://www.example.com").text
    assert "No session cookie came." in client.get("/", base_url="https://example.com").text


@pytest.mark.parametrize("host", ["https://www.example.com", "http://localhost:5000", "http://127.0.0.1"])
def test_url_for_stays_on_the_host(client, host):
    response = client.post("/", base_url=host)
    assert response.location == "/"
    assert "The cookie is valid." in client.get(response.location, base_url=host).text


def test_url_for_leaves_the_host_with_external_or_subdomains():
    app = Flask("subdomains", subdomain_matching=True, static_folder=None)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", "shop", subdomain="shop", view_func=str)
    app.add_url_rule("/", "home", view_func=str)
    with app.test_request_context("/", base_url="https://example.com"):
        assert url_for("home") == "/"
        assert url_for("home", _external=True) == "https://example.com/"
        assert url_for("shop") == "https://shop.example.com/"


GATEWAY = """
server {
  listen {port};
  location / {
    proxy_pass http://127.0.0.1:APP;
    REMOVES
  }
}
"""


@pytest.fixture
def behind(app, serve, nginx):
    """What a visitor sees who has written, behind an nginx with a further line; and the header of the response."""

    def behind(line=""):
        port = nginx(GATEWAY.replace("APP", str(serve(app))).replace("REMOVES", line))
        visitor, address = opener(), f"http://127.0.0.1:{port}/"
        visitor.open(address, b"")
        (jar,) = (handler.cookiejar for handler in visitor.handlers if hasattr(handler, "cookiejar"))
        return visitor.open(address).read().decode(), len(jar)

    return behind


@pytest.mark.server
@pytest.mark.parametrize(
    ("line", "finding", "cookies"),
    [("", "The cookie is valid.", 1), ("proxy_hide_header Set-Cookie;", "No session cookie came.", 0)],
)
def test_a_proxy_that_removes_set_cookie_keeps_the_session_from_the_browser(behind, line, finding, cookies):
    shown, kept = behind(line)
    assert finding in shown
    assert kept == cookies


@pytest.mark.server
def test_a_proxy_that_removes_cookie_empties_each_session(behind):
    shown, kept = behind('proxy_set_header Cookie "";')
    assert "No session cookie came." in shown
    assert kept == 1
