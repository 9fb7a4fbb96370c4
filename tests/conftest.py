"""What every test can use. It must import in the reader's browser too: no C extensions here."""

import contextlib
import functools
import hashlib
import json
import sys
import traceback
from pathlib import Path

import freezegun
import pytest
from flask.sessions import session_json_serializer

from extensions import snippets
from live.worker.browser import Browser
from tests.support import loading, needs, recorder

# A stopped clock must not stop pytest's own watch.
# Nor is it looked for in what only builds, draws or drives: stopping it is quicker then.
freezegun.configure(
    extend_ignore_list=[
        "_pytest.timing",
        "playwright",
        "pyee",
        "pygments",
        "mkdocs",
        "markdown",
        "pymdownx",
        "pytest_examples",
    ]
)
# It sorts the names of each module to see whether they are those of the last start, which their own order says too.
freezegun.api._get_module_attributes_hash = lambda module: (
    f"{id(module)}-{hash(tuple(getattr(module, '__dict__', ())))}"
)
# Hashing a password is slow on purpose, and the tests check the same few: each real hash is computed once.
if hasattr(hashlib, "scrypt"):
    hashlib.scrypt = functools.cache(hashlib.scrypt)  # type: ignore[assignment] # same calls, other type


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Share the fast loop out to all processors: a run of all files without a -m, -n or --page of its own."""
    if getattr(config.option, "numprocesses", 0) is not None or hasattr(config, "workerinput"):
        return  # -n was given, or this is one of the processes, or the reader's page, which has no pytest-xdist
    option = config.option
    by_one = option.page or option.usepdb or option.collectonly or option.capture == "no" or option.update_examples
    if config.args_source is config.ArgsSource.TESTPATHS and option.markexpr in config.getini("addopts") and not by_one:
        option.numprocesses = "auto"


def pytest_configure(config: pytest.Config) -> None:
    """Record what is loaded and requested, and which tests can't run here."""
    config.pluginmanager.register(recorder, "recorder")
    config.pluginmanager.register(needs, "needs")
    if sys.platform != "emscripten":  # a reader's browser has the tests of one page, and no other files
        from tests.support import choice

        config.pluginmanager.register(choice, "choice")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --page."""
    parser.addoption("--page", default="", help="check one page, by its file's name: --page count-visits")


@pytest.fixture(autouse=True)
def flasks_own_tags():
    """Undo what an app registers: all apps of a process share Flask's serializer, and a page shows that mistake."""
    serializer = session_json_serializer
    order, tags = list(serializer.order), dict(serializer.tags)
    yield
    serializer.order[:], serializer.tags = order, tags


@pytest.fixture
def no_event_loop():
    """Hide the event loop that Playwright leaves running in this thread: asyncio.run() and asgiref reject a second."""
    import asyncio

    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """The snippet folder of the test's page: tests/pages/test_count_visits.py has snippets/count_visits/."""
    return snippets.ROOT / request.path.stem.removeprefix("test_")


