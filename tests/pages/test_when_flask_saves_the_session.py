"""Proofs for docs/understand/when-flask-saves-the-session.md."""

import threading

import pytest
from flask import Flask, copy_current_request_context, session


def app_with(view, **config):
    """An app with one view function at /."""
    app = Flask("one view", static_folder=None)
    app.config.update(SECRET_KEY="dev", **config)  # noqa: S106
    app.add_url_rule("/", view_func=view)
    return app


def answer(change, stored=None, **config):
    """What Flask answers when a view makes this change to a session that was stored earlier."""
    client = app_with(lambda: (change(), "done")[1], **config).test_client()
    if stored:
        with client.session_transaction() as earlier:
            earlier.update(stored)
    return client.get("/")


STORED = {"a": 1, "list": [1]}


@pytest.mark.parametrize(
    "change",
    [
        lambda: None,
        lambda: session.get("a"),
        lambda: "a" in session,
        lambda: session.pop("missing", None),
        lambda: session.setdefault("a", 2),
        lambda: session["list"].append(2),
    ],
)
def test_these_leave_the_cookie_alone(change):
    assert "Set-Cookie" not in answer(change, STORED).headers


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
def test_these_send_the_cookie(change):
    cookie = answer(change, STORED).headers["Set-Cookie"]
    assert cookie.startswith("session=eyJ")
    assert "Expires" not in cookie


@pytest.mark.parametrize("change", [lambda: session.clear(), lambda: session.pop("a")])
def test_a_session_that_was_emptied_deletes_the_cookie(change):
    cookie = answer(change, {"a": 1}).headers["Set-Cookie"]
    assert cookie.startswith("session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0")


def test_a_permanent_session_is_sent_even_if_nobody_touched_it():
    assert "Set-Cookie" in answer(lambda: None, {"_permanent": True}).headers


def test_with_refresh_off_a_permanent_session_is_sent_after_a_write_alone():
    off = {"SESSION_REFRESH_EACH_REQUEST": False}
    assert "Set-Cookie" not in answer(lambda: None, {"_permanent": True}, **off).headers
    assert "Set-Cookie" in answer(lambda: session.update(b=2), {"_permanent": True}, **off).headers


@pytest.mark.parametrize("change", [lambda: session.get("a"), lambda: "a" in session, lambda: len(session)])
def test_reading_adds_vary_cookie(change):
    assert answer(change).headers["Vary"] == "Cookie"


def test_an_answer_without_the_session_has_no_vary():
    assert "Vary" not in answer(lambda: None, STORED).headers


def test_whatever_sets_or_deletes_the_cookie_adds_vary_too():
    for change in (lambda: session.update(b=2), lambda: session.clear()):
        assert answer(change, STORED).headers["Vary"] == "Cookie"
    assert answer(lambda: None, {"_permanent": True}).headers["Vary"] == "Cookie"


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


def test_with_refresh_off_the_permanent_session_loses_it_again(load):
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


def test_plus_equals_on_a_key_is_an_assignment():
    def add():
        session["list"] += [2]

    assert "Set-Cookie" in answer(add, STORED).headers


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


@pytest.mark.parametrize("mode", ["DEBUG", "TESTING"])
def test_an_exception_that_flask_lets_through_leaves_no_answer_for_a_cookie(mode):
    client = app_with(fail, **{mode: True}).test_client()
    with pytest.raises(ValueError, match="on purpose"):
        client.get("/")


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


def test_wrong_stream_loses_what_the_generator_writes(load):
    client = load("wrong_stream.py").test_client()
    assert "Counted: 1" in client.post("/").text
    assert "Counted: 1" in client.post("/").text
    assert "Counted: 0" in client.get("/").text


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
def test_a_thread_with_the_copied_context_writes_to_the_same_session():
    def view():
        result_of(copy_current_request_context(lambda: session.update(a=1)))
        return f"{session['a']}"

    result = app_with(view).test_client().get("/")
    assert result.text == "1"
    assert "Set-Cookie" in result.headers
