"""Tests of docs/reference/the-session-object.md."""

import json
import threading
from datetime import UTC, datetime

import pytest
from flask import (
    Flask,
    copy_current_request_context,
    flash,
    get_flashed_messages,
    jsonify,
    render_template_string,
    session,
    stream_with_context,
)
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from werkzeug.local import LocalProxy

STORED = {"a": 1, "list": [], "dict": {}}
READ = [
    *('session["a"]', 'session.get("x")', '"a" in session', "len(session)", "list(session)", "session.items()"),
    *("session.copy()", 'session.pop("x", None)', 'session.setdefault("a", 2)', "session.permanent"),
]
SEEN = [
    *('session["a"] = 1', 'del session["a"]', 'session.pop("a")', "session.popitem()", 'session.setdefault("x", 1)'),
    *("session.update(a=1)", "session.update({})", "session.clear()", "session.permanent = False"),
]
LOST = ['session["list"].append(1)', 'session["dict"]["key"] = 1', "session.note = 1"]
HOOKS = [
    *("open_session", "get_signing_serializer", "get_cookie_name", "make_null_session", "is_null_session"),
    *("save_session", "get_cookie_domain", "get_cookie_path", "get_cookie_secure", "get_cookie_partitioned"),
    *("get_cookie_samesite", "get_cookie_httponly", "should_set_cookie", "get_expiration_time"),
]
CONSTANTS = {
    "session_class": SecureCookieSession,
    "null_session_class": NullSession,
    "salt": "cookie-session",
    "key_derivation": "hmac",
    "pickle_based": False,
}


def app_with(view, **config):
    """An app with one view function at /."""
    app = Flask("one view", static_folder=None)
    app.config.update({"SECRET_KEY": "dev", "TESTING": True} | config)
    app.add_url_rule("/", view_func=view)
    return app


def visit(statement, stored=STORED, **config):
    """The answer to a statement in a view function, in a session that was stored earlier."""

    def view():
        exec(statement, {"session": session})  # noqa: S102
        return f"{session.modified}"

    client = app_with(view, **config).test_client()
    with client.session_transaction() as earlier:
        earlier.update(stored)
    return client.get("/")


def test_permanent_is_a_key_of_the_session():
    with app_with(str).test_request_context():
        assert session.permanent is False
        for value in (True, 0):
            session.permanent = value
            assert session["_permanent"] is bool(value)
        session["permanent"] = True
        assert session.permanent is False


def test_modified_true_saves():
    assert "Set-Cookie" in visit("session['list'].append(1); session.modified = True").headers


def test_modified_false_gives_up_the_changes():
    assert "Set-Cookie" not in visit("session['a'] = 2; session.modified = False").headers


def test_accessed_is_true_from_the_first_use_on():
    untouched = SecureCookieSession()
    assert untouched.accessed is False
    with app_with(str).test_request_context():
        assert session.accessed is True
    assert "Vary" not in app_with(lambda: "untouched").test_client().get("/").headers
    assert app_with(lambda: f"{session.new}").test_client().get("/").headers["Vary"] == "Cookie"


def test_new_is_false_in_a_new_session_too():
    assert app_with(lambda: f"{session.new}").test_client().get("/").text == "False"


@pytest.mark.parametrize("cookie", ["", "session=refused"])
def test_a_new_session_is_an_empty_one(cookie):
    client = app_with(lambda: f"{not session}").test_client(use_cookies=False)
    assert client.get("/", headers={"Cookie": cookie}).text == "True"


def test_a_session_has_no_id():
    with app_with(str).test_request_context():
        for name in ("id", "sid"):
            with pytest.raises(AttributeError):
                getattr(session, name)


def test_the_app_shows_that_append_is_not_seen(client):
    assert "modified False" in client.get("/").text
    assert "modified True" in client.post("/", data={"step": "assign"}).text
    answer = client.post("/", data={"step": "append"})
    assert "modified False" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("statement", READ)
