"""Tests of docs/reference/errors-and-warnings.md."""
# ruff: noqa: S106

import contextlib
import importlib
import json
import os  # noqa: F401 (a fix uses it)
import re
import secrets  # noqa: F401 (a fix uses it)
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask, copy_current_request_context, jsonify, session, stream_with_context
from itsdangerous import TimestampSigner
from markupsafe import Markup
from werkzeug.http import dump_cookie

from live.worker.browser import Browser, Refused

NO_KEY = (
    "RuntimeError: The session is unavailable because no secret key was set.  "
    "Set the secret_key on the application to something unique and secret."
)
NO_REQUEST = """RuntimeError: Working outside of request context.

This typically means that you attempted to use functionality that needed
an active HTTP request. Consult the documentation on testing for
information about how to avoid this problem."""


def app_with(view, **config):
    """An app with one view function, at /."""
    app = Flask("faulty", static_folder=None)
    app.config.update({"SECRET_KEY": "dev", "TESTING": True} | config)
    app.add_url_rule("/", view_func=view, methods=["GET", "POST"])
    return app


def visit(change, **config):
    """The answer of a view function that makes a change to the session."""
    return app_with(lambda: (change(), "done")[1], **config).test_client().get("/")


def store(value, **config):
    """The answer of a view function that stores a value."""
    return visit(lambda: session.update(value=value), **config)


def error(function, *arguments, **config):
    """The error with which a call ends, as a traceback shows it."""
    with pytest.raises(Exception) as raised:  # noqa: PT011, B017
        function(*arguments, **config)
    return f"{raised.type.__name__}: {raised.value}"


def test_the_app_provokes_two_errors_and_a_warning(client, visitor):
    assert client.get("/").status_code == 200
    for button in ("a set", "mixed keys"):
        assert client.post("/", data={"value": button}).status_code == 500
    with pytest.warns(UserWarning, match="too large"):
        exchange = visitor.request("POST", "/", {"value": "too much"})
    assert exchange.body == b"The view function has returned."
    assert "browsers keep at most 4096" in exchange.refused[0]["reason"]


FIXES = [
    'app.secret_key = os.environ["SECRET_KEY"]',
    'session["tags"] = list(tags)',
    "jsonify(dict(session))",
    "json.dumps(dict(session))",
    'session["prices"] = {str(key): value for key, value in prices.items()}',
    'session["at"] <= datetime.now(UTC)',
    'session.get("name")',
    "session.update(a=1)",
    "dict(session)",
    "session.clear()",
    'session["id"] = secrets.token_hex()',
    'app.config["SESSION_COOKIE_SAMESITE"] = "Lax"',
    'app.config["SESSION_COOKIE_SAMESITE"] = None',
    'app.config["PERMANENT_SESSION_LIFETIME"] = int("3600")',
    'app.config["SESSION_COOKIE_NAME"] = "shop_session"',
    'app.config["SESSION_COOKIE_NAME"]',
]


@pytest.mark.parametrize("fix", FIXES)
def test_the_fixes_raise_nothing(monkeypatch, fix):
    monkeypatch.setenv("SECRET_KEY", "dev")

    def view():
        session.permanent = True
        if '"at"' in fix:
            session.setdefault("at", datetime.now(UTC))
        exec(fix, globals() | {"app": app, "tags": {"new"}, "prices": {1: "one", "two": 2, (3, 4): 5}})  # noqa: S102
        return "done"

    app = app_with(view)
    client = app.test_client()
    assert [client.get("/").text, client.get("/").text] == ["done", "done"]


def test_the_traceback_names_save_session_and_not_the_view_function(client, app):
    app.testing = True
    with pytest.raises(TypeError) as raised:
        client.post("/", data={"value": "a set"})
    functions = [frame.name for frame in traceback.extract_tb(raised.tb)]
    assert "save_session" in functions
    assert "store" not in functions


def test_a_change_without_a_key():
    for change in (lambda: session.update(a=1), lambda: session.clear()):
        assert error(visit, change, SECRET_KEY=None) == NO_KEY


@pytest.mark.parametrize(
    "statement",
    [
        'app.config["SECRECT_KEY"] = "x"',
        'app.config["secret_key"] = "x"',
        'app.config.from_mapping(secret_key="x")',
        'app.secret_key = ""',
        'if __name__ == "__main__": app.secret_key = "x"',
        'Flask("another").secret_key = "x"',
    ],
)
def test_these_set_no_key(statement):
    app = app_with(lambda: str(session.update(a=1)), SECRET_KEY=None)
    exec(statement, {"app": app, "Flask": Flask, "__name__": "app"})  # noqa: S102
    assert error(app.test_client().get, "/") == NO_KEY


