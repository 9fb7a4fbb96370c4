"""Proofs for docs/understand/last-write-wins.md."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, request, session

from live.worker.browser import Browser


def meet(app, path, times):
    """Hold requests to this path, after Flask has opened their sessions, until so many have come."""
    barrier = threading.Barrier(times, timeout=20)

    def hold():
        if request.path.startswith(path):
            barrier.wait()

    app.before_request(hold)


def at_once(visitor, *requests):
    """Send these requests in threads of their own, with one cookie; the browser then gets the answers in order."""
    headers = {"Cookie": visitor.cookie_header("/") or ""}

    def send(one):
        path, form = one
        client = visitor.app.test_client(use_cookies=False)
        return client.post(path, data=form, headers=headers, base_url=visitor.origin)

    with ThreadPoolExecutor(len(requests)) as threads:
        answers = list(threads.map(send, requests))
    for answer in answers:
        for cookie in answer.headers.getlist("Set-Cookie"):
            visitor.receive(cookie)
    return answers


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
def test_wrong_keeps_the_answer_that_arrives_last(load, order):
    app = load("wrong.py")
    meet(app, "/add", 2)
    visitor = Browser(app)
    at_once(visitor, *map(fruit, order))
    assert f"Cart: {order[1]}<".encode() in visitor.request("GET", "/").body


@pytest.mark.process
def test_wrong_raises_nothing_and_answers_as_always(load):
    app = load("wrong.py")
    meet(app, "/add", 2)
    answers = at_once(Browser(app), fruit("apple"), fruit("pear"))
    assert {answer.status_code for answer in answers} <= {302, 303}
    assert all("Set-Cookie" in answer.headers for answer in answers)


@pytest.mark.browser
def test_wrong_loses_a_fruit_in_a_real_browser(load, serve, page):
    app = load("wrong.py")
    meet(app, "/add", 2)
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.evaluate("""() => Promise.all(["apple", "pear"].map(fruit =>
        fetch("/add", { method: "POST", body: new URLSearchParams({ fruit }) })))""")
    page.reload()
    assert page.locator("p").inner_text() in ("Cart: apple", "Cart: pear")


@pytest.mark.process
def test_a_lock_around_the_view_function_does_not_help(load):
    app, lock = load("wrong.py"), threading.Lock()
    add = app.view_functions["add"]

    def locked():
        with lock:
            return add()

    app.view_functions["add"] = locked
    visitor = Browser(app)
    at_once(visitor, fruit("apple"), fruit("pear"))
    assert b"Cart: pear<" in visitor.request("GET", "/").body


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
    }
    for path in ("/<name>", "/at/<name>"):
        app.add_url_rule(path, path, lambda name: (changes[name](), dict(session))[1], methods=["POST"])
    meet(app, "/at/", 2)
    return Browser(app)


def read(visitor):
    """What the visitor's next request reads."""
    return json.loads(visitor.request("POST", "/read").body)


@pytest.mark.process
def test_two_requests_that_write_different_keys_lose_one_as_well():
    visitor = keys()
    at_once(visitor, ("/at/color", {}), ("/at/size", {}))
    assert read(visitor) == {"size": "L"}


@pytest.mark.process
def test_in_a_permanent_session_a_reader_can_undo_a_write():
    visitor = keys()
    visitor.request("POST", "/permanent")
    at_once(visitor, ("/at/color", {}), ("/at/read", {}))
    assert read(visitor) == {"_permanent": True}


@pytest.mark.process
def test_without_refresh_the_reader_leaves_the_write_alone():
    visitor = keys(SESSION_REFRESH_EACH_REQUEST=False)
    visitor.request("POST", "/permanent")
    at_once(visitor, ("/at/color", {}), ("/at/read", {}))
    assert read(visitor) == {"_permanent": True, "color": "green"}


@pytest.mark.process
def test_a_late_answer_can_undo_a_sign_out():
    visitor = keys()
    visitor.request("POST", "/color")
    at_once(visitor, ("/at/clear", {}), ("/at/size", {}))
    assert read(visitor) == {"color": "green", "size": "L"}


@pytest.mark.process
def test_a_list_on_the_server_keeps_both(app, visitor):
    meet(app, "/add", 2)
    visitor.request("POST", "/take")
    answers = at_once(visitor, fruit("apple"), fruit("pear"))
    assert b"apple" in (body := visitor.request("GET", "/").body)
    assert b"pear" in body
    assert not any("Set-Cookie" in answer.headers for answer in answers)


def test_the_session_of_the_better_app_holds_an_id_alone(client):
    client.post("/add", data={"fruit": "apple"})
    assert "Cart: none yet" in client.get("/").text
    client.post("/take")
    client.post("/add", data={"fruit": "apple"})
    with client.session_transaction() as stored:
        assert list(stored) == ["cart"]
        assert len(bytes.fromhex(stored["cart"])) == 8
