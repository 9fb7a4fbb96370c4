"""Ask the app of docs/understand/sessions-in-other-frameworks.md the same questions in each framework.

python -m tests.bench.frameworks

writes what was found into tests/bench/frameworks.json, into the page's tables, and into the exchanges that it shows.
"""

import base64
import contextlib
import json
import re
import secrets
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from extensions import transcripts
from live.worker.browser import Cookie
from tests.support import frameworks, needs, once, site
from tests.support.frameworks import Visitor

PAGE = site.ROOT / "docs/understand/sessions-in-other-frameworks.md"
RECORD = site.ROOT / "tests/bench/frameworks.json"
PATHS = ("/about", "/who", "/")
TRIES = 5  # on a machine with much other work, two requests may miss each other
ITEM = 5000  # bytes, more than a cookie has room for
DAY = 24 * 3600


def decoded(value: str) -> bytes:
    """What base64 hides in a cookie's value: of each part, and the value as it is."""
    found = [unquote(value).encode()]
    for part in re.split(r"[.:]|--", unquote(value)):
        with contextlib.suppress(ValueError):
            found.append(base64.b64decode(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4)))
    return b" ".join(found)


def altered(value: str) -> str:
    """A cookie's value for Eve instead of Ada, where it can be read; else with another first part."""
    for part in re.split(r"[.:]|--", value):
        with contextlib.suppress(ValueError):
            data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            if b"Ada" in data:
                eve = base64.urlsafe_b64encode(data.replace(b"Ada", b"Eve")).decode()
                return value.replace(part, eve if part.endswith("=") else eve.rstrip("="))
    part = re.search(r"[\w-]{5,}", value.partition("%3A")[2] or value)[0]
    return value.replace(part, re.sub(r"\w", lambda match: "b" if match[0] == "a" else "a", part))


def set_by(exchange) -> list[str]:
    """The values of an exchange's Set-Cookie headers."""
    return [value for name, value in exchange.headers if name.lower() == "set-cookie"]


def only(visitor: Visitor, name: str) -> Cookie | None:
    """The visitor's cookie of this name."""
    return next((cookie for cookie in visitor.cookies if cookie.name == name), None)


