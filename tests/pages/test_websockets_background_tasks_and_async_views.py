"""Tests of docs/recipes/websockets-background-tasks-and-async-views.md."""

import asyncio
import contextlib
import functools
import threading
from concurrent.futures import Future, wait
from types import SimpleNamespace

import pytest
from flask import Flask, copy_current_request_context, session, stream_with_context

LONG = 20  # seconds that a test waits for another thread
TRANSPORTS = ["websocket", "polling"]


@pytest.fixture
def connect():
    """Connect a real client of Socket.IO with a visitor's cookies: `connect(visitor, address)`."""
    import socketio

    clients = []

    def connect(visitor, address, transport="websocket"):
        client = socketio.Client(http_session=visitor, reconnection=False)
        clients.append(client)
        client.connect(address, transports=[transport], wait_timeout=LONG)
        return client

    yield connect
    for client in clients:
        if client.transport() == "websocket":
            # By default, it waits three seconds for the server's goodbye.
            client.eio.ws.close = functools.partial(client.eio.ws.close, timeout=0.1)
        client.disconnect()


@pytest.fixture
def browse(serve, monkeypatch):
    """A visitor of an app on a real server, and the app's address; their cookies are not Secure."""
    import requests

    visitors = []

    def browse(app, **form):
        app.config["SESSION_COOKIE_SECURE"] = False
        address = f"http://127.0.0.1:{serve(app)}"
        visitors.append(requests.Session())
        if form:
            assert visitors[-1].post(f"{address}/join", form, timeout=LONG).ok
        return visitors[-1], address

    yield browse
    for visitor in visitors:
        visitor.close()


def names(visitor, address):
    """The name by which the app's page greets this visitor."""
    return visitor.get(address, timeout=LONG).text.removeprefix("Hello, ").rstrip("!")


def add_events(app):
    """Events that read and write the session, and a view that writes it."""
    socketio = app.extensions["socketio"]
    socketio.on("read")(lambda: dict(session))
    socketio.on("write")(lambda name: session.update(name=name))
    app.add_url_rule("/rename/<name>", "rename", view_func=lambda name: session.update(name=name) or "")


@pytest.mark.server
def test_an_event_knows_the_visitor_by_the_session(app, browse, connect):
    ada, address = browse(app, name="Ada")
    said = Future()
    client = connect(ada, address)
    client.on("said", said.set_result)
    assert client.call("say", "Hi") == "Ada: Hi"
    assert said.result(LONG) == "Ada: Hi"
    assert names(ada, address) == "Ada"


@pytest.mark.server
def test_a_visitor_without_a_session_is_not_connected(app, browse, connect):
    from socketio.exceptions import ConnectionError

    stranger, address = browse(app)
    with pytest.raises(ConnectionError):
        connect(stranger, address, "polling")


@pytest.mark.server
def test_what_comes_in_an_event_is_cut_off(app, browse, connect):
    ada, address = browse(app, name="A" * 100)
    assert connect(ada, address).call("say", "x" * 1000) == f"{'A' * 50}: {'x' * 500}"


@pytest.mark.server
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_event_has_the_session_as_it_was_at_the_connection(app, browse, connect, transport):
    add_events(app)
    ada, address = browse(app, name="Ada")
    client = connect(ada, address, transport)
    ada.get(f"{address}/rename/Countess", timeout=LONG)
    assert names(ada, address) == "Countess"
    assert client.call("read")["name"] == "Ada"
    assert connect(ada, address, transport).call("read")["name"] == "Countess"


@pytest.mark.server
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_what_an_event_writes_is_in_the_later_events_of_its_socket_only(app, browse, connect, transport):
    add_events(app)
    ada, address = browse(app, name="Ada")
    client, other = connect(ada, address, transport), connect(ada, address, transport)
    client.call("write", "Countess")
    assert client.call("read")["name"] == "Countess"
    assert other.call("read")["name"] == names(ada, address) == "Ada"
    assert connect(ada, address, transport).call("read")["name"] == "Ada"


@pytest.mark.server
def test_leaving_closes_the_sockets_of_this_login_only(app, browse, connect):
    ada, address = browse(app, name="Ada")
    alan, _ = browse(app)
    alan.post(f"{address}/join", {"name": "Alan"}, timeout=LONG)
    closed, client, other = threading.Event(), connect(ada, address), connect(alan, address)
    client.on("disconnect", closed.set)
    ada.post(f"{address}/leave", timeout=LONG)
    assert closed.wait(LONG)
    assert not client.connected
    assert other.call("say", "Hi") == "Alan: Hi"
    assert names(ada, address) == "stranger"
    alan.post(f"{address}/leave", timeout=LONG)


@pytest.mark.server
def test_a_stranger_who_leaves_closes_no_socket(app, browse, connect):
    ada, address = browse(app, name="Ada")
    client = connect(ada, address)
    stranger, _ = browse(app)
    assert stranger.post(f"{address}/leave", timeout=LONG).text == "Hello, stranger!"
    assert stranger.post(f"{address}/join", {"name": "Alan"}, timeout=LONG).text == "Hello, Alan!"
    assert client.call("say", "Hi") == "Ada: Hi"


