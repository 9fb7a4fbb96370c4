"""Proofs of docs/tools/cookie-inspector.md: it reads, checks and makes cookies as Flask does."""

import hashlib
import json
import random
import string
import subprocess
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from freezegun import freeze_time
from itsdangerous import BadPayload, BadSignature, SignatureExpired, Signer
from markupsafe import Markup
from werkzeug.http import parse_date

HERE = Path(__file__).parent
BASE64URL = string.ascii_letters + string.digits + "-_"
NOW = 1_763_789_100
DAY = 86400
FLASK = {"salt": "cookie-session", "digest": "sha1", "keyDerivation": "hmac"}


@pytest.fixture
def in_node(tmp_path):
    """Runs cases through live/cookie.js in one Node process."""

    def run(cases):
        (tmp_path / "cases.json").write_text(json.dumps(cases))
        files = [tmp_path / "cases.json", tmp_path / "results.json"]
        subprocess.run(["node", HERE / "inspector_node.mjs", *files], check=True, timeout=120)
        return json.loads((tmp_path / "results.json").read_text())

    return run


def make_app(key="dev", fallbacks=None, salt="cookie-session", digest="sha1", keyDerivation="hmac"):
    class Interface(SecureCookieSessionInterface):
        digest_method = staticmethod(getattr(hashlib, digest))
        key_derivation = keyDerivation

    Interface.salt = salt
    app = Flask(__name__)
    app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks, MAX_COOKIE_SIZE=0)
    app.session_interface = Interface()
    return app


def serializer(app):
    return app.session_interface.get_signing_serializer(app)


def set_cookie(app, data):
    """The Set-Cookie line with which a Flask app sends this session."""

    def save():
        session.update(data)
        return ""

    # Called directly, so that one app can be used for many payloads.
    with app.test_request_context():
        save()
        response = app.process_response(app.response_class())
    return f"Set-Cookie: {response.headers['Set-Cookie']}"


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
        data = {key: self.value(4) for key in self.random.sample(self.KEYS, 3)}
        return data | {"_flashes": [("message", "Saved")]} if self.random.random() < 0.1 else data


def python_value(node):
    """The Python value that a tree of live/cookie.js stands for."""
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
    return {
        "tuple": tuple,
        "bytes": lambda _: bytes(node["bytes"]),
        "Markup": Markup,
        "UUID": uuid.UUID,
        "datetime": parse_date,
        "dict": lambda one: {next(iter(one))[:-2]: next(iter(one.values()))},
    }[tag](item)


def show(value):
    return repr(value).replace("FakeDatetime", "datetime.datetime")


def flask_says(app, value, lifetime=31 * DAY):
    """itsdangerous' verdict in the words of live/cookie.js, and the content, signed or not."""
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
    if result["verdict"] == "bad-payload":
        return "bad-payload", None
    content = result["content"]
    return result["verdict"], show(content and python_value(content))


def judge(text, keys=("dev",), lifetime=31 * DAY, **options):
    options = FLASK | options | {"lifetime": lifetime, "now": NOW}
    return {"operation": "judge", "text": text, "keys": keys, "options": options}