class Questions:
    """A framework's app that runs at `port`, and what it does when asked. Each question has visitors of its own."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        ada = self.ada = self.visitor()
        self.login = ada.send("/login", name="Ada")
        assert ada.who() == "Ada", f"Ada can't log in: {self.login}"
        # A session cookie is one without which Ada is no longer logged in.
        self.names = [cookie.name for cookie in ada.cookies if self.without(cookie).who() != "Ada"]
        self.cookies = {name: only(ada, name).value for name in self.names}
        self.main = max(self.names, key=lambda name: len(self.cookies[name]))
        ada.send("/add", item=secrets.token_hex(100))
        self.grows = len(only(ada, self.main).value) > len(self.cookies[self.main]) + 100

    def visitor(self, like: Visitor | None = None) -> Visitor:
        """A new visitor, or one with a copy of another one's cookies."""
        return Visitor(self.port, {key: replace(cookie) for key, cookie in like.jar.items()} if like else None)

    def without(self, lost: Cookie) -> Visitor:
        """A copy of Ada without one cookie."""
        copy = self.visitor(self.ada)
        del copy.jar[lost.key]
        return copy

    def named(self, value: str) -> bool:
        """Whether a Set-Cookie header is one of the session's."""
        return value.partition("=")[0] in self.names

    def sets(self, visitor: Visitor, path: str) -> bool:
        """Whether the response to a path sets a session cookie."""
        return any(map(self.named, set_by(visitor.request("GET", path))))

    def contains(self) -> str:
        """The data or an id, readable or not."""
        if self.grows:
            return "data" if b"Ada" in decoded(self.cookies[self.main]) else "encrypted"
        # The signature of one id with another id: is the second one then unknown?
        other = self.visitor()
        other.send("/login", name="Eve")
        mine, its = unquote(self.cookies[self.main]), unquote(only(other, self.main).value)
        if "." not in mine:
            return "id"
        changed = f"{its.partition('.')[0]}.{mine.partition('.')[2]}"
        only(other, self.main).value = changed
        return "signed id" if other.who() != "Eve" else "id"

    def changed(self) -> dict:
        """What a cookie gives that was changed: who is logged in, and whether a made-up id stays in use."""
        copy = self.visitor(self.ada)
        for name, before in self.cookies.items():  # as they were before the list made the data longer
            only(copy, name).value = before
        cookie = only(copy, self.main)
        cookie.value = value = altered(cookie.value)
        who = copy.who()
        copy.page()
        return {"who": who, "kept": not self.grows and only(copy, self.main).value == value}

    def attributes(self) -> str:
        """The attributes of the session cookie, written in one way, and its lifetime in days."""
        new = self.visitor()
        headers = [value for value in set_by(new.request("GET", "/")) if value.startswith(f"{self.main}=")]
        assert len(headers) == 1, headers
        cookie = only(new, self.main)
        found = ["HttpOnly"] * cookie.http_only + ["Secure"] * cookie.secure + [f"Path={cookie.path}"]
        found += [f"SameSite={cookie.same_site}"] if cookie.same_site else []
        found += [f"{round((cookie.expires - time.time()) / DAY)} days"] if cookie.expires else []
        return "; ".join(found)

    def sent(self) -> dict[str, list[str]]:
        """The pages whose response sets the session cookie: for a new visitor, and for one who is logged in."""
        return {
            "new": [path for path in PATHS if self.sets(self.visitor(), path)],
            "known": [path for path in PATHS if self.sets(self.visitor(self.ada), path)],
        }

    def large(self) -> str:
        """What becomes of an item that is larger than a cookie: kept, rejected by the browser, or an error."""
        visitor = self.visitor()
        item = secrets.token_urlsafe(ITEM)[:ITEM]  # random, so that compression doesn't make it fit
        exchange = visitor.send("/add", item=item)
        if exchange.code >= 500:
            return "error"
        kept = item in visitor.page()
        assert kept != bool(exchange.refused), exchange.refused
        return "kept" if kept else "rejected"

    def nested(self) -> bool:
        """Whether a change inside the list is saved."""
        visitor = self.visitor()
        visitor.send("/add", item="tea")
        assert visitor.send("/append", item="milk").code in (302, 303)
        page = visitor.page()
        assert "tea" in page
        return "milk" in page

    def overlap(self) -> dict:
        """Two requests of one visitor at once, each of which adds an item: how many are kept, whether one waited."""
        kept = 0
        for _ in range(TRIES):
            kept, seconds = self.at_once(same=True)
            if seconds < 2 * frameworks.PAUSE:
                return {"kept": kept, "waited": False}
        # They never overlapped: because they are of one visitor?
        assert any(self.at_once(same=False)[1] < 2 * frameworks.PAUSE for _ in range(TRIES)), "no requests overlap"
        return {"kept": kept, "waited": True}

    def at_once(self, same: bool) -> tuple[int, float]:
        """A request while another one pauses, of the same visitor or not: how many items are kept, and the seconds."""
        visitor = self.visitor()
        hidden = [visitor.hidden("/add")]
        copies = [self.visitor(visitor), self.visitor(visitor if same else None)]
        hidden.append(hidden[0] if same else copies[1].hidden("/add"))
        start = time.monotonic()

        def add(number: int, item: str) -> list[str]:
            # Not in the same moment: PHP's server would give both to one of its processes.
            time.sleep(number * frameworks.PAUSE / 3)
            return set_by(copies[number].request("POST", "/add", hidden[number] | {"item": item}, "/"))

        with ThreadPoolExecutor(2) as pool:
            headers = list(pool.map(add, (0, 1), ("apple", "pear")))
        seconds = time.monotonic() - start
        for header in [header for both in headers for header in both] if same else []:
            visitor.receive(header)
        page = visitor.page()
        return ("apple" in page) + ("pear" in page), seconds

    def at_login(self) -> dict[str, bool]:
        """Whether the cookie of before a login is another one afterwards, and logs in whoever has it."""
        victim = self.visitor()
        victim.page()
        attacker = self.visitor(victim)
        before = only(victim, self.main).value
        victim.send("/login", name="Ada")
        return {"new": only(victim, self.main).value != before, "copy": attacker.who() == "Ada"}

    def at_logout(self) -> dict:
        """What a logout leaves in the browser, and whether a copy of the cookie of before works."""
        visitor = self.visitor()
        visitor.send("/login", name="Ada")
        hidden = visitor.hidden("/logout")
        copy = self.visitor(visitor)
        before = only(visitor, self.main).value
        visitor.request("POST", "/logout", hidden, "/")
        after = only(visitor, self.main)
        left = "deleted" if after is None else "same" if after.value == before else "new"
        assert visitor.who() == "nobody"
        return {"left": left, "copy": copy.who() == "Ada"}

    def place(self) -> str:
        """The file that knows Ada's session; "" if none does."""
        value = re.search(r"\w{20,}", unquote(self.cookies[self.main]))[0]
        for path in sorted(self.folder.rglob("*")):
            if value in path.name:
                return path.name.replace(value, "id")
            if path.suffix == ".sqlite3" and value.encode() in path.read_bytes():
                return path.name
        return ""

    def exchanges(self) -> str:
        """A visit, a login and a logout, as the page shows them: without forms and their hidden fields."""
        visitor = self.visitor()
        first = visitor.request("GET", "/")
        page = first.body.decode()
        login = visitor.request("POST", "/login", visitor.hidden("/login", page) | {"name": "Ada"}, "/")
        hidden = self.visitor(visitor).hidden("/logout")
        logout = visitor.request("POST", "/logout", hidden, "/")
        shown = [(first, ""), (login, "name=Ada"), (logout, "")]
        parts: list[transcripts.Exchange | transcripts.Step] = []
        for exchange, form in shown:
            cookies = tuple(f"Set-Cookie: {value}" for value in set_by(exchange))
            parts.append(transcripts.Exchange(exchange.method, exchange.path, form, exchange.status.strip(), cookies))
        return transcripts.dump(parts)


