"""The browser model behind the live panel and the transcripts (live/worker/browser.py), under CPython."""

import importlib.util
import secrets
import sys
from pathlib import Path

import pytest
from flask import Flask, redirect, request, session
from freezegun import freeze_time

ROOT = Path(__file__).parents[2]


def load(name):
    """Import a file of live/ by path: the folder is no package, as Pyodide gets the bare files."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "live/worker" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


browser = load("browser")
Browser, Refused = browser.Browser, browser.Refused


@pytest.fixture
def visitor():
    """A browser whose app is not needed."""
    return Browser(None)


@pytest.fixture
def app():
    app = Flask(__name__)
    app.secret_key = secrets.token_hex()

    @app.get("/")
    def home():
        session["visits"] = session.get("visits", 0) + 1
        return f"Visits: {session['visits']}"

    @app.get("/loop")
    def loop():
        return redirect("/loop")

    @app.route("/to/<int:code>", methods=["GET", "POST"])
    def to(code):
        return redirect("/echo?a=1", code)

    @app.get("/away")
    def away():
        return redirect("https://other.example/")

    @app.route("/echo", methods=["GET", "POST"])
    def echo():
        return f"{request.method} {request.args.get('a')} {request.form.getlist('b')}"

    return app


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("a=" + "x" * 4096, "4097 bytes"),
        ("a=" + "é" * 2048, "4097 bytes"),
        ("a=1; SameSite=None", "SameSite=None needs Secure"),
        ("a=1; Partitioned", "Partitioned needs Secure"),
        ("__Host-a=1; Path=/", "needs Secure"),
        ("__Host-a=1; Secure; Path=/x", "needs Path=/ and no Domain"),
        ("__Host-a=1; Secure", "needs Path=/ and no Domain"),
        ("__Host-a=1; Secure; Path=/; Domain=app.example", "needs Path=/ and no Domain"),
        ("__secure-a=1", "needs Secure"),
        ("a=1; Domain=other.example", "does not cover app.example"),
        ("a=1; Domain=pp.example", "does not cover app.example"),
        ("a=1; Domain=example", "public suffix"),
        ("a=1\x00", "control character"),
        ("=", "neither a name nor a value"),
    ],
)
def test_a_cookie_that_a_browser_drops_is_refused_with_its_reason(visitor, header, reason):
    with pytest.raises(Refused, match=reason):
        visitor.receive(header)
    assert visitor.cookies == []


@pytest.mark.parametrize(
    "header",
    [
        "a=" + "x" * 4095,
        "a=1; SameSite=None; Secure",
        "__Host-a=1; Secure; Path=/",
        "__Secure-a=1; Secure; Domain=.app.example",
        "a=1; SameSite=bogus",
        "a=1; Path=/; Comment=" + "x" * 5000,
        "lonely",
    ],
)
def test_a_cookie_that_a_browser_keeps_is_kept(visitor, header):
    visitor.receive(header)
    assert len(visitor.cookies) == 1


def test_a_secure_cookie_from_plain_http_is_refused_and_one_from_https_is_not_sent_there():
    plain = Browser(None, origin="http://app.example")
    with pytest.raises(Refused, match="plain HTTP"):
        plain.receive("a=1; Secure")
    https = Browser(None)
    https.receive("a=1; Secure")
    plain.jar = https.jar
    assert https.cookie_header("/") == "a=1"
    assert plain.cookie_header("/") is None


@pytest.mark.parametrize(
    ("cookie_path", "came_with", "asked", "sent"),
    [
        ("/app", "/", "/app", True),
        ("/app", "/", "/app/x", True),
        ("/app", "/", "/apple", False),
        ("/app/", "/", "/app/x", True),
        ("/app/", "/", "/app", False),
        (None, "/a/b", "/a/c", True),
        (None, "/a/b", "/a", True),
        (None, "/a/b", "/b", False),
        (None, "/a?x=/b/c", "/b", True),
    ],
)
def test_a_cookie_goes_back_to_its_path_only(visitor, cookie_path, came_with, asked, sent):
    visitor.receive("a=1" + (f"; Path={cookie_path}" if cookie_path else ""), came_with)
    assert visitor.cookie_header(asked) == ("a=1" if sent else None)


def test_the_longest_path_comes_first_then_the_oldest(visitor):
    with freeze_time("2026-11-22 12:00") as clock:
        visitor.receive("old=1; Path=/")
        clock.tick(1)
        visitor.receive("new=1; Path=/")
        visitor.receive("deep=1; Path=/x")
        clock.tick(1)
        visitor.receive("old=2; Path=/")  # keeps its age
        assert visitor.cookie_header("/x") == "deep=1; old=2; new=1"


def test_quotes_belong_to_the_value(visitor):
    visitor.receive('a="1 2"; Path=/')
    assert visitor.cookie_header("/") == 'a="1 2"'


@pytest.mark.parametrize("expiry", ["Max-Age=60", "Expires=Sun, 22 Nov 2026 12:01:00 GMT", "Max-Age=60; Expires=bogus"])
def test_a_cookie_goes_when_its_time_is_over(visitor, expiry):
    with freeze_time("2026-11-22 12:00") as clock:
        visitor.receive(f"a=1; {expiry}")
        clock.tick(59)
        assert visitor.cookie_header("/") == "a=1"
        clock.tick(1)
        assert visitor.cookie_header("/") is None


def test_an_expiry_in_the_past_deletes(visitor):
    visitor.receive("a=1; Path=/")
    visitor.receive("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/")
    assert visitor.cookies == []


def test_no_cookie_lives_longer_than_400_days(visitor):
    with freeze_time("2026-11-22 12:00") as clock:
        visitor.receive(f"a=1; Max-Age={10 * 365 * 24 * 3600}")
        clock.tick(400 * 24 * 3600)
        assert visitor.cookies == []


def test_closing_the_browser_drops_what_has_no_expiry(visitor):
    visitor.receive("stays=1; Max-Age=60")
    visitor.receive("goes=1")
    visitor.close()
    assert visitor.cookie_header("/") == "stays=1"


def test_a_jar_survives_as_json(visitor):
    visitor.receive("a=1; HttpOnly; SameSite=Lax; Max-Age=60; Path=/x")
    other = Browser(None)
    other.load(visitor.dump())
    assert other.cookies == visitor.cookies


def test_a_session_lives_in_the_jar_and_each_visitor_has_their_own(app):
    ada, bob = Browser(app), Browser(app)
    assert [ada.request("GET", "/").body for _ in range(2)] == [b"Visits: 1", b"Visits: 2"]
    assert bob.request("GET", "/").body == b"Visits: 1"


def test_an_exchange_holds_what_crossed_the_wire(app):
    visitor = Browser(app)
    visitor.receive("seen=1; Path=/")
    exchange = visitor.request("POST", "/echo?a=é", [("b", "1"), ("b", "2 ü")])
    assert exchange.status == "200 OK"
    assert exchange.body.decode() == "POST é ['1', '2 ü']"
    assert exchange.request_headers == [
        ("Host", "app.example"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", "14"),
        ("Cookie", "seen=1"),
    ]
    assert exchange.request_body == "b=1&b=2+%C3%BC"
    assert exchange.header("content-type") == "text/html; charset=utf-8"


def test_a_request_names_the_page_that_it_came_from_and_so_do_its_redirects(app):
    app.add_url_rule("/came-from", view_func=lambda: str(request.referrer))
    visitor = Browser(app)
    for exchange in visitor.visit("POST", "/to/302", {"b": "2"}, referrer="/form?a=1"):
        assert ("Referer", "https://app.example/form?a=1") in exchange.request_headers
    assert visitor.request("GET", "/came-from", referrer="/").body == b"https://app.example/"
    assert visitor.request("GET", "/came-from").body == b"None"


@pytest.mark.parametrize("code", [301, 302, 303])
def test_these_redirects_turn_a_post_into_a_get(app, code):
    first, last = Browser(app).visit("POST", f"/to/{code}", {"b": "2"})
    assert (first.code, last.method, last.body) == (code, "GET", b"GET 1 []")


@pytest.mark.parametrize("code", [307, 308])
def test_these_redirects_repeat_the_post(app, code):
    first, last = Browser(app).visit("POST", f"/to/{code}", {"b": "2"})
    assert (first.code, last.method, last.body) == (code, "POST", b"POST 1 ['2']")


def test_a_redirect_loop_ends_with_one_clear_line(app):
    exchanges = Browser(app).visit("GET", "/loop")
    assert len(exchanges) == 21
    assert exchanges[-1].note == "The app redirects in a loop: stopped after 20 redirects."


def test_a_redirect_out_of_the_app_is_not_followed(app):
    (exchange,) = Browser(app).visit("GET", "/away")
    assert exchange.note == ("This redirect leaves the app, for https://other.example/. It was not followed.")


def test_a_refused_cookie_is_reported(app):
    @app.get("/big")
    def big():
        return "big", {"Set-Cookie": "big=" + "x" * 5000}

    exchange = Browser(app).request("GET", "/big")
    assert exchange.refused == [
        {"cookie": "big", "reason": "its name and value are 5003 bytes; browsers keep at most 4096"}
    ]


def test_an_exception_that_the_app_lets_through_is_a_500_with_its_traceback_printed(app, capsys):
    app.config["PROPAGATE_EXCEPTIONS"] = True

    @app.get("/broken")
    def broken():
        raise ZeroDivisionError

    assert Browser(app).request("GET", "/broken").code == 500
    assert "in broken" in capsys.readouterr().err


def test_requests_come_from_the_visitors_address(app):
    app.add_url_rule("/address", "address", lambda: request.remote_addr)
    texts = [Browser(app, address=f"192.0.2.{n}").request("GET", "/address").body for n in (1, 2, 1)]
    assert texts == [b"192.0.2.1", b"192.0.2.2", b"192.0.2.1"]
    assert Browser(app).request("GET", "/address").body == b"192.0.2.1"