def test_these_leave_modified_false(statement):
    assert visit(statement).text == "False"


@pytest.mark.parametrize("statement", SEEN)
def test_these_set_modified(statement):
    assert visit(statement).text == "True"


@pytest.mark.parametrize("statement", LOST)
def test_these_change_something_that_is_lost(statement):
    answer = visit(statement)
    assert answer.text == "False"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("statement", [*LOST[:2], "session['a'] = 2; session.modified = False"])
def test_without_renewal_a_permanent_session_loses_a_change_inside_a_value(statement):
    stored = STORED | {"_permanent": True}
    assert "Set-Cookie" in visit(statement, stored).headers
    assert "Set-Cookie" not in visit(statement, stored, SESSION_REFRESH_EACH_REQUEST=False).headers


def test_the_operator_makes_session_a_local_name():
    def view():
        session |= {"a": 1}  # noqa: F823, F841

    with pytest.raises(UnboundLocalError):
        app_with(view).test_client().get("/")


@pytest.mark.parametrize(
    ("statement", "stored", "refresh", "sent"),
    [
        ("pass", STORED, True, []),
        ("session['a'] = 2", STORED, True, ["session=eyJ"]),
        ("session['a'] = 2", STORED, False, ["session=eyJ"]),
        ("pass", {"_permanent": True}, True, ["session=eyJ"]),
        ("pass", {"_permanent": True}, False, []),
        ("session.clear()", STORED, True, ["session=; E"]),
        ("session.clear()", {}, True, ["session=; E"]),
        ("pass", {}, True, []),
    ],
)
def test_these_responses_carry_the_cookie(statement, stored, refresh, sent):
    headers = visit(statement, stored, SESSION_REFRESH_EACH_REQUEST=refresh).headers.getlist("Set-Cookie")
    assert [header[:11] for header in headers] == sent


def test_flash_keeps_messages_in_the_session():
    with app_with(str).test_request_context():
        flash("Saved.", "success")
        assert dict(session) == {"_flashes": [("success", "Saved.")]}
        assert get_flashed_messages() == ["Saved."]
        assert dict(session) == {}


def test_flask_wtf_keeps_a_token_in_the_session():
    from flask_wtf.csrf import generate_csrf
    from itsdangerous import URLSafeTimedSerializer

    with app_with(str).test_request_context():
        form = generate_csrf()
        assert dict(session) == {"csrf_token": URLSafeTimedSerializer("dev", salt="wtf-csrf-token").loads(form)}


def test_session_is_a_proxy():
    assert type(session) is LocalProxy


def test_behind_the_proxy_is_a_secure_cookie_session():
    with app_with(str).test_request_context():
        assert type(session._get_current_object()) is SecureCookieSession


def test_it_is_a_dict_for_isinstance():
    with app_with(str).test_request_context():
        assert isinstance(session, dict)


def test_a_copy_is_a_plain_dict():
    for view in (lambda: dict(session), lambda: session.copy()):
        assert app_with(view).test_client().get("/").json == {}
    with app_with(str).test_request_context():
        assert type(session.copy()) is dict


def test_the_proxy_itself_is_no_json():
    for view in (lambda: json.dumps(session), lambda: jsonify(session)):
        with pytest.raises(TypeError):
            app_with(view).test_client().get("/")


@pytest.mark.parametrize("statement", SEEN)
def test_without_a_key_it_is_a_null_session(statement):
    with app_with(str, SECRET_KEY=None).test_request_context():
        assert type(session._get_current_object()) is NullSession
        assert session.get("a") is None
        with pytest.raises(RuntimeError, match="no secret key was set"):
            exec(statement, {"session": session})  # noqa: S102


def test_views_templates_and_hooks_have_one_session():
    app = app_with(lambda: render_template_string("{{ session.setdefault('at', []).append('template') or '' }}"))
    app.before_request(lambda: session.update(at=["before"]))
    app.after_request(lambda answer: (answer.set_data(f"{session['at']}"), answer)[1])
    assert app.test_client().get("/").text == "['before', 'template']"


