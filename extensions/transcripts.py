"""Transcripts: what an app answers, request by request, as the pages show it.

A transcript is a text file beside its app (`app.http` beside `app.py`). Exchanges are parted by `###`:

    POST /sign-in
    name=Ada
    302 FOUND
    Location: /
    Set-Cookie: session=eyJuYW1lIjoiQWRhIn0.aRkqAA.…; HttpOnly; Path=/
    session: {"name": "Ada"}

    <the body>

Between exchanges may stand what happened meanwhile: `Another visitor`, `The first visitor again`,
`The browser is closed`, `2 hours later`.

The author writes the request (its form, if any, on the next line); all the rest is written by the app.
`session:` is no header: it is the payload of the cookie above it, decoded.
"""

import html
import re
from dataclasses import dataclass

from markdown import Markdown

from extensions import faults, snippets

SEPARATOR = "\n###\n"
# The key of an app that is only tried out, as live/page/panel/parts.js finds it too.
FIXED_KEY = re.compile(r'^app\.secret_key = "(dev)"', re.MULTILINE)
# What an author may write instead: blank lines around it.
SEPARATORS = re.compile(r"\n+###[ \t]*\n+")
REQUEST = re.compile(r"^(GET|HEAD|POST|PUT|PATCH|DELETE) (/\S*)$")
# Some servers, as Tomcat, send no words.
STATUS = re.compile(r"^\d{3}(?: |$)")
LATER = re.compile(r"^(\d+) (second|minute|hour|day)s? later$")
ANOTHER_VISITOR = "Another visitor"
FIRST_VISITOR = "The first visitor again"
BROWSER_CLOSED = "The browser is closed"


@dataclass(frozen=True)
class Step:
    """What happens between two requests, in the words that the page shows."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `form` is urlencoded, `headers` are whole lines, `session` is JSON."""

    method: str
    path: str
    form: str = ""
    status: str = ""
    headers: tuple[str, ...] = ()
    session: str = ""
    body: str = ""

    def __str__(self) -> str:
        head = [f"{self.method} {self.path}", self.form, self.status, *self.headers]
        head.append(f"session: {self.session}" if self.session else "")
        return "\n".join(line for line in head if line) + (f"\n\n{self.body}" if self.body else "")


def parse(text: str) -> list[Exchange | Step]:
    """The exchanges and steps of a transcript; ValueError for a part that is neither: its line, and what to do."""
    return [parse_part(part, line) for line, part in numbered(text)]


def numbered(text: str) -> list[tuple[int, str]]:
    """The parts of a transcript, each with the number of its first line."""
    starts = [re.match(r"\n*", text).end(), *(match.end() for match in SEPARATORS.finditer(text))]  # type: ignore[union-attr]
    ends = [*(match.start() for match in SEPARATORS.finditer(text)), len(text)]
    return [(text.count("\n", 0, at) + 1, text[at:end].rstrip("\n")) for at, end in zip(starts, ends, strict=True)]


def is_step(text: str) -> bool:
    """Whether a line is one of the steps that may be between two exchanges."""
    return text in (ANOTHER_VISITOR, FIRST_VISITOR, BROWSER_CLOSED) or bool(LATER.match(text))


def parse_part(text: str, line: int = 1) -> Exchange | Step:
    """One exchange, of which only the request line must be there, or one step."""
    head, _, body = text.partition("\n\n")
    first, *rest = head.splitlines() or [""]
    if is_step(text):
        return Step(text)
    if is_step(first):
        raise ValueError(f"{line + 1}: expected ### after the step {first!r}; put ### on a line between them")
    request = REQUEST.match(first)
    if not request:
        raise ValueError(
            f"{line}: {first!r} is neither a request, such as GET / or POST /login, nor a step; "
            f"write a request, or {ANOTHER_VISITOR}, {FIRST_VISITOR}, {BROWSER_CLOSED} or 2 hours later"
        )
    form = rest.pop(0) if rest and not STATUS.match(rest[0]) else ""
    status = rest.pop(0) if rest else ""
    session = ""
    if rest and rest[-1].startswith("session: "):
        session = rest.pop().removeprefix("session: ")
    return Exchange(request[1], request[2], form, status, tuple(rest), session, body)


