"""The same small app in several frameworks, each on a real server of 127.0.0.1: how to start one, and what it needs."""

import contextlib
import functools
import http.client
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from extensions import assets, snippets
from live.worker.browser import Browser
from tests.support import loading, servers
from tests.support.site import ROOT

FOLDER = snippets.ROOT / "sessions_in_other_frameworks"
OTHERS = FOLDER / "others"
TOMCAT = Path("/usr/share/tomcat10")
COMPILER = Path("/usr/share/java/eclipse-jdt-core.jar")
# Seconds for which an app waits between reading its list and writing it, so that two requests overlap.
PAUSE = 1.0
# What a page of the app does to add items by requests that overlap, each sent 150 ms after the one before.
ADD_AT_ONCE = """async (items) => {
    const form = document.querySelector('form[action="/add"]');
    await Promise.all(items.map(async (item, number) => {
        await new Promise((go) => setTimeout(go, 150 * number));
        const body = new URLSearchParams(new FormData(form));
        body.set("item", item);
        return fetch("/add", { method: "POST", body, redirect: "manual" });
    }));
}"""
# A Tomcat with one app. Its usual configuration has far more, and belongs to the system.
SERVER = """\
<Server port="-1"><Service name="Catalina">
<Connector port="{port}" address="127.0.0.1"/>
<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps" autoDeploy="false"/></Engine>
</Service></Server>
"""
JSP = """\
<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
<servlet><servlet-name>jsp</servlet-name><servlet-class>org.apache.jasper.servlet.JspServlet</servlet-class></servlet>
<servlet-mapping><servlet-name>jsp</servlet-name><url-pattern>*.jsp</url-pattern></servlet-mapping>
</web-app>
"""


class Missing(Exception):
    """A runtime isn't there; the message says how to get it."""


@dataclass(frozen=True)
class Framework:
    """How a framework's program is started: `command` gets the port and the folder, which has a copy of the program."""

    name: str
    file: str
    versions: Callable[[], dict[str, str]]
    command: Callable[[int, Path], list[str]]
    variables: tuple[tuple[str, str], ...] = ()


def short(version: str) -> str:
    """The first two numbers of a version: Debian's updates of security change the third."""
    return ".".join(re.findall(r"\d+", version)[:2])


def program(name: str, package: str) -> str:
    """The path of a program, or Missing."""
    found = shutil.which(name)
    if not found:
        raise Missing(f"{name} (Debian: apt-get install {package})")
    return found


def says(*command: str) -> str:
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def of_python(**packages: str) -> dict[str, str]:
    """The versions of packages of Python, by the name of each."""
    try:
        return {package: short(importlib.metadata.version(name)) for name, package in packages.items()}
    except importlib.metadata.PackageNotFoundError as error:
        raise Missing(f"{error.name} (pip install --require-hashes -r requirements.txt)") from None


def of_npm(*packages: str) -> dict[str, str]:
    """The versions of packages of npm."""
    found = {}
    for name in packages:
        path = ROOT / "node_modules" / name / "package.json"
        if not path.is_file():
            raise Missing(f"{name} (npm ci)")
        found[name.capitalize() if name == "express" else name] = short(json.loads(path.read_text("utf-8"))["version"])
    return found


def of_php() -> dict[str, str]:
    """PHP's version."""
    return {"PHP": short(says(program("php", "php-cli"), "-n", "-r", "echo PHP_VERSION;"))}


def of_tomcat() -> dict[str, str]:
    """Tomcat's version. It compiles a JSP with Eclipse's compiler, so that no JDK is needed."""
    program("java", "default-jre-headless")
    if not (TOMCAT / "lib/catalina.jar").is_file() or not COMPILER.is_file():
        raise Missing("Tomcat 10 (Debian: apt-get install tomcat10-common)")
    with zipfile.ZipFile(TOMCAT / "lib/catalina.jar") as archive:
        text = archive.read("org/apache/catalina/util/ServerInfo.properties").decode()
    return {"Tomcat": short(re.search(r"^server.number=(\S+)", text, re.MULTILINE)[1])}


def of_rails() -> dict[str, str]:
    """The version of Rails."""
    program("puma", "puma")
    try:
        script = 'gem "actionpack"; require "action_pack/version"; require "rails/version"; print ActionPack.version'
        return {"Rails": short(says(program("ruby", "ruby"), "-e", script))}
    except subprocess.CalledProcessError:
        raise Missing("Rails (Debian: apt-get install ruby-railties ruby-actionpack)") from None


def python(*arguments: str) -> Callable[[int, Path], list[str]]:
    """The command of a server that is written in Python."""
    return lambda port, _: [sys.executable, "-m", *(part.format(port=port) for part in arguments)]


def gunicorn(app: str) -> Callable[[int, Path], list[str]]:
    """gunicorn with threads, so that requests can overlap."""
    return python("gunicorn", "--threads=4", "--no-control-socket", "--bind=127.0.0.1:{port}", app)


def php(port: int, folder: Path) -> list[str]:
    """PHP's own server, without a php.ini: the defaults are PHP's."""
    return ["php", "-n", "-d", f"session.save_path={folder}", "-S", f"127.0.0.1:{port}", "app.php"]


