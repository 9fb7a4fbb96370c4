"""Cookies and other texts for tests/pages/test_cookie_inspector.py, and Flask's own word on them."""

import base64
import contextlib
import functools
import hashlib
import json
import random
import string
import time
import uuid
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from freezegun import freeze_time
from itsdangerous import BadPayload, BadSignature, SignatureExpired
from markupsafe import Markup
from werkzeug.http import parse_date

KEY = "a key that no one knows"
NOW = 1_763_789_100
DAY = 86400
FLASK = {"salt": "cookie-session", "digest": "sha1", "keyDerivation": "hmac"}
BASE64URL = string.ascii_letters + string.digits + "-_"


def make_app(key=KEY, fallbacks=None, salt="cookie-session", digest="sha1", keyDerivation="hmac"):
    """An app that signs its sessions with these parameters; by default as Flask does."""

    class Interface(SecureCookieSessionInterface):
        digest_method = staticmethod(getattr(hashlib, digest))
        key_derivation = keyDerivation

    Interface.salt = salt
    app = Flask("shop")
    app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks, MAX_COOKIE_SIZE=0)
    app.session_interface = Interface()
    return app


def serializer(app):
    """What Flask makes cookies with."""
    return app.session_interface.get_signing_serializer(app)


def at(seconds):
    """The clock, stopped."""
    return freeze_time(datetime.fromtimestamp(seconds, UTC))


usual = functools.cache(lambda key: serializer(make_app(key)))


def sign(data, age=0, key=KEY):
    """A session cookie as Flask makes it, signed `age` seconds ago."""
    # Stopping the clock takes longer than all the rest.
    with at(int(time.time()) - age) if age else contextlib.nullcontext():
        return usual(key).dumps(data)


def set_cookie(app, data):
    """The Set-Cookie line with which an app answers once this is in the session."""
    with app.test_request_context():
        session.update(data)
        return f"Set-Cookie: {app.process_response(app.response_class()).headers['Set-Cookie']}"


def read_by_flask(value, app=None):
    """The session in which a request with this cookie starts."""
    with (app or make_app()).test_request_context(headers={"Cookie": f"session={value}"}):
        return dict(session)


def packed(data, dot=""):
    """A cookie of this payload, signed by no one."""
    return f"{dot}{base64.urlsafe_b64encode(data).decode().rstrip('=')}.aSFIXA.{'A' * 27}"


class Payloads:
    """Generates sessions of every type that Flask's serializer keeps."""

    STRINGS = [
        "",
        "a",
        "é",
        "日本",
        "\U0001f36a",
        '"\\/\b\n\x7f',
        "\ud800",
        "a" * 300,
        "<b>&'",
        " t",
    ]
    KEYS = ["a", "", "id", "é", " t", " b", " di", " x", "_permanent", "__proto__", "constructor"]
    NUMBERS = [0, -1, 2**53 + 1, 2**70, 1.0, -0.0, 0.1, 1e400, -1e400, float("nan"), 1e-7, 5e300]

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311

    def scalar(self):
        """A value without values inside."""
        pick = self.random
        return pick.choice(
            [
                lambda: pick.choice(self.STRINGS),
                lambda: pick.choice(self.NUMBERS),
                lambda: pick.choice([None, True, False]),
                lambda: pick.randbytes(pick.randrange(8)),
                lambda: Markup(pick.choice(self.STRINGS)),  # noqa: S704
                lambda: uuid.UUID(bytes=pick.randbytes(16)),
                lambda: datetime.fromtimestamp(pick.randrange(2**33), UTC),
            ]
        )()

    def value(self, depth):
        """Any value, nested at most `depth` deep."""
        if depth == 0 or self.random.random() < 0.4:
            return self.scalar()
        items = [self.value(depth - 1) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]
        return self.random.choice(
            [
                lambda: items,
                lambda: tuple(items),
                lambda: {self.random.choice(self.KEYS): item for item in items},
                lambda: {f"key {i}": item for i, item in enumerate(items)},
            ]
        )()

    def session(self):
        """The data of one session."""
        data = {key: self.value(4) for key in self.random.sample(self.KEYS, 3)}
        return data | {"_flashes": [("message", "Saved")]} if self.random.random() < 0.1 else data


def python_value(node):
    """The Python value that a tree of live/inspector/cookie.js stands for."""
    if node["type"] == "string":
        return node["value"]
    if node["type"] in ("number", "literal"):
        return json.loads(node["raw"])
    if node["type"] == "array":
        return [python_value(item) for item in node["items"]]
    items = {entry["key"]: python_value(entry["node"]) for entry in node["entries"]}
    if not (tag := node.get("tag")):
        return items
    [item] = items.values()
    kinds: dict[str, Callable] = {
        "tuple": tuple,
        "bytes": lambda _: bytes(node["bytes"]),
        "Markup": Markup,
        "UUID": uuid.UUID,
        "datetime": parse_date,
        "dict": lambda one: {next(iter(one))[:-2]: next(iter(one.values()))},
    }
    return kinds[tag](item)