@pytest.mark.server
def test_joining_again_closes_the_sockets_of_the_login_before(app, browse, connect):
    ada, address = browse(app, name="Ada")
    closed, client = threading.Event(), connect(ada, address)
    client.on("disconnect", closed.set)
    ada.post(f"{address}/join", {"name": "Alan"}, timeout=LONG)
    assert closed.wait(LONG)
    assert names(ada, address) == "Alan"


@pytest.mark.server
def test_a_copy_of_the_cookie_opens_a_socket_after_the_logout(app, browse, connect):
    import requests

    ada, address = browse(app, name="Ada")
    with requests.Session() as thief:
        thief.cookies.update(ada.cookies)
        ada.post(f"{address}/leave", timeout=LONG)
        assert connect(thief, address).call("say", "Hi") == "Ada: Hi"


@pytest.mark.server
def test_a_logout_that_only_clears_leaves_the_socket_logged_in(app, browse, connect):
    app.view_functions["leave"] = lambda: session.clear() or ""
    ada, address = browse(app, name="Ada")
    client = connect(ada, address)
    ada.post(f"{address}/leave", timeout=LONG)
    assert names(ada, address) == "stranger"
    assert client.call("say", "Still here") == "Ada: Still here"


@pytest.mark.server
def test_wrong_forgets_the_name_of_the_event(load, browse, connect):
    visitor, address = browse(load("wrong.py"))
    assert connect(visitor, address).call("rename", "Ada") == "You are Ada now."
    assert names(visitor, address) == "stranger"


@pytest.fixture
def shared(app):
    """`shared()` puts the app's sessions into a store on the server, `manage_session` is False."""

    def shared(store=True):
        import cachelib
        from flask_session.cachelib import CacheLibSessionInterface

        if store:
            app.session_interface = CacheLibSessionInterface(app, cachelib.SimpleCache())
        app.extensions["socketio"].manage_session = False
        add_events(app)
        return app

    return shared


@pytest.mark.server
def test_with_a_store_and_without_manage_session_both_sides_share_the_session(shared, browse, connect):
    ada, address = browse(shared(), name="Ada")
    client = connect(ada, address)
    client.call("write", "Countess")
    assert names(ada, address) == client.call("read")["name"] == "Countess"
    ada.get(f"{address}/rename/Ada", timeout=LONG)
    assert client.call("read")["name"] == "Ada"
    ada.post(f"{address}/leave", timeout=LONG)
    assert names(ada, address) == "stranger"


@pytest.mark.server
def test_with_a_store_a_logout_reaches_the_socket(shared, browse, connect):
    app = shared()
    app.view_functions["leave"] = lambda: session.clear() or ""
    ada, address = browse(app, name="Ada")
    client = connect(ada, address)
    assert client.call("read")["name"] == "Ada"
    ada.post(f"{address}/leave", timeout=LONG)
    assert "name" not in client.call("read")


@pytest.mark.server
def test_without_a_store_and_manage_session_each_event_begins_with_the_first_session(shared, browse, connect):
    ada, address = browse(shared(store=False), name="Ada")
    client = connect(ada, address)
    client.call("write", "Countess")
    assert client.call("read")["name"] == names(ada, address) == "Ada"


@pytest.mark.server
def test_wrong_sock_loses_the_count(load, browse):
    from simple_websocket import Client

    visitor, address = browse(load("wrong_sock.py"))
    for _ in range(2):
        with contextlib.closing(Client(address.replace("http", "ws") + "/messages")) as socket:
            for count in (1, 2):
                socket.send("Hi")
                assert socket.receive(LONG) == f"Messages: {count}"
            assert visitor.get(address, timeout=LONG).text == "Messages: 0"
        assert visitor.get(address, timeout=LONG).text == "Messages: 0"


@pytest.mark.server
def test_a_socket_of_flask_sock_has_the_session_as_it_was_at_the_connection(load, browse):
    from simple_websocket import Client

    app = load("wrong_sock.py")
    app.add_url_rule("/set", "set", view_func=lambda: session.update(messages=10) or "")
    app.add_url_rule("/clear", "clear", view_func=lambda: session.clear() or "")
    visitor, address = browse(app)
    visitor.get(f"{address}/set", timeout=LONG)
    cookie = {"Cookie": f"session={visitor.cookies['session']}"}
    with contextlib.closing(Client(address.replace("http", "ws") + "/messages", headers=cookie)) as socket:
        visitor.get(f"{address}/clear", timeout=LONG)
        assert visitor.get(address, timeout=LONG).text == "Messages: 0"
        socket.send("Hi")
        assert socket.receive(LONG) == "Messages: 11"


def joined(app):
    """A visitor who has joined as Ada."""
    client = app.test_client()
    client.post("/join", data={"name": "<Ada>"})
    return client


@pytest.mark.package
def test_the_report_is_written_in_the_background_and_found_through_the_session(app):
    client, other = joined(app), joined(app)
    pool = app.view_functions["reports.order"].__globals__["pool"]
    assert client.get("/report").text == "There is no report yet."
    client.post("/report")
    pool.shutdown()
    assert other.get("/report").text == "There is no report yet."
    assert client.get("/report").text == "The report for &lt;Ada&gt;"


