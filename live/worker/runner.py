"""Runs the examples' apps for the worker in the page. One call: `handle`, JSON in and out.

It imports an app as `flask --app` does. It keeps no jar: each message brings the visitor's and
takes it away again, so that nothing is lost when the worker of a runaway app is ended.
"""

import dataclasses
import hashlib
import importlib
import json
import linecache
import os
import random
import shutil
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import flask.cli
from flask import Flask, render_template_string, session
from flask.sessions import SecureCookieSessionInterface, TaggedJSONSerializer

from live.worker import event_loop, lacking, originals
from live.worker.browser import FIRST, Browser
from live.worker.check import check
from live.worker.log import Log
from live.worker.shown import plain_exchange, read_session


class Server:
    """One example's app, with the modules, folder and environment that belong to it alone."""

    active: "Server | None" = None

    def __init__(self, root, app_file, env, files):
        self.root, self.app_file, self.env = root, app_file, env
        self.given = set(files)
        self.modules, self.app = {}, None

    def activate(self):
        """Give this app its modules, environment and folder: two examples may both import app."""
        if Server.active is not self:
            if Server.active:
                Server.active.suspend()
            sys.modules.update(self.modules)
            sys.path.insert(0, self.root)
            Server.active = self
        os.environ.clear()
        os.environ.update(ENVIRON | self.env)
        os.chdir(self.root)

    def suspend(self):
        """Take the app's modules off the table, but keep them."""
        self.modules = {
            name: module
            for name, module in sys.modules.items()
            if (getattr(module, "__file__", None) or "").startswith(self.root + "/")
        }
        for name in self.modules:
            del sys.modules[name]
        if self.root in sys.path:
            sys.path.remove(self.root)
        Server.active = None

    def start(self):
        """Import the app afresh, as a restarted server does. Raises what the import raises."""
        self.app = None
        if Server.active:
            Server.active.suspend()
        self.modules = {}
        # importlib.invalidate_caches() would read the whole standard library's directory again.
        for path in [path for path in sys.path_importer_cache if path.startswith(self.root)]:
            del sys.path_importer_cache[path]
        linecache.clearcache()
        warnings.simplefilter("default")  # Python shows a warning once per place; start again
        # An app may have registered a tag, or set a default, in what all Flask apps share.
        SecureCookieSessionInterface.serializer = TaggedJSONSerializer()
        Flask.session_interface = SecureCookieSessionInterface()
        self.activate()
        name = self.app_file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.app = flask.cli.find_best_app(importlib.import_module(name))


ROOT = "/examples"
LOG = Log()
SERVERS: dict[str, Server] = {}
ENVIRON: dict[str, str] = {}  # what every app finds in its environment


def warm_up():
    """Answer a first request, so that the worker's snapshot has what Flask does on a first one."""
    app = Flask("warm_up")
    app.secret_key = os.urandom(16)

    @app.get("/")
    def index():
        session["warm"] = True
        return render_template_string("{{ session.warm }}")

    Browser(app).visit("GET", "/")
    originals.keep()


def prepare():
    """Make this whole interpreter the examples' own; for the worker, not for tests."""
    sys.modules["sitecustomize"].uninstall()
    random.seed()  # the interpreter may come from a snapshot
    # Below Pyodide's prefix, "/", Flask would think that an app is installed, and give all apps one instance folder.
    sys.prefix = "/usr"
    sys.stdout = sys.stderr = LOG
    originals.known.append((sys, {"stdout": LOG, "stderr": LOG}))
    sys.dont_write_bytecode = True  # edits within one second must not meet a stale .pyc
    event_loop.install()
    lacking.prepare()
    os.environ["FLASK_RUN_FROM_CLI"] = "true"  # makes an app.run() at the end of a file do nothing
    ENVIRON.update(os.environ)


def handle(text):
    """Answer one message of the page, as `reply` does; "null" if an app has broken what that needs."""
    try:
        return reply(text)
    except BaseException:  # Pyodide may take seconds to tell JavaScript of an exception
        return "null"


