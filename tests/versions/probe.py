"""Tell, as JSON, what this environment's Flask does. tests/support/environments.py runs it under each version."""

import json
import warnings
from contextlib import suppress
from importlib import metadata

warnings.simplefilter("ignore")

import flask  # noqa: E402
from flask import Flask, session  # noqa: E402
from flask.json.provider import DefaultJSONProvider  # noqa: E402
from werkzeug.test import EnvironBuilder, run_wsgi_app  # noqa: E402

OBSERVATIONS = {}


def observation(function):
    """Note a function that observes one thing."""
    OBSERVATIONS[function.__name__] = function
    return function


def make(view=lambda: None, **config):
    """An app whose one page does what `view` does."""
    app = Flask("probe")
    app.config.update({"SECRET_KEY": "new"}, **config)
    app.add_url_rule("/", "index", lambda: str(view()), methods=["GET", "POST"])
    return app


def keep():
    """Write to the session."""
    session["value"] = (1, 2)


def cookie_of(app):
    """The header that sets the session cookie, after a request that keeps a value."""
    app.view_functions["index"] = lambda: str(keep())
    return app.test_client().get("/").headers.get("Set-Cookie", "")


@observation
def test_client():
    make().test_client()
    return "works"


@observation
def domain():
    parts = cookie_of(make(SERVER_NAME="example.com")).split("; ")
    return next((part for part in parts if part.startswith("Domain")), "no Domain")


@observation
def vary_when_refreshed():
    app = make(keep)
    app.before_request(lambda: setattr(session, "permanent", True) if flask.request.method == "POST" else None)
    client = app.test_client()
    client.post("/")
    app.view_functions["index"] = lambda: "the session is not touched"
    return client.get("/").headers.get("Vary")


@observation
def vary_after_in():
    return make(lambda: "value" in session).test_client().get("/").headers.get("Vary")


@observation
def vary_after_len():
    return make(lambda: len(session)).test_client().get("/").headers.get("Vary")


LOOKS = {
    "pop of a present key": lambda: session.pop("a"),
    "pop of a missing key": lambda: session.pop("missing", None),
    "get": lambda: session.get("a"),
    "in": lambda: "a" in session,
    "len": lambda: len(session),
    "bool": lambda: bool(session),
    "keys": lambda: list(session.keys()),
    "items": lambda: list(session.items()),
    "==": lambda: session == {},
    "flashed messages": flask.get_flashed_messages,
}


@observation
def looks_without_vary():
    found = []
    for name, look in LOOKS.items():
        client = make(lambda: session.update(a=1)).test_client()
        client.get("/")
        client.application.view_functions["index"] = lambda look=look: str(look())
        if client.get("/").headers.get("Vary") is None:
            found.append(name)
    return found


@observation
def answer():
    environ = EnvironBuilder("/").get_environ()
    return run_wsgi_app(make(), environ)[1]


@observation
def required_werkzeug():
    return next(wanted for wanted in metadata.requires("flask") if wanted.lower().startswith("werkzeug"))


@observation
def cookie_methods():
    return hasattr(make().test_client(), "get_cookie")


@observation
def session_cookie_name():
    return hasattr(make(), "session_cookie_name")


@observation
def escape():
    return hasattr(flask, "escape")


@observation
def merging():
    def merge():
        proxy = session
        proxy |= {"value": 1}  # type: ignore[operator] # Flask's types lack the operator that is observed here

    return "Set-Cookie" in make(merge).test_client().get("/").headers


class OtherProvider(DefaultJSONProvider):
    """A JSON provider without `object_hook`, as those of quicker libraries."""

    def loads(self, s, **options):
        """Read JSON, whatever else is asked for."""
        return json.loads(s)


@observation
def other_json_provider():
    app = make(keep)
    app.json = OtherProvider(app)
    client = app.test_client()
    client.get("/")
    app.view_functions["index"] = lambda: str(session["value"])
    return client.get("/").get_data(as_text=True)


@observation
def settings():
    config = make().config
    return [name for name in ("SECRET_KEY_FALLBACKS", "SESSION_COOKIE_PARTITIONED") if name in config]


@observation
def partitioned():
    return "Partitioned" in cookie_of(make(SESSION_COOKIE_PARTITIONED=True))


def is_read(value, **config):
    """Whether an app of this configuration reads a cookie."""
    app = make(lambda: "value" in session, **config)
    client = app.test_client(use_cookies=False)
    return client.get("/", headers={"Cookie": "session=" + value}).get_data(as_text=True) == "True"


@observation
def reads_with_fallbacks():
    old = cookie_of(make(SECRET_KEY="older")).partition(";")[0].partition("=")[2]  # noqa: S106
    return is_read(old, SECRET_KEY_FALLBACKS=["old", "older"])


@observation
def signs_with():
    value = cookie_of(make(SECRET_KEY_FALLBACKS=["old", "older"])).partition(";")[0].partition("=")[2]
    return [key for key in ("new", "old", "older") if is_read(value, SECRET_KEY=key)]


@observation
def session_after_redirects():
    app = make(keep)
    app.add_url_rule("/start", "start", lambda: flask.redirect("/"))
    with app.test_client() as client:
        client.get("/start", follow_redirects=True)
        return "value" in session


@observation
def redirect():
    return flask.redirect("/").status_code


@observation
def contexts():
    return len({flask.ctx.RequestContext, flask.ctx.AppContext})


@observation
def teardown():
    app, called = make(), []
    # They are called from the last to the first.
    app.teardown_request(lambda error: called.append("behind the error"))
    app.teardown_request(lambda error: 1 / 0)
    app.teardown_request(lambda error: called.append("ahead of the error"))
    with suppress(ZeroDivisionError):
        run_wsgi_app(app, EnvironBuilder("/").get_environ())
    return called


def observed(function):
    """What a function tells, or the error that it meets."""
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(json.dumps({name: observed(function) for name, function in OBSERVATIONS.items()}))