def test_after_the_response_nothing_is_saved():
    seen = []
    app = app_with(str)
    app.teardown_request(lambda error: seen.append((session.get("a"), session.update(a=1))))
    assert "Set-Cookie" not in app.test_client().get("/").headers
    assert seen


def test_a_generator_reads_it_with_the_context():
    def body():
        yield f"{session.get('a')}"
        session["a"] = 2

    answer = app_with(lambda: (session.update(a=1), stream_with_context(body()))[1]).test_client().get("/")
    assert answer.text == "1"
    assert answer.headers["Set-Cookie"].startswith("session=eyJhIjoxfQ.")


@pytest.mark.process
def test_a_thread_shares_it_with_the_copied_context():
    found = []
    with app_with(str).test_request_context():
        look = copy_current_request_context(lambda: found.append(session._get_current_object()))
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert found[0] is session._get_current_object()


def test_a_test_request_context_saves_nothing_when_it_ends():
    app, saved = app_with(str), []
    app.session_interface = SecureCookieSessionInterface()
    app.session_interface.save_session = lambda app, session, response: saved.append(dict(session))
    with app.test_request_context():
        assert session == {}
        session["a"] = 1
    assert saved == []
    with app.test_request_context():
        app.full_dispatch_request()
    assert saved == [{}]


def test_a_test_request_context_with_a_cookie_has_that_session():
    app = app_with(lambda: str(session.update(b=2)))
    with app.test_request_context():
        value = app.session_interface.get_signing_serializer(app).dumps({"a": 1})
    with app.test_request_context(headers={"Cookie": f"session={value}"}):
        assert session == {"a": 1}
        (cookie,) = app.full_dispatch_request().headers.getlist("Set-Cookie")
    client = app.test_client(use_cookies=False)
    app.view_functions[app.url_map._rules[0].endpoint] = lambda: dict(session)
    assert client.get("/", headers={"Cookie": cookie.partition(";")[0]}).json == {"a": 1, "b": 2}


def test_outside_of_a_request_it_raises():
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        session.get("a")
    with app_with(str).app_context(), pytest.raises(RuntimeError):
        session.get("a")
    with pytest.raises(RuntimeError):
        _ = app_with(lambda: (session.get(key) for key in "ab")).test_client().get("/").data


@pytest.mark.process
def test_a_thread_without_the_context_has_none():
    found = []

    def work():
        try:
            session.get("a")
        except RuntimeError as error:
            found.append(error)

    with app_with(str).test_request_context():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len(found) == 1


class Recorder(SecureCookieSessionInterface):
    """Notes which of its hooks are called."""

    def __init__(self):
        self.called = {}

    def __getattribute__(self, name):
        if name in HOOKS:
            self.called[name] = None
        return super().__getattribute__(name)


def called(key):
    """The hooks that Flask calls while a view function writes, or only answers where there is no key."""
    app = app_with(lambda: str(session.setdefault("a", 1)) if key else "", SECRET_KEY=key)
    app.session_interface = Recorder()
    app.test_client().get("/")
    return list(app.session_interface.called)


def test_the_hooks_are_called_in_this_order():
    assert called("dev") == [hook for hook in HOOKS if hook != "make_null_session"]
    assert called(None) == ["open_session", "get_signing_serializer", "make_null_session", "is_null_session"]


class Watcher(SecureCookieSessionInterface):
    """Notes what there is already when a session is opened, and when it is saved."""

    def open_session(self, app, request):
        self.rule = request.url_rule
        return super().open_session(app, request)

    def save_session(self, app, session, response):
        self.headers = set(response.headers.keys())