def dump(exchanges: list[Exchange | Step]) -> str:
    """The text of a transcript, as `parse` reads it."""
    return SEPARATOR.join(map(str, exchanges)) + "\n"


def fixed_key(app: str) -> str:
    """The key that an app's file names, as `dev` for trying out; empty if its key comes from elsewhere."""
    path = snippets.ROOT / app
    found = FIXED_KEY.search(path.read_text("utf-8")) if path.is_file() else None
    return found[1] if found else ""


def header_html(line: str, inspector: str, key: str) -> str:
    """A header line with the parts of a session cookie, and a link that brings it and the key to the `inspector`."""
    name, _, value = line.partition(": ")
    cookie = re.match(r"^([^=;]+)=([\w.-]+?)\.([\w-]+)\.([\w-]+)(;.*)?$", value)
    if name == "Set-Cookie" and cookie:
        parts = zip(("payload", "timestamp", "signature"), cookie.groups()[1:4], strict=True)
        dot = '<span class="cookie-dot">.</span>'
        coloured = dot.join(f'<span class="cookie-{kind}">{text}</span>' for kind, text in parts)
        value = ".".join(cookie.groups()[1:4])
        shown = f"{html.escape(cookie[1])}={coloured}{html.escape(cookie[5] or '')}"
        if inspector:
            fragment = f"cookie={value}" + (f"&amp;key={key}" if key else "")
            shown += f' <a class="exchange-inspect" href="{inspector}#{fragment}">Take it apart</a>'
    else:
        shown = html.escape(value)
    return f'<div class="exchange-header"><b>{html.escape(name)}:</b> {shown}</div>'


def part_html(exchange: Exchange | Step, inspector: str, key: str) -> str:
    """One exchange or step as a list item, readable without style sheets."""
    if isinstance(exchange, Step):
        return f'<li class="exchange-step">{html.escape(exchange.text)}</li>'
    form = f'<div class="exchange-form">{html.escape(exchange.form)}</div>' if exchange.form else ""
    headers = "".join(header_html(line, inspector, key) for line in exchange.headers)
    session = ""
    if exchange.session:
        session = (
            f'<div class="exchange-session"><b>The cookie holds</b> <code>{html.escape(exchange.session)}</code></div>'
        )
    body = ""
    if exchange.body:
        body = f'<pre class="exchange-body">{html.escape(exchange.body)}</pre>'
    return (
        f'<li class="exchange"><div class="exchange-request">{html.escape(exchange.method)} '
        f"{html.escape(exchange.path)}{form}</div>"
        f'<div class="exchange-response"><div class="exchange-status">{html.escape(exchange.status)}'
        f"</div>{headers}{session}{body}</div></li>"
    )


def take_app(_language: str, inputs: dict[str, str], options: dict[str, str], *_: object) -> bool:
    """Validator of ```http fences for pymdownx.superfences: extensions/examples.py names the app in their header."""
    options.update(inputs)
    return set(inputs) <= {"app", "fold"}


def format_fence(
    source: str, _language: str, _css: str, options: dict[str, str], md: Markdown, **_options: object
) -> str:
    """Formatter of ```http fences for pymdownx.superfences: the exchanges as a list, with the app that answered.

    The page that `md` converts tells where the cookie inspector lies from here.
    """
    page = faults.page_of(md)
    inspector = faults.root_from(page) + "tools/cookie-inspector/" if page else ""
    key = fixed_key(options.get("app", ""))
    parts = "".join(part_html(part, inspector, key) for part in parse(source))
    app = html.escape(options.get("app", ""))
    fold = " data-fold" if "fold" in options else ""
    return f'<ol class="exchanges" data-example="{app}"{fold} data-search-exclude>{parts}</ol>'