def show(value):
    """A value's repr, in which 1 and 1.0, a list and a tuple, or NaN and NaN compare as they should."""
    return repr(value).replace("FakeDatetime", "datetime.datetime")


def flask_says(app, value, lifetime=31 * DAY):
    """itsdangerous' verdict in the words of live/inspector/cookie.js, and the content, signed or not."""
    loads = serializer(app)
    try:
        return "ok", show(loads.loads(value, max_age=lifetime))
    except SignatureExpired as error:
        verdict = "future" if "< 0" in str(error) else "expired"
    except BadPayload:
        return "bad-payload", None
    except BadSignature as error:
        words = {
            "No b'.'": "no-separator",
            "timestamp missing": "no-timestamp",
            # With a cause, it is a wrong signature too, over a date after the year 9999.
            "Malformed": "mismatch" if error.__cause__ else "bad-timestamp",
        }
        verdict = next((words[key] for key in words if str(error).startswith(key)), "mismatch")
    except (ValueError, OverflowError):
        # The signature holds, and the date is after the year 9999: itsdangerous itself fails.
        verdict = "future"
    if verdict == "no-separator":
        return verdict, "None"
    try:
        return verdict, show(loads.load_payload(value.encode().rsplit(b".", 2)[0]))
    except BadPayload:
        return verdict, "None"


def node_says(result):
    """The verdict and the content of live/inspector/cookie.js, in the form of flask_says()."""
    if result["verdict"] == "bad-payload":
        return "bad-payload", None
    content = result["content"]
    return result["verdict"], show(content and python_value(content))


def judge(text, keys=(KEY,), lifetime=31 * DAY, **options):
    """A case for tests/runner/inspector_node.mjs."""
    options = FLASK | options | {"lifetime": lifetime, "now": NOW}
    return {"operation": "judge", "text": text, "keys": keys, "options": options}


def one_character_mutations(value, pick):
    """Each character left out, replaced, or with another one before it."""
    for i in range(len(value) + 1):
        for sign in [*pick.sample(BASE64URL, 6), *".=+ -_é"]:
            yield value[:i] + sign + value[i:]
            yield value[:i] + sign + value[i + 1 :]
        yield value[:i] + value[i + 1 :]


# One of each type, and the keys to which Flask gives a meaning.
EVERYTHING = {
    "_flashes": [("message", "Saved")],
    "_permanent": True,
    "big": 2**70,
    "bytes": b"\xff\x00a",
    "float": 1.0,
    "html": Markup("<b>"),
    "id": uuid.UUID(int=8),
    "nan": float("nan"),
    "none": None,
    "one": {" t": 1.0},
    "pair": ("a", []),
    "seen": datetime.fromtimestamp(8, UTC),
    "text": "é",
}
VALUE = "eyJ2aXNpdHMiOjF9.aSFIXA.q95ViTCigaUPTYqC-mBK7ZvKND4"
PASTED = {
    "a bare value": VALUE,
    "quotes": f"'{VALUE}',",
    "a terminal's line breaks": f"{VALUE[:20]}\n  {VALUE[20:]}\n",
    "percent-encoding": VALUE.replace(".", "%2E"),
    "a Set-Cookie line": f"Set-Cookie: session={VALUE}; HttpOnly; Path=/",
    "a Cookie line": f'cookie: theme=dark; session="{VALUE}"; sessionid=x',
    "a broken Set-Cookie line": f"Set-Cookie: session={VALUE[:9]}\r\n{VALUE[9:]}; HttpOnly\r\nX: y",
    "curl -v": f"> GET / HTTP/1.1\n> Cookie: session=old.a.b\n>\n< HTTP/1.1 200 OK\n"
    f"< Set-Cookie: session={VALUE}; HttpOnly; Path=/\n< Connection: close\n<\nhello",
    "a curl command": f"curl 'http://localhost/' -H 'Cookie: session={VALUE}' -H 'Accept: */*'",
    "Chromium's cookie table": f"session\t{VALUE}\tlocalhost\t/\tSession\t62\t✓",
    "Chromium's header list": f"cookie\nsession={VALUE}\nhost\nlocalhost",
    "Firefox's storage panel": f'session:"{VALUE}"\nCreated:"Sun, 22 Nov 2026"',
    "JSON": f'{{"theme": "dark", "session": "{VALUE}"}}',
    "a cookie jar's file": f"#HttpOnly_localhost\tFALSE\t/\tFALSE\t0\tsession\t{VALUE}",
    "several responses": f"Set-Cookie: session=old.a.b\nSet-Cookie: session={VALUE}",
    "another name": f"Set-Cookie: shop_session={VALUE}; Path=/",
    "typographic quotes": f"session=“{VALUE}”",
}