def tomcat(port: int, folder: Path) -> list[str]:
    """Tomcat with the page's JSP as its only app."""
    for name in ("conf", "logs", "temp", "work", "webapps"):
        (folder / name).mkdir(exist_ok=True)
    if (folder / "tomcat").is_dir():
        (folder / "tomcat").rename(folder / "webapps/ROOT")
    (folder / "conf/server.xml").write_text(SERVER.format(port=port), "utf-8")
    (folder / "conf/web.xml").write_text(JSP, "utf-8")
    jars = [TOMCAT / "bin/bootstrap.jar", TOMCAT / "bin/tomcat-juli.jar", COMPILER]
    places = [f"-Dcatalina.home={TOMCAT}", f"-Dcatalina.base={folder}", f"-Djava.io.tmpdir={folder / 'temp'}"]
    fast = ["-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.security.egd=file:/dev/./urandom"]
    path = os.pathsep.join(map(str, jars))
    return ["java", *fast, "-cp", path, *places, "org.apache.catalina.startup.Bootstrap", "start"]


def puma(port: int, _: Path) -> list[str]:
    """puma with threads."""
    return ["puma", "--quiet", "--threads=4:4", f"--bind=tcp://127.0.0.1:{port}", "rails.ru"]


def node(file: str) -> Callable[[int, Path], list[str]]:
    """Node, which finds its packages from the place of the program, so that is no copy."""
    return lambda *_: [assets.node_program(), str(OTHERS / file)]


ALL = {
    framework.name: framework
    for framework in [
        Framework("Flask", "app.py", lambda: of_python(flask="Flask"), gunicorn("app:app")),
        Framework("Django", "django_app.py", lambda: of_python(django="Django"), gunicorn("django_app:application")),
        Framework(
            "FastAPI",
            "fastapi_app.py",
            lambda: of_python(fastapi="FastAPI", starlette="Starlette"),
            python("uvicorn", "--port={port}", "--log-level=warning", "fastapi_app:app"),
        ),
        Framework("PHP", "app.php", of_php, php, (("PHP_CLI_SERVER_WORKERS", "4"),)),
        Framework("JSP", "tomcat/app.jsp", of_tomcat, tomcat),
        Framework("Rails", "rails.ru", of_rails, puma, (("RAILS_ENV", "production"),)),
        Framework(
            "express-session",
            "express_session.mjs",
            lambda: of_npm("express-session", "express"),
            node("express_session.mjs"),
        ),
        Framework(
            "cookie-session",
            "cookie_session.mjs",
            lambda: of_npm("cookie-session", "express"),
            node("cookie_session.mjs"),
        ),
    ]
}


@functools.cache
def versions(name: str) -> dict[str, str]:
    """The versions of a framework's parts, or Missing."""
    return ALL[name].versions()


@contextlib.contextmanager
def started(name: str, folder: Path) -> Iterator[int]:
    """Serve a framework's app from `folder` until the block ends, and give the port; AssertionError if it never starts.

    The folder keeps what the app has stored, so that another start continues with it.
    """
    framework = ALL[name]
    if not (folder / "started").exists():
        shutil.copytree(OTHERS, folder, dirs_exist_ok=True)
        shutil.copy(FOLDER / "app.py", folder)
        (folder / "started").touch()
    port = servers.free_port()
    variables = loading.ENVIRONMENT | dict(framework.variables) | {"PAUSE": str(PAUSE), "PORT": str(port)}
    with servers.running(framework.command(port, folder), folder, f"http://127.0.0.1:{port}/about", **variables):
        yield port


def forward(port: int) -> Callable:
    """A WSGI app that passes each request on to a real server: so the site's browser model can visit it."""

    def app(environ: dict, start_response: Callable) -> list[bytes]:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        body = environ["wsgi.input"].read()
        if body:
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(environ["REQUEST_METHOD"], quote(environ["PATH_INFO"]), body or None, headers)
            response = connection.getresponse()
            kept = [
                pair for pair in response.getheaders() if pair[0].lower() not in ("connection", "transfer-encoding")
            ]
            start_response(f"{response.status} {response.reason}", kept)
            return [response.read()]
        finally:
            connection.close()

    return app


class Visitor(Browser):
    """A visitor of a framework's app: the site's model of a browser, which also sends the hidden fields of a form."""

    def __init__(self, port: int, jar: dict | None = None) -> None:
        super().__init__(forward(port), f"http://127.0.0.1:{port}")
        self.jar = dict(jar or {})

    def page(self) -> str:
        """The first page, which counts a visit."""
        return self.request("GET", "/").body.decode()

    def who(self) -> str:
        """Who is logged in."""
        return re.sub(r"<[^>]*>", "", self.request("GET", "/who").body.decode()).strip()

    def hidden(self, action: str, page: str = "") -> dict[str, str]:
        """The hidden fields of the form of the first page that leads to `action`, or has a button that does."""
        forms = re.findall(r"<form.*?</form>", page or self.page(), re.DOTALL)
        form = next(form for form in forms if f'action="{action}"' in form)
        fields = [field for field in re.findall(r"<input[^>]*>", form) if 'type="hidden"' in field]
        return {re.search(r'name="([^"]*)"', field)[1]: re.search(r'value="([^"]*)"', field)[1] for field in fields}

    def send(self, action: str, **fields: str):
        """Open the first page, fill in a form and send it. The redirect isn't followed."""
        return self.request("POST", action, self.hidden(action) | fields, "/")