def measured(name: str) -> dict:
    """All that is found about a framework: by one start of its server, and by a second one for what outlives that."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with frameworks.started(name, folder) as port:
            asked = Questions(port, folder)
            found = {
                "versions": frameworks.versions(name),
                "names": asked.names,
                "cookies": asked.cookies,
                "contains": asked.contains(),
                "changed": asked.changed(),
                "attributes": asked.attributes(),
                "sent": asked.sent(),
                "large": asked.large(),
                "nested": asked.nested(),
                "overlap": asked.overlap(),
                "login": asked.at_login(),
                "logout": asked.at_logout(),
                "place": "the cookie" if asked.grows else asked.place(),
                "exchanges": asked.exchanges(),
            }
        with frameworks.started(name, folder) as port:
            found["restart"] = Visitor(port, asked.ada.jar).who() == "Ada"
    return found


# What a newer version does by default, as its own documentation says. It is not run.
NEWER = {
    ("PHP", "Attributes"): "8.6 adds `HttpOnly` and `SameSite=Lax`",
    ("PHP", "A changed cookie"): "8.6 ignores an unknown id",
}
SOURCES = {"PHP": "https://wiki.php.net/rfc/session_security_defaults"}


def found(name: str, shared: Path) -> dict:
    """What a framework's app did, asked once in a run of the tests, whose processes share a folder.

    The test that asks is left out where the runtime is missing or of another version, and fails with one line where the
    server doesn't start.
    """
    was = recorded()[name]["versions"]
    try:
        versions = frameworks.versions(name)
    except frameworks.Missing as missing:
        needs.missing(str(missing))
    if versions != was:
        here, there = (versioned(name, {"versions": one}) for one in (versions, was))
        needs.missing(f"{there}; here is {here}, which python -m tests.bench.frameworks would write into the page")

    def measure(folder: Path) -> None:
        (folder / "found.json").write_text(json.dumps(measured(name)), "utf-8")

    try:
        return json.loads((once.made(shared / f"framework-{name}", measure) / "found.json").read_text("utf-8"))
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
    pytest.fail(f"{name}: {lines[0][:300]} … {lines[-1][:300]}", pytrace=False)


def recorded() -> dict[str, dict]:
    """What was found when it was last written down, by the framework."""
    return json.loads(RECORD.read_text("utf-8"))


def versioned(name: str, found: dict) -> str:
    """A framework with its versions: "FastAPI 0.165, Starlette 1.10"."""
    parts = ", ".join(f"{part} {version}" for part, version in found["versions"].items())
    return parts if name in parts else f"{name}, {parts}"


def in_cookie(found: dict) -> bool:
    """Whether the data is in the cookie."""
    return found["place"] == "the cookie"


SENT = {
    ("/", "/"): "With each response that writes to the session",
    ("/", ""): "Once, with the first write",
    ("/who /", ""): "Once, with the first page that calls `session_start()`",
    ("/about /who /", ""): "Once, with the first page, although that page doesn't use the session",
    ("/", "/who /"): "With each response that reads or writes a session with values",
}
PLACES = {
    "the cookie": "In the browser",
    "django.sqlite3": "In the database",
    "sess_id": "In a file of its own",
    "": "In the memory of the server",
}
CONTAINS = {
    "data": "The data, signed",
    "encrypted": "The data, encrypted",
    "id": "A random id",
    "signed id": "A random id, signed",
}
READABLE = {
    "data": "Yes",
    "encrypted": "No",
    "id": "Only the id",
    "signed id": "Only the id",
}
LARGE = {
    "kept": "It is kept",
    "rejected": "The browser rejects the cookie, so the item is lost",
    "error": "The response is an error with status 500",
}
LEFT = {"deleted": "No cookie", "same": "The cookie with the old id", "new": "A new cookie"}
SAME_ID = "No, and a copy from before the login is logged in"


def overlapping(found: dict) -> str:
    """What becomes of two requests at once."""
    if found["overlap"]["kept"] == 1:
        return "One of the two items is lost"
    return "Both items are kept, because the second request waits" if found["overlap"]["waited"] else "Both are kept"


def place(found: dict) -> str:
    """Where the data is, and whether it outlives a restart of the server."""
    return f"{PLACES[found['place']]}. A restart {'keeps' if found['restart'] else 'ends'} it"


def at_login(found: dict) -> str:
    """Whether a login changes the id."""
    if not found["login"]["new"]:
        return SAME_ID if found["login"]["copy"] else "No"
    assert not found["login"]["copy"]
    return "It has none: the data is in the cookie" if in_cookie(found) else "Yes, the login changes it"


def changed(found: dict) -> str:
    """What a cookie gives that was changed."""
    assert found["changed"]["who"] == "nobody"
    if found["changed"]["kept"]:
        return "Accepted: the session is empty, under the changed id"
    return "Ignored: the session is empty"


# The columns of the page's tables, each with the words for what was found.
TABLES = [
    {
        "Name": lambda found: " and ".join(f"`{name}`" for name in found["names"]),
        "Contains": lambda found: CONTAINS[found["contains"]],
        "Readable without the key": lambda found: READABLE[found["contains"]],
        "A changed cookie": changed,
        "Attributes": lambda found: f"`{found['attributes']}`",
    },
    {
        "Where the data is": place,
        "When the cookie is sent": lambda found: SENT[" ".join(found["sent"]["new"]), " ".join(found["sent"]["known"])],
        "An item of 5000 bytes": lambda found: LARGE[found["large"]],
        "A change inside the list": lambda found: "Saved" if found["nested"] else "Not saved",
        "Two requests at once": overlapping,
    },
    {
        "New id at login": at_login,
        "What a logout leaves": lambda found: LEFT[found["logout"]["left"]],
        "A copy of the old cookie": lambda found: (
            "It still works after the logout" if found["logout"]["copy"] else "It no longer works"
        ),
    },
]
CELLS = {column: words for table in TABLES for column, words in table.items()}


def cell(name: str, column: str, found: dict) -> str:
    """A cell of the tables, with what a newer version does."""
    newer = NEWER.get((name, column))
    return CELLS[column](found) + (f" ([{newer}]({SOURCES[name]}); not run)" if newer else "")


def tables(record: dict) -> list[list[str]]:
    """The lines of the page's tables."""
    found = []
    for table in TABLES:
        lines = ["| Framework | " + " | ".join(table) + " |", "|---" * (len(table) + 1) + "|"]
        for name, measured_of in record.items():
            cells = [cell(name, column, measured_of) for column in table]
            lines.append(f"| {versioned(name, measured_of)} | {' | '.join(cells)} |")
        found.append(lines)
    return found