def test_the_default_hooks_do_this(clock):
    app, permanent, other = app_with(str), SecureCookieSession({"_permanent": True}), SecureCookieSession()
    interface = app.session_interface = Watcher()
    assert interface.get_expiration_time(app, permanent) == datetime(2026, 12, 23, 12, tzinfo=UTC)
    assert interface.get_expiration_time(app, other) is None
    assert [interface.should_set_cookie(app, one) for one in (permanent, other)] == [True, False]
    assert interface.get_cookie_path(app) == "/"
    app.config["APPLICATION_ROOT"] = "/root"
    assert interface.get_cookie_path(app) == "/root"
    for hook in ("name", "domain", "path", "secure", "partitioned", "samesite", "httponly"):
        app.config[f"SESSION_COOKIE_{hook.upper()}"] = f"the setting {hook}"
        assert getattr(interface, f"get_cookie_{hook}")(app) == f"the setting {hook}"
    assert interface.get_signing_serializer(app).loads(interface.get_signing_serializer(app).dumps([1])) == [1]
    assert interface.get_signing_serializer(app_with(str, SECRET_KEY=None)) is None
    assert interface.is_null_session(interface.make_null_session(app))
    assert not interface.is_null_session(other)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    assert not interface.should_set_cookie(app, permanent)
    permanent["a"] = 1
    assert interface.should_set_cookie(app, permanent)
    app.config.from_mapping(Flask("untouched").config, SECRET_KEY="dev")  # noqa: S106
    app.after_request(lambda answer: (answer.headers.update({"X-Hook": "ran"}), answer)[1])
    app.test_client().get("/")
    assert interface.rule is None
    assert "X-Hook" in interface.headers


def test_the_constants_have_these_values():
    interface = Flask("untouched").session_interface
    assert {name: getattr(interface, name) for name in CONSTANTS} == CONSTANTS
    assert type(interface.serializer) is TaggedJSONSerializer
    assert interface.digest_method().name == "sha1"


def test_the_interface_has_these_hooks_and_constants():
    names = {name for name in dir(SecureCookieSessionInterface) if not name.startswith("_")}
    assert names == {*HOOKS, *CONSTANTS, "serializer", "digest_method"}


def test_a_subclass_replaces_a_hook(folder):
    names = {}
    exec((folder / "interface.py").read_text("utf-8"), names)  # noqa: S102
    app = app_with(lambda: str(session.update(a=1, _permanent=True)))
    app.add_url_rule("/static/<path>", "static", view_func=lambda path: path)
    for interface, sent in [(app.session_interface, 1), (names["QuietStaticFiles"](), 0)]:
        app.session_interface = interface
        client = app.test_client()
        assert len(client.get("/").headers.getlist("Set-Cookie")) == 1
        assert len(client.get("/static/site.css").headers.getlist("Set-Cookie")) == sent


def test_all_apps_of_a_process_share_one_interface():
    first, second = Flask("first").session_interface, Flask("second").session_interface
    assert first is second
    assert first.serializer is SecureCookieSessionInterface().serializer


@pytest.fixture
def site_with_api(folder):
    """A site with an API that has no session."""
    from runpy import run_path

    app = app_with(lambda: session.update(_permanent=True, visits=session.get("visits", 0) + 1) or str(dict(session)))
    app.session_interface = run_path(str(folder / "no_session_for_the_api.py"))["SessionsOutsideTheApi"]()
    app.add_url_rule("/api/read", "read", lambda: str(dict(session)))
    app.add_url_rule("/api/write", "write", lambda: session.update(visits=100) or "written")
    app.add_url_rule("/apiary", "apiary", lambda: str(session["visits"]))
    return app


def test_the_api_has_no_session_and_sends_no_cookie(site_with_api):
    client = site_with_api.test_client()
    assert "'visits': 1" in client.get("/").text
    response = client.get("/api/read")
    assert response.text == "{}"
    assert "session=" in response.request.headers["Cookie"]
    assert "Set-Cookie" not in response.headers
    assert client.get("/apiary").text == "1"
    assert "'visits': 2" in client.get("/").text


def test_a_change_in_the_api_raises(site_with_api):
    with pytest.raises(RuntimeError, match="no secret key was set"):
        site_with_api.test_client().get("/api/write")
