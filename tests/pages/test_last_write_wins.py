"""Tests of docs/understand/last-write-wins.md."""

import json
import threading
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, request, session

from live.worker.browser import Browser

LONG = 20  # seconds that a thread waits for another


def meet(app, path, times):
    """Hold requests to this path, after Flask has opened their sessions, until so many have come."""
    barrier = threading.Barrier(times, timeout=LONG)

    def hold():
        if request.path.startswith(path):
            barrier.wait()

    app.before_request(hold)


def send(visitor, method, path, form=None):
    """Send a request with the visitor's cookie of now; the response isn't given to the browser yet."""
    client = visitor.app.test_client(use_cookies=False)
    headers = {"Cookie": visitor.cookie_header("/") or ""}
    return client.open(path, method=method, data=form, headers=headers, base_url=visitor.origin, buffered=True)


def receive(visitor, response):
    """Give the browser a response."""
    for cookie in response.headers.getlist("Set-Cookie"):
        visitor.receive(cookie)


def at_once(visitor, *requests):
    """Send POST requests in threads of their own, with one cookie; the browser gets the responses in this order."""
    with ThreadPoolExecutor(len(requests)) as threads:
        responses = list(threads.map(lambda one: send(visitor, "POST", *one), requests))
    for response in responses:
        receive(visitor, response)
    return responses


class Slow:
    """Hold requests to one path of an app, after Flask has opened their sessions, until they are released."""

    def __init__(self, app, path):
        self.opened, self.released = threading.Event(), threading.Event()
        self.path = path
        app.before_request(self.hold)

    def hold(self):
        if request.path == self.path:
            self.opened.set()
            assert self.released.wait(LONG)

    def during(self, visitor, method, meanwhile):
        """Send the slow request, send another one while it is in flight, and only then receive the slow response."""
        with ThreadPoolExecutor(1) as thread:
            slow = thread.submit(send, visitor, method, self.path)
            assert self.opened.wait(LONG)
            visitor.request(*meanwhile)
            self.released.set()
            receive(visitor, slow.result())
        return slow.result()


def fruit(name):
    """The request that adds this fruit."""
    return "/add", {"fruit": name}


def test_wrong_keeps_both_if_they_come_one_after_the_other(load):
    visitor = Browser(load("wrong.py"))
    visitor.request("POST", *fruit("apple"))
    visitor.request("POST", *fruit("pear"))
    assert b"Cart: apple, pear" in visitor.request("GET", "/").body


def test_wrong_keeps_one_if_both_carry_the_same_cookie(load):
    visitor = Browser(load("wrong.py"))
    visitor.request("POST", "/both")
    assert b"Cart: pear<" in visitor.request("GET", "/").body


@pytest.mark.process
@pytest.mark.parametrize("order", [("apple", "pear"), ("pear", "apple")])
def test_wrong_keeps_the_response_that_arrives_last(load, order):
    app = load("wrong.py")
    meet(app, "/add", 2)
    visitor = Browser(app)
    at_once(visitor, *map(fruit, order))
    assert f"Cart: {order[1]}<".encode() in visitor.request("GET", "/").body


@pytest.mark.process
def test_wrong_responds_as_if_nothing_were_lost(load):
    usual = Browser(load("wrong.py")).request("POST", *fruit("apple"))
    app = load("wrong.py")
    meet(app, "/add", 2)
    for response in at_once(Browser(app), fruit("apple"), fruit("pear")):
        assert response.status == usual.status
        assert response.data == usual.body
        assert [name for name, _ in response.headers] == [name for name, _ in usual.headers]


@pytest.mark.browser
def test_wrong_loses_a_fruit_in_chromium(load, serve, page):
    app = load("wrong.py")
    meet(app, "/add", 2)
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.evaluate("""() => Promise.all(["apple", "pear"].map(fruit =>
        fetch("/add", { method: "POST", body: new URLSearchParams({ fruit }) })))""")
    page.reload()
    assert page.locator("p").inner_text() in ("Cart: apple", "Cart: pear")