def reply(text):
    """Answer one message of the page.

    `text` is JSON: {"call": a name in CALLS, "example": id, "jar": from the last reply, "address": the
    visitor's, ...} and that function's arguments. Returns JSON: the function's result, with "log" (what was printed),
    "jar" and "state" (see `_state`).
    """
    message = json.loads(text)
    if message["call"] == "check":
        return json.dumps(check(message["path"], message["text"]))
    example, call = message.pop("example"), message.pop("call")
    jar = message.pop("jar", None)
    server = SERVERS.get(example)
    browser = Browser(server and server.app, address=message.pop("address", FIRST))
    if jar:
        browser.load(jar)
    try:
        result = CALLS[call](example, browser, **message)
    except (SystemExit, KeyboardInterrupt) as error:
        traceback.print_exc()
        result = {"error": f"The app ended itself ({type(error).__name__})."}
    browser.app = SERVERS[example].app
    root = SERVERS[example].root + "/"
    log = LOG.take().replace(root, "")
    if line := lacking.sentence(log):
        if "error" in result:
            result["error"] = f"{result['error'].rstrip('.')}. {line}"
        elif (exchanges := result.get("exchanges")) and exchanges[-1]["code"] >= 500:
            exchanges[-1]["note"] = line
    result |= {"log": log, "jar": browser.dump(), "state": _state(browser)}
    return json.dumps(result)


def load(example, browser, app, files, env):
    """Write `files` (path to text) into a fresh folder of their own, and start `app` (a path).

    The result names the files that the app had written in its last folder, as "gone".
    """
    root = f"{ROOT}/{example.replace('/', '-')}"
    found = [str(path.relative_to(root)) for path in Path(root).rglob("*") if path.is_file()]
    gone = sorted(set(found) - SERVERS[example].given) if example in SERVERS else []
    shutil.rmtree(root, ignore_errors=True)
    for name, text in files.items():
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    SERVERS[example] = Server(root, app, env, files)
    return restart(example, browser) | {"gone": gone}


def restart(example, browser):
    """Start the app again: its modules are fresh, its folder stays. Returns an import's error."""
    server = SERVERS[example]
    try:
        server.start()
    except Exception as error:
        return {"error": _explain(error, server)}
    return {}


def _explain(error, server):
    """Print the traceback from the app's own first line on; return the error and its place."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(server.root)]
    where = f"{own[-1].filename}, line {own[-1].lineno}" if own else server.app_file
    what = str(error)
    if isinstance(error, SyntaxError) and error.filename:
        where, what = f"{error.filename}, line {error.lineno}", error.msg
    if isinstance(error, flask.cli.NoAppException):
        print(error, file=sys.stderr)
        return f"{server.app_file} has no Flask app. Name it `app`, or write `create_app()`."
    tb = error.__traceback__
    while tb and not tb.tb_frame.f_code.co_filename.startswith(server.root):
        tb = tb.tb_next
    traceback.print_exception(error.with_traceback(tb))
    return f"{type(error).__name__}: {what} ({where})".replace(server.root + "/", "")


def visit(example, browser, method, path, form=None, referrer=None, follow=True):
    """Send a request and, unless told not to, follow its redirects. Returns the exchanges, timed."""
    server = SERVERS[example]
    server.activate()
    start = time.perf_counter()
    asked = method, path, form, referrer
    exchanges = browser.visit(*asked) if follow else [browser.request(*asked)]
    took = (time.perf_counter() - start) * 1000
    return {"exchanges": [plain_exchange(exchange) for exchange in exchanges], "ms": took}


def jar(example, browser, close=False, delete=None, change=None):
    """Look into the jar, after closing the browser, deleting a cookie, or changing one by hand.

    `delete` is a cookie's key as `_state` gave it; `change` is such a key and the new value.
    """
    if close:
        browser.close()
    for cookie in browser.cookies:
        if list(cookie.key) == delete:
            del browser.jar[cookie.key]
        elif change and list(cookie.key) == change[0]:
            cookie.value = change[1]
    return {}


def _state(browser):
    """Return what the panel shows of the jar: every cookie, and the session cookie taken apart."""
    cookies = [dataclasses.asdict(c) | {"key": list(c.key)} for c in browser.cookies]
    try:
        seen = read_session(browser)
    except Exception:  # an app's own session interface
        seen = None
    return {"now": time.time(), "cookies": cookies, "session": seen}


CALLS: dict[str, Callable[..., dict]] = {"load": load, "restart": restart, "visit": visit, "jar": jar}


def add_hashes(scrypt, pbkdf2):
    """Give hashlib the two functions that it lacks without OpenSSL, made by JavaScript."""

    def _scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
        return bytes(scrypt(bytes(password), bytes(salt), n, r, p, dklen))

    def _pbkdf2(hash_name, password, salt, iterations, dklen=None):
        dklen = dklen or hashlib.new(hash_name).digest_size
        return bytes(pbkdf2(hash_name, bytes(password), bytes(salt), iterations, dklen))

    hashlib.scrypt, hashlib.pbkdf2_hmac = _scrypt, _pbkdf2