def transaction(**client):
    """Enter a transaction of a test client whose app has no key."""
    with app_with(str, SECRET_KEY=None).test_client(**client).session_transaction():
        pass


def test_a_transaction_without_a_key():
    assert error(transaction) == "RuntimeError: Session backend did not open a session."


def protected(view, **config):
    """A visitor of an app that Flask-WTF protects."""
    from flask_wtf import CSRFProtect

    app = app_with(view, **config)
    CSRFProtect(app)
    return app.test_client()


def token():
    """A view function that gives the token of a form."""
    from flask_wtf.csrf import generate_csrf

    return generate_csrf()


def test_csrf_without_a_key():
    client = protected(token, SECRET_KEY=None)
    assert error(client.get, "/") == "RuntimeError: A secret key is required to use CSRF."


def test_a_key_that_the_environment_lacks(load, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    assert error(load, "app.py") == "KeyError: 'SECRET_KEY'"


def test_a_key_that_is_a_number(monkeypatch):
    monkeypatch.setenv("FLASK_SECRET_KEY", "12345")
    app = app_with(lambda: str(session.update(a=1)))
    app.config.from_prefixed_env()
    assert error(app.test_client().get, "/") == "TypeError: key: expected bytes or bytearray, but got 'int'"


def test_no_request():
    assert error(lambda: session.get("a")) == NO_REQUEST


def test_no_request_in_these_places_either():
    app = app_with(lambda: (session[key] for key in "ab"))
    with app.app_context():
        assert error(lambda: session.get("a")) == NO_REQUEST
    assert error(lambda: app.test_client().get("/").data) == NO_REQUEST


@pytest.mark.process
def test_no_request_in_a_thread():
    found = []

    def view():
        thread = threading.Thread(target=lambda: found.append(error(lambda: session.get("a"))))
        thread.start()
        thread.join()

    visit(view)
    assert found == [NO_REQUEST]


def test_stream_with_context_without_a_request():
    told = (
        "RuntimeError: 'stream_with_context' can only be used when a request context is active, "
        "such as in a view function."
    )
    assert error(stream_with_context(lambda: iter("ab"))) == told
    copied = told.replace("stream_with_context", "copy_current_request_context")
    assert error(copy_current_request_context, print) == copied


def test_a_type_that_json_lacks():
    assert error(store, {1, 2}) == "TypeError: Object of type set is not JSON serializable"


def test_the_proxy_for_jsonify():
    told = "TypeError: Object of type LocalProxy is not JSON serializable"
    assert error(visit, lambda: jsonify(session)) == told


def test_the_proxy_for_json():
    told = "TypeError: Object of type SecureCookieSession is not JSON serializable"
    assert error(visit, lambda: json.dumps(session)) == told


def test_the_proxy_as_a_response():
    client = app_with(lambda: session).test_client()
    told = "TypeError: 'LocalProxy' object is not iterable"
    assert error(client.get, "/") == (told if sys.version_info < (3, 14) else NO_REQUEST)


def test_mixed_keys():
    told = "TypeError: '<' not supported between instances of 'str' and 'int'"
    assert error(store, {1: "one", "two": 2}) == told


def test_a_tuple_as_key():
    assert error(store, {(1, 2): 3}) == "TypeError: keys must be str, int, float, bool or None, not tuple"


def test_two_kinds_of_datetimes():
    client = app_with(lambda: f"{session.setdefault('at', datetime.now()) <= datetime.now()}").test_client()
    assert client.get("/").text == "True"
    assert error(client.get, "/") == "TypeError: can't compare offset-naive and offset-aware datetimes"


def test_a_missing_key():
    assert error(visit, lambda: session["name"]) == "KeyError: 'name'"


def test_a_local_name():
    def view():
        session |= {"a": 1}  # noqa: F823, F841

    told = "UnboundLocalError: cannot access local variable 'session' where it is not associated with a value"
    assert error(view) == told


def test_no_id():
    told = "AttributeError: 'SecureCookieSession' object has no attribute 'sid'"
    assert error(visit, lambda: session.sid) == told


def test_regenerate_as_a_method():
    told = "AttributeError: 'SecureCookieSession' object has no attribute 'regenerate'"
    assert error(visit, lambda: session.regenerate()) == told


def test_two_sessions_of_one_name():
    names = {}
    exec("class session:\n    add = print\n\nfrom flask import session", names)  # noqa: S102
    told = "AttributeError: 'SecureCookieSession' object has no attribute 'add'"
    assert error(visit, lambda: names["session"].add("Ada")) == told


def test_a_host_that_is_not_trusted():
    client = app_with(str, TRUSTED_HOSTS=["app.example"]).test_client()
    response = client.get("/", base_url="https://shop.example")
    assert response.status_code == 400
    assert unescape(re.search("<p>(.*)</p>", response.text)[1]) == "Host 'shop.example' is not trusted."


def test_a_large_cookie():
    text = error(store, [n * n for n in range(2000)])
    value, extra, size, limit = map(int, re.findall(r"\d+", text))
    assert value + extra == size > limit == 4093
    assert re.sub(r"\d+", "N", text) == (
        "UserWarning: The 'session' cookie is too large: the value was N bytes but the header required N extra bytes. "
        "The final size was N bytes but the limit is N bytes. Browsers may silently ignore cookies larger than this."
    )


@pytest.mark.parametrize(("size", "told", "kept"), [(4067, 0, 1), (4068, 1, 1), (4089, 1, 1), (4090, 1, 0)])
def test_where_the_limits_are(size, told, kept):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        header = dump_cookie("session", "x" * size, httponly=True, max_size=4093)
    assert len(caught) == told
    browser = Browser(None)
    with contextlib.suppress(Refused):
        browser.receive(header)
    assert len(browser.cookies) == kept


def test_another_same_site():
    told = "ValueError: SameSite must be 'Strict', 'Lax', or 'None'."
    assert error(store, 1, SESSION_COOKIE_SAMESITE="Loose") == told


def test_same_site_as_a_bool():
    told = "AttributeError: 'bool' object has no attribute 'title'"
    assert error(store, 1, SESSION_COOKIE_SAMESITE=False) == told


def test_a_lifetime_in_quotes():
    told = "TypeError: unsupported type for timedelta seconds component: str"
    assert error(visit, lambda: setattr(session, "permanent", True), PERMANENT_SESSION_LIFETIME="3600") == told


def test_the_old_name_of_the_cookie():
    told = "AttributeError: 'Flask' object has no attribute 'session_cookie_name'"
    assert error(lambda: Flask("any").session_cookie_name) == told


def refused(client, **form):
    """What Flask-WTF answers to a form."""
    answer = client.post("/", data=form)
    assert answer.status_code == 400
    return re.search("<p>(.*)</p>", answer.text)[1]


def test_csrf_without_its_session():
    client = protected(token)
    made = client.get("/").text
    client.delete_cookie("session")
    assert refused(client, csrf_token=made) == "The CSRF session token is missing."


def test_csrf_of_another_session():
    first, second = protected(token), protected(token)
    second.get("/")
    assert refused(second, csrf_token=first.get("/").text) == "The CSRF tokens do not match."


def test_csrf_after_an_hour(clock):
    client = protected(token)
    made = client.get("/").text
    clock.tick(3601)
    assert refused(client, csrf_token=made) == "The CSRF token has expired."


def test_csrf_without_a_field():
    assert refused(protected(token)) == "The CSRF token is missing."


def test_csrf_after_a_change_of_the_key():
    client = protected(token)
    made = client.get("/").text
    client.application.config.update(SECRET_KEY="next", SECRET_KEY_FALLBACKS=["dev"])
    assert refused(client, csrf_token=made) == "The CSRF token is invalid."


def over_https(referer):
    """What Flask-WTF says to a form with its token that comes over HTTPS from this address."""
    client, https = protected(token), {"base_url": "https://app.example"}
    made = client.get("/", **https).text
    headers = {"Referer": referer} if referer else {}
    response = client.post("/", data={"csrf_token": made}, headers=headers, **https)
    assert response.status_code == 400
    return re.search("<p>(.*)</p>", response.text)[1]


def test_csrf_without_a_referrer():
    assert over_https(None) == "The referrer header is missing."


def test_csrf_from_another_host():
    assert over_https("https://shop.example/") == "The referrer does not match the host."


def test_csrf_with_a_damaged_token():
    client = protected(token)
    assert refused(client, csrf_token=client.get("/").text[:-5]) == "The CSRF token is invalid."


def test_flask_session_is_not_installed(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path[-1:]])
    for name in [name for name in sys.modules if name.partition(".")[0] == "flask_session"]:
        monkeypatch.delitem(sys.modules, name)
    told = "ModuleNotFoundError: No module named 'flask_session'"
    assert error(importlib.import_module, "flask_session") == told


