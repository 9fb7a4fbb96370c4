"""What a browser does with cookies, measured: a server that keeps what it receives, and the questions put to it."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from threading import Thread
from urllib.parse import quote

from flask import Flask, Response, redirect, request
from werkzeug.serving import make_server

from tests.support.engine import Engine

# Two names of one server are two sites.
HERE, THERE = "http://localhost", "http://127.0.0.1"


def app() -> tuple[Flask, list[dict[str, str]]]:
    """The server's app, and the cookies of each request to /seen."""
    app = Flask(__name__)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    seen: list[dict[str, str]] = []

    @app.get("/set")
    def set_cookies():
        response = Response("set", mimetype="text/html")
        for header in request.args.getlist("header"):
            response.headers.add("Set-Cookie", header)
        return response

    @app.route("/seen", methods=["GET", "POST"])
    def show():
        seen.append(dict(request.cookies))
        return "<p>seen"

    @app.get("/to")
    def go_on():
        return redirect(request.args["address"])

    @app.get("/page")
    def page():
        return Response(request.args["html"], mimetype="text/html")

    return app, seen


class Measured:
    """A browser and a server whose names are two sites."""

    def __init__(self, engine: Engine, port: int, seen: list[dict[str, str]]) -> None:
        self.engine, self.port, self.seen = engine, port, seen
        self.number = 0

    def address(self, site: str, path: str, **query: str) -> str:
        """An address of the server under one of its names."""
        return f"{site}:{self.port}{path}?" + "&".join(f"{name}={quote(value, '')}" for name, value in query.items())

    def name(self) -> str:
        """A name that no cookie has yet."""
        self.number += 1
        return f"cookie{self.number}"

    def set(self, site: str, header: str) -> None:
        """Let the server send a Set-Cookie header."""
        self.engine.go(self.address(site, "/set", header=header))

    def sent(self, name: str, go: Callable[[], None]) -> str:
        """Whether the request that `go` leads to carries the cookie: yes or no."""
        before = len(self.seen)
        go()
        self.engine.until(lambda: len(self.seen) > before, "the server sees the request")
        self.engine.wait("document.readyState === 'complete' && document.body.textContent.trim() === 'seen'")
        return "yes" if name in self.seen[-1] else "no"

    def stored(self, site: str, attributes: str, name: str = "", value: str = "1") -> str:
        """Whether a cookie with these attributes comes back to the site that set it."""
        name = name or self.name()
        self.set(site, f"{name}={value}{attributes}")
        return self.sent(name, lambda: self.engine.go(self.address(site, "/seen")))

    def pressed(self, site: str, html: str) -> None:
        """Press the link or the button of a page of a site."""
        self.engine.go(self.address(site, "/page", html=html))
        self.engine.click("a, button")

    def after_link(self, attributes: str) -> str:
        """Whether a link on another site sends the cookie."""
        name = self.name()
        self.set(THERE, f"{name}=1{attributes}")
        link = f'<a href="{self.address(THERE, "/seen")}">Onward</a>'
        return self.sent(name, lambda: self.pressed(HERE, link))

    def after_form(self, attributes: str) -> str:
        """Whether a form on another site sends the cookie with POST."""
        name = self.name()
        self.set(THERE, f"{name}=1{attributes}")
        form = f'<form method="post" action="{self.address(THERE, "/seen")}"><button>Onward</button></form>'
        return self.sent(name, lambda: self.pressed(HERE, form))

    def after_detour(self, attributes: str) -> str:
        """Whether a link on the site itself sends the cookie if another site redirects it back."""
        name = self.name()
        self.set(THERE, f"{name}=1{attributes}")
        detour = self.address(HERE, "/to", address=self.address(THERE, "/seen"))
        link = f'<a href="{detour}">Onward</a>'
        return self.sent(name, lambda: self.pressed(THERE, link))

    def days(self) -> str:
        """For how long a cookie is kept that asks for 800 days."""
        name = self.name()
        self.set(THERE, f"{name}=1; Max-Age={800 * 86400}")
        return f"{round((self.engine.expires(name) - time.time()) / 86400)} days"

    def script(self, what: str) -> str:
        """Whether a script reads, or overwrites, a cookie that is HttpOnly."""
        name = self.name()
        self.set(THERE, f"{name}=1; HttpOnly")
        self.engine.go(self.address(THERE, "/page", html="<p>page"))
        if what == "reads":
            return "yes" if name in self.engine.run("return document.cookie") else "no"
        self.engine.run(f"document.cookie = '{name}=2'")
        self.engine.go(self.address(THERE, "/seen"))
        return "yes" if self.seen[-1][name] == "2" else "no"

    def kept(self) -> str:
        """How many of 400 cookies of one host are kept."""
        self.engine.go(self.address(HERE, "/page", html="<p>page"))
        self.engine.run("for (let at = 0; at < 400; at++) document.cookie = `many${at}=1`")
        self.engine.go(self.address(HERE, "/seen"))
        many = sum(name.startswith("many") for name in self.seen[-1])
        return "all" if many == 400 else "fewer than 200" if many < 200 else str(many)


# In the order of the table. The last one fills the jar.
QUESTIONS: dict[str, Callable[[Measured], str]] = {
    "A `Secure` cookie is stored on `http://localhost`": lambda m: m.stored(HERE, "; Secure"),
    "A `Secure` cookie is stored on `http://127.0.0.1`": lambda m: m.stored(THERE, "; Secure"),
    "A `__Host-` cookie is stored on `http://localhost`": lambda m: m.stored(
        HERE, "; Secure; Path=/", f"__Host-{m.name()}"
    ),
    "A cookie of 4096 bytes is stored": lambda m: m.stored(THERE, "", "x" * 96, "y" * 4000),
    "A cookie of 4097 bytes is stored": lambda m: m.stored(THERE, "", "z" * 96, "y" * 4001),
    "A link on another site sends a cookie without `SameSite`": lambda m: m.after_link(""),
    "A form on another site posts a cookie without `SameSite` that is some seconds old": lambda m: m.after_form(""),
    "A link on another site sends a `SameSite=Lax` cookie": lambda m: m.after_link("; SameSite=Lax"),
    "A form on another site posts a `SameSite=Lax` cookie": lambda m: m.after_form("; SameSite=Lax"),
    "A link on another site sends a `SameSite=Strict` cookie": lambda m: m.after_link("; SameSite=Strict"),
    "A link on your site sends a `SameSite=Lax` cookie if another site redirects the visitor back": lambda m: (
        m.after_detour("; SameSite=Lax")
    ),
    "A link on your site sends a `SameSite=Strict` cookie if another site redirects the visitor back": lambda m: (
        m.after_detour("; SameSite=Strict")
    ),
    "A cookie with a `Max-Age` of 800 days is kept for": lambda m: m.days(),
    "A script reads an `HttpOnly` cookie": lambda m: m.script("reads"),
    "A script overwrites an `HttpOnly` cookie": lambda m: m.script("overwrites"),
    "Of 400 cookies for one host, the browser keeps": lambda m: m.kept(),
}


@contextlib.contextmanager
def measured(engine: Engine) -> Iterator[Measured]:
    """A browser with its server, until the block ends."""
    flask, seen = app()
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Measured(engine, server.port, seen)
    finally:
        server.shutdown()
        server.server_close()


def answers(engine: Engine) -> dict[str, str]:
    """What this browser does, by question."""
    with measured(engine) as browser:
        return {question: ask(browser) for question, ask in QUESTIONS.items()}
