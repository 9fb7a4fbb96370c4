"""Tests of docs/understand/when-flask-saves-the-session.md."""

import contextvars
import threading

import pytest
from flask import Flask, copy_current_request_context, get_flashed_messages, session, stream_with_context
from werkzeug.test import EnvironBuilder

LONG = 20  # seconds that a thread waits for another


def app_with(view, **config):
    """An app with one view function at /."""
    app = Flask("one view", static_folder=None)
    app.config.update(SECRET_KEY="dev", **config)  # noqa: S106
    app.add_url_rule("/", view_func=view)
    return app


def response_to(change, stored=None, **config):
    """The response of a view that makes this change to a session that was stored earlier."""
    client = app_with(lambda: (change(), "done")[1], **config).test_client()
    if stored:
        with client.session_transaction() as earlier:
            earlier.update(stored)
    response = client.get("/")
    assert response.status_code == 200
    return response


STORED = {"a": 1, "list": [1]}


LOOKS = {
    "get": lambda: session.get("a"),
    "in": lambda: "a" in session,
    "len": lambda: len(session),
    "bool": lambda: bool(session),
    "keys": lambda: list(session.keys()),
    "items": lambda: list(session.items()),
    "==": lambda: session == {},
    "pop of a missing key": lambda: session.pop("missing", None),
    "setdefault of a present key": lambda: session.setdefault("a", 2),
    "flashed messages": get_flashed_messages,
}


@pytest.mark.parametrize("look", LOOKS)
def test_reading_sends_vary_and_no_cookie(look):
    response = response_to(LOOKS[look], STORED)
    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Cookie"


def test_a_response_without_the_session_has_neither_header():
    headers = response_to(lambda: None, STORED).headers
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers


def test_a_change_inside_a_value_sends_no_cookie():
    assert "Set-Cookie" not in response_to(lambda: session["list"].append(2), STORED).headers


@pytest.mark.parametrize(
    "change",
    [
        lambda: session.update(b=2),
        lambda: session.update({}),
        lambda: session.update(a=1),
        lambda: session.pop("a"),
        lambda: session.setdefault("b", 2),
        lambda: setattr(session, "permanent", False),
        lambda: setattr(session, "modified", True),
    ],
)
def test_writing_sends_the_cookie_and_vary(change):
    response = response_to(change, STORED)
    [cookie] = response.headers.getlist("Set-Cookie")
    assert response.headers["Vary"] == "Cookie"
    assert cookie.startswith("session=eyJ")
    assert "Expires" not in cookie


@pytest.mark.parametrize("change", [lambda: session.clear(), lambda: session.pop("a")])
def test_a_session_that_was_emptied_deletes_the_cookie(change):
    response = response_to(change, {"a": 1})
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0")
    assert response.headers["Vary"] == "Cookie"


@pytest.mark.parametrize("change", [lambda: None, *LOOKS.values()])
def test_in_a_permanent_session_each_of_these_sends_the_cookie_and_vary(change):
    response = response_to(change, STORED | {"_permanent": True})
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")
    assert "Expires=" in cookie
    assert response.headers["Vary"] == "Cookie"


def test_clear_deletes_the_cookie_of_a_permanent_session_too():
    response = response_to(lambda: session.clear(), STORED | {"_permanent": True})
    assert "Max-Age=0" in response.headers["Set-Cookie"]


REQUESTS = {
    "GET /": 200,
    "HEAD /": 200,
    "OPTIONS /": 200,
    "POST /": 405,
    "GET /nowhere": 404,
    "GET /static/style.css": 200,
    "GET /static/style.css again": 304,
}