def test_wrong_logout_ends_with_ada_logged_in(load):
    visitor = Browser(load("wrong_logout.py"))
    visitor.request("POST", "/login")
    visitor.request("POST", "/logout")
    assert b"Logged in: nobody" in visitor.request("GET", "/").body
    visitor.request("POST", "/login")
    visitor.request("POST", "/both")
    assert b"Logged in: Ada" in visitor.request("GET", "/").body


LATE = [
    ("GET", "/report", 200),
    ("HEAD", "/report", 200),
    ("OPTIONS", "/report", 200),
    ("POST", "/report", 405),
    ("GET", "/static/style.css", 200),
    ("GET", "/nowhere", 404),
]


@pytest.fixture
def logout(load, tmp_path):
    """wrong_logout.py with a style sheet, and a visitor who has logged in; requests to a path are slow."""
    (tmp_path / "style.css").write_text("p { color: teal }")

    def logout(path, **config):
        app = load("wrong_logout.py")
        app.static_folder = str(tmp_path)
        app.config.update(config)
        slow = Slow(app, path)
        visitor = Browser(app)
        visitor.request("POST", "/login")
        return slow, visitor

    return logout


@pytest.mark.process
@pytest.mark.parametrize(("method", "path", "status"), LATE)
def test_wrong_logout_is_undone_by_any_late_response(logout, method, path, status):
    slow, visitor = logout(path)
    response = slow.during(visitor, method, ("POST", "/logout"))
    assert response.status_code == status
    assert b"Logged in: Ada" in visitor.request("GET", "/").body


@pytest.mark.browser
def test_wrong_logout_is_undone_by_a_static_file_in_three_browsers(load, serve, engine, tmp_path):
    (tmp_path / "style.css").write_text("p { color: teal }")
    app = load("wrong_logout.py")
    app.static_folder = str(tmp_path)
    slow = Slow(app, "/static/style.css")
    address = f"http://127.0.0.1:{serve(app)}/"
    engine.go(address)
    engine.run("return fetch('/login', { method: 'POST' }).then(() => true)")
    engine.go(address)
    assert engine.text("p") == "Logged in: Ada"
    engine.run("window.late = fetch('/static/style.css'); return true")
    assert slow.opened.wait(LONG)
    after = engine.run("return fetch('/logout', { method: 'POST' }).then(response => response.text())")
    assert "Logged in: nobody" in after
    slow.released.set()
    engine.run("return window.late.then(() => true)")
    engine.go(address)
    assert engine.text("p") == "Logged in: Ada"


def keys(**config):
    """An app whose paths write, read or clear different keys, and whose requests to /at/... wait for another."""
    app = Flask("keys")
    app.config.update(SECRET_KEY="dev", **config)  # noqa: S106
    changes = {
        "color": lambda: session.update(color="green"),
        "size": lambda: session.update(size="L"),
        "read": lambda: session.get("color"),
        "clear": lambda: session.clear(),
        "permanent": lambda: setattr(session, "permanent", True),
        "nothing": lambda: None,
    }
    for path in ("/<name>", "/at/<name>"):
        app.add_url_rule(path, path, lambda name: (changes[name](), "")[1], methods=["POST"])
    app.add_url_rule("/stored", "stored", lambda: dict(session))
    meet(app, "/at/", 2)
    return Browser(app)


def stored(visitor):
    """What the visitor's next request finds in the session."""
    return json.loads(visitor.request("GET", "/stored").body)


@pytest.mark.process
def test_two_requests_that_write_different_keys_lose_one_of_them():
    visitor = keys()
    at_once(visitor, ("/at/color", {}), ("/at/size", {}))
    assert stored(visitor) == {"size": "L"}


@pytest.mark.process
@pytest.mark.parametrize("late", ["read", "nothing"])
def test_in_a_permanent_session_a_late_response_undoes_a_write(late):
    visitor = keys()
    visitor.request("POST", "/permanent")
    at_once(visitor, ("/at/color", {}), (f"/at/{late}", {}))
    assert stored(visitor) == {"_permanent": True}