def imported(line):
    """The error of a line with an import, without the path of a file."""
    return error(exec, line).partition(" (")[0]


def test_session_from_flask():
    assert imported("from flask import Session") == "ImportError: cannot import name 'Session' from 'flask'"


def test_flask_ext():
    told = "ModuleNotFoundError: No module named 'flask.ext'"
    assert imported("from flask.ext.session import Session") == told


@pytest.mark.package
def test_redis_is_gone():
    from flask_session import Session
    from redis import Redis

    app = app_with(str, SESSION_TYPE="redis", SESSION_REDIS=Redis.from_url("redis://localhost:1"))
    Session(app)
    client = app.test_client()
    client.set_cookie("session", "an-id")
    told = "ConnectionError: Error 111 connecting to localhost:1. Connection refused."
    assert re.sub(r"Error \d+", "Error 111", error(client.get, "/")) == told


@pytest.mark.package
def test_markup_in_redis():
    from flask_session.base import MsgSpecSerializer

    store = MsgSpecSerializer(app=app_with(str), format="msgpack")
    told = "TypeError: Encoding objects of type Markup is unsupported"
    assert error(store.encode, {"_flashes": [("message", Markup("<b>Saved.</b>"))]}) == told
    assert store.encode({"_flashes": [("message", str(Markup("<b>Saved.</b>")))]})