@pytest.fixture
def load(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Load an app of the page's folder by its file's name: `load("wrong.py")`. Each call gives a new app."""
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def load(name: str):
        app = loading.load_app(folder / name)
        recorder.loaded(app, folder / name)
        return app

    return load


@pytest.fixture
def app(load, folder):
    """The page's app.py. One that can't be loaded fails each test that needs it with the same line."""
    try:
        return load("app.py")
    except Exception as error:
        path = Path(snippets.ROOT.name, folder.name, "app.py").as_posix()
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(path)]
        cause = str(error)
        if isinstance(error, SyntaxError) and str(error.filename).endswith(path):
            lines, cause = [error.lineno], error.msg
        fault = f"{path}:{lines[0] if lines else 1}: {type(error).__name__}: {cause}; fix the app"
    pytest.fail(fault, pytrace=False)


@pytest.fixture
def client(app):
    """A visitor of the page's app.py."""
    return app.test_client()


@pytest.fixture
def visitor(app):
    """A visitor of the page's app.py with a browser: a cookie jar that knows expiry dates, and can be closed."""
    return Browser(app)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The passwords whose hashes are computed during the test, in their order."""
    passwords, scrypt = [], hashlib.scrypt

    def counted(password: bytes, **options: object) -> bytes:
        passwords.append(password)
        return scrypt(password, **options)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return passwords


@pytest.fixture
def clock():
    """The clock, stopped at loading.START. `clock.tick(3600)` lets an hour pass."""
    with freezegun.freeze_time(loading.START) as frozen:
        yield frozen


@pytest.fixture(scope="session")
def redis_url():
    """The address of a real Redis, started for the tests and ended with them."""
    from tests.support import redis_server

    if not redis_server.program():
        needs.missing(redis_server.MISSING)
    with redis_server.running() as address:
        yield address


@pytest.fixture
def redis(redis_url: str, monkeypatch: pytest.MonkeyPatch):
    """A client of the real Redis, which is empty. Apps find it by REDIS_URL; their connections end with the test."""
    from redis import Redis

    clients, connect = [], Redis.from_url

    def connected(*args: object, **options: object) -> Redis:
        clients.append(connect(*args, **options))
        return clients[-1]

    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setattr(Redis, "from_url", connected)
    client = Redis.from_url(redis_url)
    client.flushall()
    yield client
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the strictly built site: built once, also where several processes run the tests."""
    from extensions import proven
    from tests.support import once, site

    def build(folder: Path) -> None:
        record = folder / "proven.json"
        record.write_text(json.dumps(proven.record()), "utf-8")
        address = f"https://site.example{site.PREFIX}/"
        result = site.build(folder / "site", SITE_URL=address, PROVEN=str(record))
        if result.returncode:
            raise RuntimeError(f"the strict build fails:\n{result.stdout}")

    try:
        return once.made(once.shared(tmp_path_factory) / "built", build) / "site"
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def site_url(built_site: Path):
    """The address of the built site, served."""
    from tests.support import site

    with site.served(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """pytest-playwright's options for the browser: the one that tests/support/chromium.py finds.

    Names that end in .example, which nobody can own, lead to servers of this machine.
    """
    from tests.support import chromium

    if not (path := chromium.found()):
        needs.missing(chromium.MISSING)
    arguments = [*chromium.ARGUMENTS, "--host-resolver-rules=MAP *.example 127.0.0.1"]
    return browser_type_launch_args | {"executable_path": path, "args": arguments}


@pytest.fixture(scope="session")
def launch_browser(launch_browser, browser_type_launch_args):
    """pytest-playwright's way to its `browser`, which many tests share and none closes: without a window's parts.

    It compiles WebAssembly once. A page that starts Python and runs a small app ends before the second compilation,
    of what ran often, has paid: it is a quarter of the processor's time.
    """
    from tests.support import chromium

    arguments = [*browser_type_launch_args["args"], "--js-flags=--liftoff-only"]
    return lambda **options: launch_browser(**{"executable_path": chromium.shell(), "args": arguments} | options)


@pytest.fixture(scope="session")
def reader(browser):
    """One reader of all pages: their browser keeps Python after the first, and lets pages copy."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    # A service worker that one test starts would answer the requests of the next; test_offline.py has readers with one.
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined })")
    yield context
    context.close()


@pytest.fixture
def clean_page(reader):
    """A page in the reader's browser; an error that it logs or throws fails the test."""
    page = reader.new_page()
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert faults == []


@pytest.fixture(scope="session")
def kept_page(reader):
    """The page that a test left open, by its address, with the faults that it logs: at most one."""
    kept: dict = {}
    yield kept
    for page, _ in kept.values():
        page.close()


@pytest.fixture
def visit(reader, site_url, kept_page, request):
    """Open a page of the site, or take the one that the last test left open: `visit(address)`.

    Starting Python takes longer than most of these tests. An error that the page logs or throws fails the test, and so
    does a request to another host.
    """
    own = (site_url, "data:", "blob:", "about:")

    def visit(address: str):
        if address not in kept_page:
            leave()
            page, faults = reader.new_page(), []
            page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda r: None if r.url.startswith(own) else faults.append(f"outside: {r.url}"))
            page.goto(site_url + address)
            kept_page[address] = page, faults
        return kept_page[address][0]

    def leave() -> None:
        for page, _ in kept_page.values():
            page.close()
        kept_page.clear()

    failed = request.session.testsfailed
    yield visit
    faults = [fault for _, found in kept_page.values() for fault in found]
    if faults or request.session.testsfailed > failed:
        leave()
    assert faults == []


@pytest.fixture(scope="session", params=["chromium", "firefox", "webkit"])
def engine(request, tmp_path_factory):
    """A browser of each kind, with one tab: tests/support/engine.py says what it can do."""
    from tests.support import chromium, firefox, webkit

    if request.param == "chromium":
        # A browser of its own: the `browser` of pytest-playwright ends when a test asks for it by a parameter.
        options = request.getfixturevalue("browser_type_launch_args")
        with request.getfixturevalue("playwright").chromium.launch(**options) as browser:
            context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
            yield chromium.Chromium(context.new_page())
    else:
        driver = {"firefox": firefox, "webkit": webkit}[request.param]
        with driver.running(tmp_path_factory.mktemp("engine")) as driven:
            yield driven


@pytest.fixture(scope="session")
def watched_url(built_site: Path):
    """The address of the built site, served with a script that keeps each page's faults where tests can read them."""
    from tests.support import site

    with site.served(built_site, (site.ROOT / "tests/support/first.js").read_text("utf-8")) as address:
        yield address


@pytest.fixture
def serve():
    """Serve an app for a real browser until the test ends: `serve(app)` gives the port."""
    from threading import Thread

    from werkzeug.serving import make_server

    def serve(app):
        server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        running.callback(server.server_close)
        running.callback(server.shutdown)
        return server.port

    with contextlib.ExitStack() as running:
        yield serve


@pytest.fixture
def gunicorn(folder, tmp_path):
    """Serve an app of the page's folder by a real gunicorn with two workers: `gunicorn("app.py")` gives the port."""
    from tests.support import workers

    with contextlib.ExitStack() as running:
        yield lambda name: running.enter_context(workers.gunicorn(folder / name, tmp_path / "gunicorn"))


@pytest.fixture
def nginx(tmp_path):
    """Run a real nginx, for which `{port}` in its configuration becomes a free one: `nginx("server {…}")` gives it."""
    from tests.support import nginx, servers

    def run(http):
        port = servers.free_port()
        running.enter_context(nginx.serving(http.replace("{port}", f"127.0.0.1:{port}"), tmp_path / "nginx", port))
        return port

    with contextlib.ExitStack() as running:
        yield run


@pytest.fixture
def internet(browser_type, browser_type_launch_args, tmp_path_factory):
    """A real browser for which addresses lead to servers of this machine: `internet({"https://app.example": port})`.

    It believes any certificate. What it is to do with cookies of other sites' frames is said, since the default varies.
    """
    from urllib.parse import urlsplit

    def browser(ports, third_party_cookies=True):
        rules = []
        for address, port in ports.items():
            url = urlsplit(address)
            rules.append(f"MAP {url.hostname}:{url.port or {'http': 80, 'https': 443}[url.scheme]} 127.0.0.1:{port}")
        options = [*browser_type_launch_args["args"], f"--host-resolver-rules={','.join(rules)}"]
        profile = tmp_path_factory.mktemp("profile")
        (profile / "Default").mkdir()
        settings = {"profile": {"cookie_controls_mode": 0 if third_party_cookies else 1}}
        (profile / "Default/Preferences").write_text(json.dumps(settings))
        launched = browser_type.launch_persistent_context(
            profile, ignore_https_errors=True, **browser_type_launch_args | {"args": options}
        )
        running.callback(launched.close)
        return launched

    with contextlib.ExitStack() as running:
        yield browser


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the project to break: it shares the environment, and nothing else, with the original."""
    from tests.chain import omissions

    return omissions.copied(tmp_path / "project")