@pytest.mark.process
@pytest.mark.parametrize("late", ["read", "nothing"])
def test_without_permanent_a_response_that_only_read_undoes_nothing(late):
    visitor = keys()
    visitor.request("POST", "/size")
    at_once(visitor, ("/at/color", {}), (f"/at/{late}", {}))
    assert stored(visitor) == {"size": "L", "color": "green"}
    visitor = keys()
    visitor.request("POST", "/size")
    at_once(visitor, ("/at/clear", {}), (f"/at/{late}", {}))
    assert stored(visitor) == {}


@pytest.mark.process
@pytest.mark.parametrize("late", ["read", "nothing"])
def test_with_refresh_off_a_response_that_only_read_undoes_nothing(late):
    visitor = keys(SESSION_REFRESH_EACH_REQUEST=False)
    visitor.request("POST", "/permanent")
    at_once(visitor, ("/at/color", {}), (f"/at/{late}", {}))
    assert stored(visitor) == {"_permanent": True, "color": "green"}


@pytest.mark.process
@pytest.mark.parametrize(("method", "path", "status"), LATE)
def test_with_refresh_off_a_response_that_only_read_does_not_undo_a_logout(logout, method, path, status):
    slow, visitor = logout(path, SESSION_REFRESH_EACH_REQUEST=False)
    response = slow.during(visitor, method, ("POST", "/logout"))
    assert response.status_code == status
    assert b"Logged in: nobody" in visitor.request("GET", "/").body


@pytest.mark.process
@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize("refresh", [True, False])
def test_a_late_response_that_writes_undoes_a_logout_in_each_kind_of_session(permanent, refresh):
    visitor = keys(SESSION_REFRESH_EACH_REQUEST=refresh)
    visitor.request("POST", "/color")
    if permanent:
        visitor.request("POST", "/permanent")
    at_once(visitor, ("/at/clear", {}), ("/at/size", {}))
    assert {"color": "green", "size": "L"}.items() <= stored(visitor).items()


class MeetingCarts(defaultdict):
    """Carts on the server: two requests that look up a cart wait for each other before they change it."""

    def __init__(self, make):
        super().__init__(make)
        self.barrier = threading.Barrier(2, timeout=LONG)
        self.meeting = False

    def __getitem__(self, cart):
        found = super().__getitem__(cart)
        if self.meeting:
            self.barrier.wait()
        return found


def add_both(app, visitor):
    """Add two fruits to a cart on the server at once; gives what it contains then, and the two responses."""
    carts = MeetingCarts(lambda: deque(maxlen=10))
    app.view_functions["index"].__globals__["carts"] = carts
    meet(app, "/add", 2)
    visitor.request("POST", "/take")
    with_cookie = visitor.cookie_header("/")
    assert with_cookie
    carts[session_of(app, with_cookie)["cart"]]  # the cart is there before the two requests
    carts.meeting = True
    responses = at_once(visitor, fruit("apple"), fruit("pear"))
    carts.meeting = False
    cart = visitor.request("GET", "/").body.decode().partition("Cart: ")[2].partition("<")[0]
    return cart.split(", "), responses


def session_of(app, cookie):
    """What a Cookie header's session contains."""
    with app.test_request_context(headers={"Cookie": cookie}, base_url="https://app.example"):
        return dict(session)


@pytest.mark.process
def test_a_cart_on_the_server_keeps_both(app, visitor):
    cart, responses = add_both(app, visitor)
    assert sorted(cart) == ["apple", "pear"]
    assert not any("Set-Cookie" in response.headers for response in responses)


@pytest.mark.process
def test_to_read_and_write_back_a_whole_cart_loses_one_on_the_server_too(app, visitor):
    names = app.view_functions["add"].__globals__

    def add():
        cart = session["cart"]
        names["carts"][cart] = [*names["carts"][cart], request.form["fruit"]]
        return ""

    app.view_functions["add"] = add
    cart, _ = add_both(app, visitor)
    assert cart in (["apple"], ["pear"])