def shown(text: str) -> list[list[str]]:
    """The tables of a page's text that compare the frameworks, as lines."""
    return [table.splitlines() for table in re.findall(r"^\| Framework .*\n(?:\|.*\n)+", text, re.MULTILINE)]


def on_page(name: str, column: str) -> str:
    """A cell of the page's tables, without what a newer version does."""
    for head, _, *rows in shown(PAGE.read_text("utf-8")):
        columns = [part.strip() for part in head.strip("|").split("|")]
        if column in columns:
            row = rows[list(frameworks.ALL).index(name)]
            found = row.strip("|").split("|")[columns.index(column)].strip()
            return re.sub(r" \(\[[^\]]*\]\([^)]*\); not run\)$", "", found)
    raise KeyError(column)


def file_of(name: str) -> Path:
    """The file of a framework's exchanges."""
    return frameworks.OTHERS / f"{name.lower().replace('-', '_')}.http"


def without_chance(text: str) -> str:
    """Exchanges without what differs from run to run: the values of cookies, and dates."""
    text = re.sub(r"(Set-Cookie: [\w.]+=)[^;\n]{9,}", r"\1…", text)
    return re.sub(r"expires=(?!Thu, 01 Jan 1970)[^;\n]*", "expires=…", text)


def main() -> None:
    """Measure what the arguments name, or everything, and write it down."""
    record = recorded() if RECORD.exists() else {}
    for name in sys.argv[1:] or frameworks.ALL:
        record[name] = measured(name)
        sys.stdout.write(f"{name}\n")
    record = {name: record[name] for name in frameworks.ALL}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    for name, found in record.items():
        if name != "Flask":  # its exchanges are those of app.http
            file_of(name).write_text(found["exchanges"], "utf-8")
    text = PAGE.read_text("utf-8")
    for old, new in zip(shown(text), tables(record), strict=True):
        text = text.replace("\n".join(old) + "\n", "\n".join(new) + "\n", 1)
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