@pytest.mark.process
def test_what_flask_wrote_is_read_as_the_same_value_and_verifies(in_node):
    payloads = Payloads(seed=8)
    cases, expected = [], []
    for i in range(600):
        digest = ["sha1", "sha256", "sha384", "sha512"][i % 4]
        derivation = ["hmac", "concat", "django-concat", "none"][i // 4 % 4]
        keys = [["dev"], ["new", "old"], ["ключ", "b", "c"], ["k" * 200]][i // 16 % 4]
        salt = ["cookie-session", "salt é"][i // 64 % 2]
        options = {"salt": salt, "digest": digest, "keyDerivation": derivation}
        signer = i % len(keys)
        data = payloads.session()
        with freeze_time(datetime.fromtimestamp(NOW - i, UTC)):
            cookie = set_cookie(make_app(keys[signer], **options), data)
        app = make_app(keys[0], keys[1:], **options)
        value = cookie.partition("=")[2].partition(";")[0]
        read = serializer(app).loads(value)
        cases.append(judge(cookie, keys, **options))
        expected.append((value, "ok", signer, NOW - i, repr(read)))
    compressed = sum(value.startswith(".") for value, *_ in expected)
    assert 100 < compressed < 500

    for result, (value, verdict, signer, when, read) in zip(in_node(cases), expected, strict=True):
        assert (result["value"], result["signedAt"], result["shape"]) == (value, when, None)
        assert node_says(result) == (verdict, read)
        assert result["key"] == signer


def one_character_mutations(value, pick):
    for i in range(len(value) + 1):
        for sign in [*pick.sample(BASE64URL, 6), *".=+ -_é"]:
            yield value[:i] + sign + value[i:]
            yield value[:i] + sign + value[i + 1 :]
        yield value[:i] + value[i + 1 :]


@pytest.mark.process
def test_every_one_character_mutation_gets_the_verdict_of_itsdangerous(in_node):
    pick = random.Random(8)  # noqa: S311
    data = {
        "_flashes": [("message", "Saved")],
        "id": uuid.UUID(int=8),
        "key": b"\xff\x00",
        "seen": datetime.fromtimestamp(NOW, UTC),
        "html": Markup("<b>"),
        "one": {" t": 1.0},
    }
    apps = [make_app(), make_app(digest="sha256"), make_app(digest="sha512")]
    with freeze_time(datetime.fromtimestamp(NOW - 10, UTC)):
        values = [
            serializer(apps[0]).dumps({"visits": 1}),
            serializer(apps[1]).dumps(data),
            serializer(apps[2]).dumps({"a": "b" * 100}),
        ]
    cases, expected = [], []
    with freeze_time(datetime.fromtimestamp(NOW, UTC)):
        for app, value, digest in zip(apps, values, ["sha1", "sha256", "sha512"], strict=True):
            for mutant in one_character_mutations(value, pick):
                # Spaces and line breaks are left to findCookie: the value itself is judged here.
                cases.append(judge(mutant, digest=digest) | {"bare": True})
                expected.append((mutant, flask_says(app, mutant)))
    verdicts = {verdict for _, (verdict, _) in expected}
    assert verdicts == {"ok", "mismatch"}

    for result, (mutant, said) in zip(in_node(cases), expected, strict=True):
        assert (mutant, node_says(result)) == (mutant, said)


@pytest.mark.process
def test_signed_anew_every_one_character_mutation_gets_the_verdict_of_itsdangerous(in_node):
    pick = random.Random(9)  # noqa: S311
    payloads = Payloads(seed=9)
    app = make_app()
    signer = serializer(app).make_signer()
    cases, expected = [], []
    for _ in range(12):
        with freeze_time(datetime.fromtimestamp(NOW - 10, UTC)):
            unsigned = serializer(app).dumps(payloads.session()).rpartition(".")[0]
        with freeze_time(datetime.fromtimestamp(NOW, UTC)):
            mutants = pick.sample(list(one_character_mutations(unsigned, pick)), 500)
            for mutant in [*mutants, unsigned.replace(".", "")]:
                value = Signer.sign(signer, mutant).decode()
                cases.append(judge(value) | {"bare": True})
                expected.append((value, flask_says(app, value)))
    verdicts = {verdict for _, (verdict, _) in expected}
    assert verdicts == {"ok", "bad-payload", "bad-timestamp", "no-timestamp", "future", "expired"}

    for result, (value, said) in zip(in_node(cases), expected, strict=True):
        assert (value, node_says(result)) == (value, said)


@pytest.mark.process
def test_a_cookie_signed_again_is_accepted_by_flask(in_node):
    payloads = Payloads(seed=10)
    cases, expected = [], []
    for digest in ["sha1", "sha256", "sha384", "sha512"]:
        for derivation in ["hmac", "concat", "django-concat", "none"]:
            options = {"salt": "é", "digest": digest, "keyDerivation": derivation}
            app = make_app("key é", **options)
            data = payloads.session()
            text = serializer(app).serializer.dumps(data)
            # NaN is not JSON to everyone, but it is to Python; spaces are dropped again.
            indented = json.dumps(json.loads(text), indent=2)
            for written in (text, indented):
                case = {"operation": "sign", "json": written, "key": "key é"}
                cases.append(case | {"options": options, "timestamp": NOW - 5})
            expected.append((app, show(serializer(app).serializer.loads(text))))
    cookies = in_node(cases)
    with freeze_time(datetime.fromtimestamp(NOW, UTC)):
        for i, (app, read) in enumerate(expected):
            for value in cookies[2 * i : 2 * i + 2]:
                with app.test_request_context(headers={"Cookie": f"session={value}"}):
                    assert show(dict(session)) == read
    assert any(cookie.startswith(".") for cookie in cookies)
    assert any(not cookie.startswith(".") for cookie in cookies)


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


@pytest.mark.process
def test_the_session_cookie_is_found_in_what_people_paste(in_node):
    results = in_node([{"operation": "find", "text": text} for text in PASTED.values()])
    found = {kind: result["value"] for kind, result in zip(PASTED, results, strict=True)}
    assert found == dict.fromkeys(PASTED, VALUE)


@pytest.mark.process
def test_a_deletion_another_name_and_no_cookie_are_told_apart(in_node):
    text = "Set-Cookie: session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/\nX: y"
    deletion, named, missing = in_node(
        [
            {"operation": "find", "text": text},
            {
                "operation": "find",
                "text": f"session=a; __Host-s={VALUE}",
                "name": "__Host-s",
            },
            {"operation": "find", "text": "Cookie: csrftoken=a; theme=b"},
        ]
    )
    assert (deletion["value"], deletion["name"]) == ("", "session")
    assert (named["value"], named["name"]) == (VALUE, "__Host-s")
    assert (missing["value"], missing["names"]) == (None, ["csrftoken", "theme"])


def test_flasks_own_defaults_are_the_ones_on_the_page():
    interface = SecureCookieSessionInterface()
    assert interface.salt == FLASK["salt"]
    assert interface.key_derivation == FLASK["keyDerivation"]
    assert interface.digest_method().name == FLASK["digest"]
    assert Flask("app").permanent_session_lifetime.days == 31
    assert Flask("app").config["MAX_COOKIE_SIZE"] == 4093