@pytest.mark.process
def test_a_lock_around_the_view_function_does_not_help(load):
    app, lock, inside, most = load("wrong.py"), threading.Lock(), [], []
    add = app.view_functions["add"]

    def locked():
        with lock:
            inside.append(1)
            most.append(len(inside))
            response = add()
            inside.pop()
        return response

    app.view_functions["add"] = locked
    meet(app, "/add", 2)
    visitor = Browser(app)
    at_once(visitor, fruit("apple"), fruit("pear"))
    assert most == [1, 1]  # the lock did its work: one request after the other
    assert b"Cart: pear<" in visitor.request("GET", "/").body


@pytest.mark.package
@pytest.mark.process
@pytest.mark.parametrize("change", ["cart", "key"])
def test_flask_session_loses_a_write_too(load, tmp_path, change):
    from cachelib import FileSystemCache
    from flask_session import Session

    app = load("wrong.py")
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    if change == "key":
        app.view_functions["add"] = lambda: session.update({request.form["fruit"]: 1}) or ""
    app.add_url_rule("/start", "start", lambda: session.update(started=True) or "", methods=["POST"])
    app.add_url_rule("/stored", "stored", lambda: dict(session))
    # The second request to finish is the last one to save.
    first_saved = threading.Event()
    meet(app, "/add", 2)

    def wait_for_the_apple():
        if request.form.get("fruit") == "pear":
            assert first_saved.wait(LONG)

    app.before_request(wait_for_the_apple)
    visitor = Browser(app)
    visitor.request("POST", "/start")
    with ThreadPoolExecutor(2) as threads:
        pear = threads.submit(send, visitor, "POST", *fruit("pear"))
        threads.submit(send, visitor, "POST", *fruit("apple")).result()
        first_saved.set()
        pear.result()
    kept = stored(visitor)
    assert kept["started"]
    assert kept.get("cart", list(kept.keys() - {"started", "_permanent"})) == ["pear"]


@pytest.mark.package
@pytest.mark.process
def test_with_flask_session_a_late_response_undoes_a_logout_too(load, tmp_path):
    from cachelib import FileSystemCache
    from flask_session import Session

    app = load("wrong_logout.py")
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path)))
    Session(app)
    slow = Slow(app, "/report")
    visitor = Browser(app)
    visitor.request("POST", "/login")
    slow.during(visitor, "GET", ("POST", "/logout"))
    assert b"Logged in: Ada" in visitor.request("GET", "/").body


@pytest.mark.process
@pytest.mark.source
def test_with_a_token_on_the_server_a_late_response_undoes_no_logout(tmp_path, monkeypatch):
    from extensions import snippets
    from tests.support import loading

    monkeypatch.chdir(tmp_path)
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    app = loading.load_app(snippets.ROOT / "sign_out_everywhere/app.py")
    app.before_request(lambda: setattr(session, "permanent", True))
    slow = Slow(app, "/nowhere")
    visitor = Browser(app)
    visitor.request("POST", "/sign-in", {"user": "ada", "password": "lovelace"})
    assert b"Signed in as ada" in visitor.request("GET", "/").body
    response = slow.during(visitor, "GET", ("POST", "/sign-out-everywhere"))
    assert "Set-Cookie" in response.headers
    assert "token" in session_of(app, visitor.cookie_header("/"))
    assert visitor.request("GET", "/").body == Browser(app).request("GET", "/").body


def test_the_session_of_the_better_app_contains_an_id_and_nothing_else(client):
    client.post("/add", data={"fruit": "apple"})
    assert "Cart: none yet" in client.get("/").text
    client.post("/take")
    client.post("/add", data={"fruit": "apple"})
    with client.session_transaction() as stored:
        assert list(stored) == ["cart"]
        assert len(bytes.fromhex(stored["cart"])) == 16