@pytest.mark.parametrize("asked", REQUESTS)
def test_a_permanent_session_is_sent_with_these_responses_too(tmp_path, asked):
    (tmp_path / "style.css").write_text("p { color: teal }")
    app = Flask("permanent", static_folder=str(tmp_path), static_url_path="/static")
    app.secret_key = "dev"  # noqa: S105
    app.add_url_rule("/", "index", lambda: "")
    client = app.test_client()
    with client.session_transaction() as earlier:
        earlier.update(a=1, _permanent=True)
    method, path, *again = asked.split()
    headers = {}
    if again:
        headers["If-None-Match"] = client.open(path, method=method, buffered=True).headers["ETag"]
    response = client.open(path, method=method, headers=headers, buffered=True)
    assert response.status_code == REQUESTS[asked]
    assert "Set-Cookie" in response.headers
    assert response.headers["Vary"] == "Cookie"


@pytest.mark.parametrize("change", [lambda: None, *LOOKS.values()])
def test_with_refresh_off_a_permanent_session_is_sent_only_after_a_write(change):
    off, permanent = {"SESSION_REFRESH_EACH_REQUEST": False}, STORED | {"_permanent": True}
    assert "Set-Cookie" not in response_to(change, permanent, **off).headers
    assert "Set-Cookie" in response_to(lambda: session.update(b=2), permanent, **off).headers


@pytest.mark.process
@pytest.mark.slow
def test_before_3_1_3_these_did_not_count_as_reading():
    from tests.support import environments, needs

    if missing := environments.missing():
        needs.missing(missing)
    assert environments.observed("flask-3.1.2")["looks_without_vary"] == [
        "pop of a missing key",
        "in",
        "len",
        "bool",
        "keys",
        "items",
        "==",
        "flashed messages",
    ]
    assert environments.observed("flask-3.1.3")["looks_without_vary"] == []


def test_two_apples_are_two_apples(client):
    client.post("/add")
    client.post("/add")
    assert "Cart: apple, apple" in client.get("/").text


def test_taking_out_the_last_key_deletes_the_cookie(client):
    client.post("/add")
    assert "Max-Age=0" in client.post("/empty").headers["Set-Cookie"]
    assert client.get_cookie("session") is None


def test_wrong_keeps_the_first_apple_and_loses_the_second(load):
    client = load("wrong.py").test_client()
    client.post("/add")
    assert "Set-Cookie" not in client.post("/add").headers
    assert "Cart: apple<" in client.get("/").text


def test_wrong_seems_right_once_the_session_is_permanent(load):
    client = load("wrong.py").test_client()
    client.post("/add")
    client.post("/keep")
    client.post("/add")
    assert "Cart: apple, apple<" in client.get("/").text


def test_wrong_loses_the_second_apple_again_with_refresh_off(load):
    app = load("wrong.py")
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    client = app.test_client()
    for path in ("/add", "/keep", "/add"):
        client.post(path)
    assert "Cart: apple<" in client.get("/").text


def test_flask_sees_assignments_and_not_what_happens_inside_a_value():
    def view():
        session["list"].append(2)
        before = session.modified
        session["list"] = session["list"]
        return f"{before} {session.modified}"

    client = app_with(view).test_client()
    with client.session_transaction() as earlier:
        earlier["list"] = [1]
    assert client.get("/").text == "False True"
    app = app_with(lambda: session["list"].append(2) or "done")
    client = app.test_client()
    with client.session_transaction() as earlier:
        earlier["list"] = [1]
    client.get("/")
    with client.session_transaction() as stored:
        assert stored["list"] == [1]


def test_plus_equals_on_a_key_is_an_assignment():
    def add():
        session["list"] += [2]

    assert "Set-Cookie" in response_to(add, STORED).headers


def test_modified_true_saves_a_nested_change():
    def add():
        session["list"].append(2)
        session.modified = True

    client = app_with(lambda: (add(), session["list"])[1]).test_client()
    with client.session_transaction() as earlier:
        earlier["list"] = [1]
    assert [client.get("/").json, client.get("/").json] == [[1, 2], [1, 2, 2]]


def fail():
    """Write, and then raise an exception."""
    session["a"] = 1
    raise ValueError("on purpose")