# What the inspector calls each of these.
FAILURES = {
    "Not base64": "eyJ2aXNpdHMiOjF9A.awLZQA." + "A" * 27,
    "Not zlib": packed(b"not zlib", "."),
    "Too big": packed(zlib.compress(b"0" * 2_000_000), "."),
    "Not text": packed(b"\x80\x04K\x01."),
    "Not JSON": packed(b'{"a":1'),
    "Invalid tag": packed(b'{"a":{" u":"no uuid"}}'),
    "Not a session": packed(b'"a CSRF token"'),
    "Not three parts": "eyJ2aXNpdHMiOjF9.aSFIXA",
    "Not a timestamp": "eyJ2aXNpdHMiOjF9.A." + "A" * 27,
    "Too large for a browser": packed(json.dumps({"a": "a" * 4000}).encode()),
    "Deleted": "Set-Cookie: session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
    "No such cookie": "Cookie: csrftoken=a; theme=dark",
    "Another name": "Cookie: shop=" + packed(b'{"a":1}'),
    "Several": f"Cookie: session={packed(b'{}')}; session={packed(b'{}')}",
    "Flask-Session’s id": "sBBPDWOQNZ0ys3A4WmQ2nM7yqRTLkHZpFh8fWqz4d7k",
    "An encrypted cookie": "gAAAAABrAtlA" + "A" * 87 + "=",
    "Flask-Login’s remember_token": "42|" + "0a" * 64,
    "Django’s cookie": "eyJhIjoxfQ:1vMdTQ:" + "A" * 43,
    "Express’s cookie": "s%3Aj2k3.eyJhIjoxfQ",
    "Rack’s or Rails’ cookie": "BAh7BkkiD3Nlc3Npb25faWQG%3D--" + "0a" * 20,
    "A JSON Web Token": "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ." + "A" * 43,
    "Starlette’s cookie": "eyJhIjogMX0=.awLZQA." + "A" * 27,
}

# What it calls the cookies that real servers made: tests/bench/frameworks.json has them.
MAKERS = {
    "Flask": "Not checked",
    "Django": "Django’s cookie",
    "FastAPI": "Starlette’s cookie",
    "PHP": "PHP’s session id",
    "JSP": "Tomcat’s session id",
    "Rails": "Rack’s or Rails’ cookie",
    "express-session": "Express’s cookie",
    "cookie-session": "cookie-session’s cookie",
}


def garbage(pick):
    """Any text at all: noise, almost cookies, almost JSON, almost zlib."""
    data = pick.randbytes(pick.randrange(300))
    tokens = ["{", "}", "[", "]", ",", ":", '"a"', '" t"', '" b"', '" u"', "1", "-", "NaN", "null", '"\\u12', "é"]
    text = "".join(pick.choice(tokens) for _ in range(pick.randrange(60)))
    value = sign({"a": [text, ("b",), data]}) if pick.random() < 0.3 else packed(text.encode())
    place = pick.randrange(len(value))
    header = pick.choice(["session=", "Set-Cookie: session=", "Cookie: a=b; session=", "session\t", ""])
    return pick.choice(
        [
            data.decode("latin-1"),
            data.decode("utf-16", "replace"),
            "".join(pick.choices(string.printable, k=200)),
            "".join(pick.choices('session=;:, \n\t"%.-_', k=120)),
            header + value,
            header + value[:place],
            header + value[:place] + pick.choice(string.printable) + value[place:],
            header + value[:place] + "\n  " + value[place:] + "; Path=/",
            packed(data),
            packed(zlib.compress(text.encode() * 20), "."),
            packed(zlib.compress(text.encode())[: pick.randrange(30)] + data, "."),
            packed(b"[" * 3000 + data),
        ]
    )


MEGABYTE = 1 << 20
LARGE = {
    "letters": lambda: "a" * MEGABYTE,
    "lines": lambda: "session=a\n" * (MEGABYTE // 10),
    "spaces and signs": lambda: '; = "%41" ' * (MEGABYTE // 10),
    "a list": lambda: packed(b"[" + b"1," * 380_000 + b"1]"),
    "nesting": lambda: packed(b"[" * 390_000 + b"]" * 390_000),
    "a string": lambda: packed(b'"' + b"a" * 780_000 + b'"'),
    "tags": lambda: packed(b'{" t":[' * 85_000 + b"]}" * 85_000),
    "keys": lambda: packed(json.dumps({str(i): i for i in range(48_000)}, separators=(",", ":")).encode()),
    "unpacked": lambda: packed(zlib.compress(json.dumps(["a"] * 200_000).encode()), "."),
    "a zip bomb": lambda: packed(zlib.compress(bytes(700_000_000), 9), "."),
    "more than 1 MB": lambda: "a" * (MEGABYTE + 1),
}