@pytest.mark.package
def test_a_stranger_gets_no_report(app):
    assert app.test_client().post("/report").status_code == 403


@pytest.fixture
def reports(app):
    """The module's names; a worker that waits for `go`, and room for three reports."""
    module = app.view_functions["reports.order"].__globals__
    assert module["LIMIT"] == 1000
    go = threading.Event()
    module |= {"LIMIT": 3, "write_report": lambda name: go.wait(LONG) and f"The report for {name}"}
    yield SimpleNamespace(**module, go=go)
    go.set()
    module["pool"].shutdown()


@pytest.mark.package
def test_at_most_1000_reports_wait_and_the_next_order_gets_a_503(app, reports):
    orders = [joined(app).post("/report").status_code for _ in range(5)]
    assert orders == [302, 302, 302, 503, 503]
    assert len(reports.results) == 3


@pytest.mark.package
def test_with_1000_reports_an_order_deletes_the_oldest_that_is_ready(app, reports):
    reports.go.set()
    clients = [joined(app) for _ in range(5)]
    for client in clients:
        client.post("/report")
        wait(reports.results.values(), LONG)
    assert len(reports.results) == 3
    found = [client.get("/report").text for client in clients]
    assert found == ["There is no report yet."] * 2 + ["The report for &lt;Ada&gt;"] * 3
    assert not reports.results


def app_with(view):
    """An app with one view function at /."""
    app = Flask("one view", static_folder=None)
    app.config.update(SECRET_KEY="dev")  # noqa: S106
    app.add_url_rule("/", view_func=view)
    return app


def keys(client):
    """What this visitor's session contains."""
    with client.session_transaction() as stored:
        return dict(stored)


@pytest.mark.process
def test_a_worker_has_no_session_and_a_copied_request_saves_nothing_after_the_response(monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    responded, work, jobs = threading.Event(), lambda: session.update(done=True), []

    def late():
        assert responded.wait(LONG)
        session["late"] = True
        return dict(session)

    def view():
        jobs.append(pool.submit(work))
        jobs.append(pool.submit(copy_current_request_context(late)))
        jobs[0].exception(LONG)
        return ""

    with ThreadPoolExecutor(2) as pool:
        client = app_with(view).test_client()
        client.get("/")
        responded.set()
    assert "request context" in str(jobs[0].exception())
    assert jobs[1].result() == {"late": True}
    assert keys(client) == {}


def test_the_session_cannot_be_pickled_for_a_task_and_a_dict_of_it_can():
    import pickle

    def view():
        session["name"] = "Ada"
        with pytest.raises((pickle.PicklingError, AttributeError)):
            pickle.dumps(session)
        return pickle.loads(pickle.dumps(dict(session)))  # noqa: S301

    assert app_with(view).test_client().get("/").json == {"name": "Ada"}


@pytest.mark.package
def test_coroutines_that_the_view_awaits_write_to_the_same_session(app, no_event_loop):
    client = joined(app)
    assert client.post("/prices").text == "Tea: 2, milk: 1"
    assert keys(client).items() >= {"tea": 2, "milk": 1, "name": "<Ada>"}.items()


@pytest.mark.package
def test_visitors_of_async_views_do_not_share_a_session(app):
    together = threading.Barrier(2, timeout=LONG)

    async def view():
        session["who"] = who = threading.get_ident()
        together.wait()
        await asyncio.sleep(0.01)
        return {"same": session["who"] == who, "who": who}

    app.add_url_rule("/who", view_func=view)
    found = []
    threads = [threading.Thread(target=lambda: found.append(app.test_client().get("/who").json)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert [one["same"] for one in found] == [True, True]
    assert found[0]["who"] != found[1]["who"]


@pytest.mark.package
def test_a_task_that_nobody_awaits_is_cancelled_when_the_view_returns(no_event_loop):
    reached = []

    async def later():
        try:
            await asyncio.sleep(LONG)
            session["later"] = True
        except asyncio.CancelledError:
            reached.append("cancelled")
            raise

    async def view():
        reached.append(asyncio.create_task(later()))
        await asyncio.sleep(0)
        return ""

    client = app_with(view).test_client()
    assert client.get("/").status_code == 200
    assert reached[1:] == ["cancelled"]
    assert keys(client) == {}


@pytest.mark.package
def test_without_asgiref_an_async_view_raises(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "asgiref.sync", None)

    async def view():
        return ""

    app = app_with(view)
    app.testing = True
    with pytest.raises(RuntimeError, match="Install Flask with the 'async' extra in order to use async views."):
        app.test_client().get("/")


def test_a_generator_reads_the_session_and_its_write_is_lost():
    def lines():
        session["line"] = 1
        yield f"{session['name']}, {session['line']}"

    app = app_with(lambda: stream_with_context(lines()))
    client = app.test_client()
    with client.session_transaction() as stored:
        stored["name"] = "Ada"
    assert client.get("/").text == "Ada, 1"
    assert keys(client) == {"name": "Ada"}