def set_up(**config):
    """What Flask-Session says to these settings."""
    from flask_session import Session

    return error(Session, app_with(str, **config))


@pytest.mark.package
def test_no_session_type():
    assert set_up() == "ValueError: Unrecognized value for SESSION_TYPE: null"


@pytest.mark.package
def test_no_redis():
    assert set_up(SESSION_TYPE="redis") == (
        "RuntimeWarning: No valid Redis instance provided, "
        "attempting to create a new instance on localhost with default settings."
    )


@pytest.mark.package
@pytest.mark.filterwarnings("ignore:'SESSION_FILE_DIR' is deprecated")
def test_the_old_file_store(tmp_path):
    assert set_up(SESSION_TYPE="filesystem", SESSION_FILE_DIR=tmp_path) == (
        "DeprecationWarning: FileSystemSessionInterface is deprecated and will be removed in a future release. "
        "Instead use the CacheLib backend directly."
    )


def test_an_id_as_bytes():
    assert error(dump_cookie, "session", b"an-id") == "TypeError: cannot use a string pattern on a bytes-like object"


def test_regenerate_without_flask_session():
    told = "AttributeError: 'SecureCookieSessionInterface' object has no attribute 'regenerate'"
    assert error(lambda: Flask("any").session_interface.regenerate(session)) == told


def loads(cookie, **options):
    """What Flask's serializer makes of a cookie."""
    app = app_with(str)
    return app.session_interface.get_signing_serializer(app).loads(cookie, **options)


def test_a_cookie_of_another_key():
    told = "BadTimeSignature: Signature b'AAAA' does not match"
    assert error(loads, "eyJhIjoxfQ.awLZQA.AAAA") == told


def test_a_cookie_that_is_too_old(clock):
    cookie = store(1).headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    clock.tick(3601)
    assert loads(cookie) == {"value": 1}
    assert error(loads, cookie, max_age=3600) == "SignatureExpired: Signature age 3601 > 3600 seconds"


def test_flask_catches_both_and_the_session_is_empty(clock):
    client = app_with(lambda: f"{dict(session)}").test_client()
    client.set_cookie("session", "eyJhIjoxfQ.awLZQA.AAAA")
    assert client.get("/").text == "{}"
    client.set_cookie("session", store(1).headers["Set-Cookie"].partition(";")[0].partition("=")[2])
    assert client.get("/").text == "{'value': 1}"
    clock.tick(31 * 24 * 3600 + 1)
    assert client.get("/").text == "{}"


@pytest.mark.parametrize("payload", ["aGVsbG8", "W", "_w", ".aGVsbG8", "WzEsMl0", "NQ"])
def test_a_payload_that_flask_cannot_read_is_a_500(payload):
    app = app_with(lambda: f"{dict(session)}", TESTING=False, PROPAGATE_EXCEPTIONS=False)
    client = app.test_client()
    client.set_cookie(
        "session", TimestampSigner("dev", salt="cookie-session", key_derivation="hmac").sign(payload).decode()
    )
    assert [client.get("/").status_code for _ in range(2)] == [500, 500]
    if payload == "W":
        told = "BadPayload: Could not base64 decode the payload because of an exception"
        assert error(loads, client.get_cookie("session").value) == told


def test_a_transaction_without_cookies():
    assert error(transaction, use_cookies=False) == (
        "TypeError: Cookies are disabled. Create a client with 'use_cookies=True'."
    )