def test_a_404_saves_what_a_hook_wrote():
    app = app_with(lambda: "")
    app.before_request(lambda: session.update(a=1))
    result = app.test_client().get("/nowhere")
    assert result.status_code == 404
    assert "Set-Cookie" in result.headers


def test_a_500_saves_the_session_too():
    result = app_with(fail).test_client().get("/")
    assert result.status_code == 500
    assert "Set-Cookie" in result.headers


@pytest.mark.parametrize("mode", ["DEBUG", "TESTING", "PROPAGATE_EXCEPTIONS"])
def test_an_exception_that_flask_raises_again_leaves_no_response_for_a_cookie(mode):
    app, calls = counting_saves(app_with(fail, **{mode: True}))
    with pytest.raises(ValueError, match="on purpose"):
        app.test_client().get("/")
    assert calls == []


@pytest.mark.parametrize("mode", ["DEBUG", "TESTING", "PROPAGATE_EXCEPTIONS"])
def test_with_a_handler_for_the_exception_the_session_is_saved(mode):
    app = app_with(fail, **{mode: True})
    app.register_error_handler(ValueError, lambda error: ("Sorry", 500))
    assert "Set-Cookie" in app.test_client().get("/").headers


def counting_saves(app):
    """The app, and a list that grows with each time Flask saves a session."""
    calls, save = [], app.session_interface.save_session

    def counted(*arguments):
        calls.append(1)
        save(*arguments)

    interface = type(app.session_interface)()
    interface.save_session = counted
    app.session_interface = interface
    return app, calls


def test_if_saving_fails_flask_tries_again_for_the_500_and_saves_nothing():
    app, calls = counting_saves(app_with(lambda: session.update(a=1, b={1, 2}) or ""))
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "Set-Cookie" not in response.headers
    assert len(calls) == 2


def test_if_an_after_request_hook_fails_nothing_is_saved():
    app, calls = counting_saves(app_with(lambda: session.update(a=1) or ""))
    app.after_request(lambda response: 1 / 0)
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "Set-Cookie" not in response.headers
    assert calls == []


def test_modified_false_in_an_error_handler_keeps_the_session_as_it_was():
    app = app_with(fail)

    def undo(error):
        session.modified = False
        return "Sorry", 500

    app.register_error_handler(500, undo)
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "Set-Cookie" not in response.headers


def test_what_after_request_writes_is_saved():
    def write(response):
        session["a"] = 1
        assert "Set-Cookie" not in response.headers
        return response

    app = app_with(lambda: "")
    app.after_request(write)
    assert "Set-Cookie" in app.test_client().get("/").headers


def test_what_teardown_request_writes_is_lost():
    written = []
    app = app_with(lambda: "")
    app.teardown_request(lambda error: written.append(session.update(a=1)))
    assert "Set-Cookie" not in app.test_client().get("/").headers
    assert written


@pytest.fixture
def order():
    """What happens, in its order, when an app streams a response; `order(wrap)` wraps the stream."""

    def order(wrap=lambda stream: stream):
        events = []

        def stream():
            events.append("the body")
            yield "text"

        def view():
            events.append("the view function")
            return wrap(stream())

        app = app_with(view)
        app.before_request(lambda: events.append("before_request"))
        app.after_request(lambda response: events.append("after_request") or response)
        app.teardown_request(lambda error: events.append("teardown_request"))
        save = app.session_interface.save_session
        app.session_interface = type(app.session_interface)()
        app.session_interface.save_session = lambda *arguments: events.append("saving") or save(*arguments)
        chunks = app(EnvironBuilder("/").get_environ(), lambda status, headers: events.append("the list of headers"))
        events.append("the server has it")
        b"".join(chunks)
        chunks.close()
        return events

    return order


def test_a_request_goes_through_these_steps(order):
    assert order() == [
        "before_request",
        "the view function",
        "after_request",
        "saving",
        "the list of headers",
        "teardown_request",
        "the server has it",
        "the body",
    ]


def test_with_stream_with_context_teardown_runs_before_the_body_and_again_after_it(order):
    steps = [step for step in order(stream_with_context) if step in ("teardown_request", "the body")]
    assert steps == ["teardown_request", "the body", "teardown_request"]


@pytest.mark.server
def test_werkzeugs_server_sends_the_headers_with_the_first_part_of_the_body(serve):
    import socket

    reached, released = threading.Event(), threading.Event()

    def stream():
        reached.set()
        assert released.wait(LONG)
        yield "text"

    port = serve(app_with(lambda: stream()))
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert reached.wait(LONG)
        client.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.recv(1)
        released.set()
        client.settimeout(LONG)
        assert client.recv(8) == b"HTTP/1.1"


def test_wrong_stream_loses_what_the_generator_writes(load):
    client = load("wrong_stream.py").test_client()
    assert "Counted: 1" in client.post("/").text
    assert "Counted: 1" in client.post("/").text
    assert "Counted: 0" in client.get("/").text


def test_a_write_before_the_stream_is_saved():
    def view():
        session["a"] = 1
        return stream_with_context(iter(["text"]))

    assert "Set-Cookie" in app_with(view).test_client().get("/").headers


def test_a_generator_without_the_request_cannot_even_read():
    def lines():
        yield session["views"]

    with pytest.raises(RuntimeError, match="Working outside of request context|Attempted to use"):
        app_with(lambda: lines()).test_client().get("/").get_data()


def result_of(work):
    """What a thread of its own makes of this: its result, or its exception."""
    found = []

    def run():
        try:
            found.append(work())
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.process
def test_a_thread_has_no_session_of_its_own():
    client = app_with(lambda: type(result_of(lambda: session.get("a"))).__name__).test_client()
    assert client.get("/").text == "RuntimeError"


@pytest.mark.process
def test_asyncio_to_thread_and_a_copied_context_have_the_session(no_event_loop):
    import asyncio

    def view():
        asyncio.run(asyncio.to_thread(lambda: session.update(a=1)))
        context = contextvars.copy_context()
        result_of(lambda: context.run(lambda: session.update(b=2)))
        return dict(session)

    response = app_with(view).test_client().get("/")
    assert response.json == {"a": 1, "b": 2}
    assert "Set-Cookie" in response.headers


@pytest.mark.process
def test_the_copied_context_runs_teardown_when_the_thread_ends_and_again_at_the_end():
    events = []

    def view():
        result_of(copy_current_request_context(lambda: events.append("the thread")))
        events.append("the view function")
        return ""

    app = app_with(view)
    app.teardown_request(lambda error: events.append("teardown_request"))
    app.test_client().get("/")
    assert events == ["the thread", "teardown_request", "the view function", "teardown_request"]


@pytest.mark.process
def test_a_thread_that_writes_after_the_response_raises_nothing_and_loses_the_write():
    responded, outcome = threading.Event(), []

    def work():
        assert responded.wait(LONG)
        session["a"] = 1
        outcome.append(dict(session))

    def view():
        threads.append(threading.Thread(target=copy_current_request_context(work)))
        threads[0].start()
        return ""

    threads = []
    app = app_with(view)
    client = app.test_client()
    response = client.get("/")
    responded.set()
    threads[0].join()
    assert outcome == [{"a": 1}]
    assert "Set-Cookie" not in response.headers
    with client.session_transaction() as stored:
        assert dict(stored) == {}


@pytest.mark.process
def test_a_thread_with_the_copied_context_writes_to_the_same_session():
    def view():
        result_of(copy_current_request_context(lambda: session.update(a=1)))
        return f"{session['a']}"

    result = app_with(view).test_client().get("/")
    assert result.text == "1"
    assert "Set-Cookie" in result.headers
