"""Tests of docs/understand/inside-the-cookie.md."""

import base64
import json
import random
import re
import subprocess
import sys
import uuid
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, request, session
from itsdangerous.encoding import base64_encode
from markupsafe import Markup

PAGE = Path(__file__).parents[2] / "docs/understand/inside-the-cookie.md"
PRINTED = "eyJfcGVybWFuZW50Ijp0cnVlLCJmb28iOiJiYXIifQ.ZmbgnQ.jshPC47rtX5IxPhSh98UNkMVggA"


def cookie(values):
    """The session cookie in which Flask sends these values, split at its last two dots."""
    app = Flask("any app")
    app.secret_key = "dev"  # noqa: S105
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(values)
    return client.get_cookie("session").value.rsplit(".", 2)


def command(word):
    """The shell command on the page that contains this word."""
    from extensions import fences

    commands = ["\n".join(f.body) for f in fences.scan(PAGE.read_text("utf-8")) if f.language == "sh"]
    [found] = [text for text in commands if word in text]
    return found


def printed(text):
    """What a shell command prints."""
    return subprocess.run(["sh", "-ec", text], capture_output=True, text=True).stdout.strip()


def test_the_cookie_is_named_session_and_set_because_the_view_wrote(client):
    assert "Set-Cookie" not in client.get("/").headers
    assert client.post("/", data={"note": "hello"}).headers["Set-Cookie"].startswith("session=")


def test_the_payload_is_the_session_as_compact_json_with_sorted_keys():
    payload, _, _ = cookie({"b": 1, "a": [1, 2]})
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == b'{"a":[1,2],"b":1}'


def test_the_parts_have_no_padding():
    assert all("=" not in part for length in range(4) for part in cookie({"key": "x" * length}))


def test_the_alphabet_is_the_url_safe_one():
    payload, _, _ = cookie({"a": "??>"})
    assert payload == "eyJhIjoiPz8-In0"
    assert base64.standard_b64encode(b'{"a":"??>"}') == b"eyJhIjoiPz8+In0="


def test_the_timestamp_is_the_second_of_signing_counted_from_1970(clock):
    clock.move_to("1970-01-01 00:00:07")
    assert cookie({"a": 1})[1] == base64.urlsafe_b64encode(b"\x07").decode().rstrip("=")
    clock.move_to("2026-11-22 12:00:00")
    assert int.from_bytes(base64.urlsafe_b64decode(cookie({"a": 1})[1] + "=="), "big") == 1795348800


def test_the_signature_has_20_bytes():
    assert len(base64.urlsafe_b64decode(cookie({"a": 1})[2] + "=")) == 20


def test_the_signature_covers_payload_and_timestamp(app, client, clock):
    read = app.session_interface.get_signing_serializer(app).loads_unsafe
    payload, timestamp, signature = cookie({"note": "hello"})
    clock.tick(1)
    later = cookie({"note": "hello"})[1]
    other = cookie({"note": "bye"})[0]
    assert read(f"{payload}.{timestamp}.{signature}")[0] is True
    assert read(f"{payload}.{later}.{signature}")[0] is False
    assert read(f"{other}.{timestamp}.{signature}")[0] is False


def test_three_other_last_characters_give_the_same_signature(app, client):
    read = app.session_interface.get_signing_serializer(app).loads_unsafe
    payload, timestamp, signature = cookie({"note": "hello"})
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same = [letter for letter in letters if read(f"{payload}.{timestamp}.{signature[:-1]}{letter}")[0]]
    assert len(same) == 4
    assert signature[-1] in same


def test_a_leading_dot_means_that_the_payload_is_compressed(client):
    client.post("/", data={"note": "hello " * 6})
    payload = client.get_cookie("session").value.rsplit(".", 2)[0]
    assert payload.startswith(".eJ")
    data = base64.urlsafe_b64decode(payload[1:] + "=" * (-len(payload[1:]) % 4))
    assert zlib.decompress(data) == b'{"note":"hello hello hello hello hello hello "}'


def test_a_payload_that_would_not_shrink_stays_as_it_is():
    assert not cookie({"note": "hello"})[0].startswith(".")


def test_compression_must_save_two_bytes():
    for text in ("a" * n for n in range(40)):
        plain = b'{"a":"%s"}' % text.encode()
        saved = len(plain) - len(zlib.compress(plain))
        assert cookie({"a": text})[0].startswith(".") == (saved >= 2)


def test_the_app_shows_what_the_cookie_contains(client, clock):
    client.post("/", data={"note": "hello"})
    page = client.get("/").text
    assert "{&#39;note&#39;: &#39;hello&#39;}" in page
    assert "2026-11-22 12:00:00+00:00" in page


def test_decoding_needs_no_key(app, client):
    client.post("/", data={"note": "hello"})
    app.secret_key = None
    assert "{&#39;note&#39;: &#39;hello&#39;}" in client.get("/").text


def test_the_app_does_not_print_the_signature(client):
    client.post("/", data={"note": "hello"})
    signature = client.get_cookie("session").value.rpartition(".")[2]
    data = base64.urlsafe_b64decode(signature + "=")
    page = client.get("/").text
    assert signature not in page
    assert data[:4].hex() in page
    assert data[:5].hex() not in page


NOT_A_SESSION = 4  # of these cookies, the first ones contain JSON that isn't an object


def junk():
    """Cookies that are none of Flask's: random bytes, broken parts, a bomb, and real ones with a changed character."""
    chance = random.Random(7)  # noqa: S311
    bomb = base64_encode(zlib.compress(b'{"a":"' + b"a" * 5_000_000 + b'"}')).decode()
    deep = base64_encode(b"[" * 3000).decode()
    number = base64_encode(b"9" * 5000).decode()
    cookies = [
        *(f"{base64_encode(data).decode()}.awLZQA.AAAA" for data in (rb'"\ud800"', b"[1, 2]", b"5", b"null")),
        "abc",
        "a.b",
        "a.b.c",
        ".a.b.c",
        "...",
        "..",
        "é.é.é",
        ".e30.e30.e30",
        f".{bomb}.awLZQA.AAAA",
        *([] if sys.platform == "emscripten" else [f"{deep}.awLZQA.AAAA"]),  # the page's Python has a small stack
        f"{number}.awLZQA.AAAA",
        "e30.____________________.x",
        "e30.________.x",
    ]
    cookies += [bytes(chance.choices(range(33, 127), k=40)).decode().replace(";", ".") for _ in range(300)]
    for values in ({"note": "hello"}, {"note": "hello " * 6}):
        real = ".".join(cookie(values))
        cookies += [real[:n] + chance.choice("A.-_x") + real[n + 1 :] for n in range(len(real))]
    return cookies


def test_no_cookie_stops_the_app(client):
    client.post("/", data={"note": "hello"})
    decode = client.application.view_functions["index"].__globals__["decode"]
    assert decode("no cookie") is None
    assert all(decode(text) is None for text in junk()[:NOT_A_SESSION])
    for size, read in ((20_000, True), (20_001, False)):
        payload = base64_encode(zlib.compress(b'{"a":"' + b"a" * (size - 8) + b'"}')).decode()
        assert bool(decode(f".{payload}.awLZQA.AAAA")) is read, size
    for text in junk():
        parts = decode(text)
        assert parts is None or len(json.dumps(parts["values"])) <= 20_000
        sent = {"Cookie": f"session={text}"}
        response = client.application.test_client(use_cookies=False).get("/", headers=sent)
        assert response.status_code == 200, text
        assert "Keep this note" in response.text


def test_a_forged_cookie_is_shown_and_not_in_the_session(client):
    client.set_cookie("session", "eyJub3RlIjoiZm9yZ2VkIn0.awLZQA.AAAA")
    assert "{&#39;note&#39;: &#39;forged&#39;}" in client.get("/").text
    with client.session_transaction() as session:
        assert session == {}


def test_a_note_has_at_most_200_characters(client):
    client.post("/", data={"note": "x" * 10_000})
    with client.session_transaction() as session:
        assert session["note"] == "x" * 200
    assert client.post("/").status_code == 302


def test_the_app_decodes_a_compressed_note_too(client):
    client.post("/", data={"note": "hello " * 30})
    assert "hello " * 30 in client.get("/").text


def test_sort_keys_keeps_the_order_of_the_keys():
    app = Flask("any app")
    app.secret_key = "dev"  # noqa: S105
    app.json.sort_keys = False
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(b=1, a=2)
    payload = client.get_cookie("session").value.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == b'{"b":1,"a":2}'


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", [(1, 2), b"bytes", Markup("<b>"), uuid.UUID(int=7), NOON], ids=lambda v: str(type(v)))
def test_tagged_values_come_back_with_their_type(client, value):
    with client.session_transaction() as session:
        session["value"] = value
    with client.session_transaction() as session:
        assert session["value"] == value
        assert type(session["value"]) is type(value)


def test_a_date_comes_back_as_a_string(client):
    with client.session_transaction() as session:
        session["day"], session["moment"] = date(2026, 11, 22), datetime(2026, 11, 22, 12, 0, 0, 123456)  # noqa: DTZ001
    with client.session_transaction() as session:
        assert session["day"] == "Sun, 22 Nov 2026 00:00:00 GMT"
        assert session["moment"] == NOON


def test_types_beyond_json_are_stored_with_a_tag():
    payload, _, _ = cookie({"point": (1, 2)})
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == b'{"point":{" t":[1,2]}}'


@pytest.mark.process
def test_a_shell_decodes_the_payload():
    assert printed(command("echo eyJ")) == '{"note":"hello"}'


@pytest.mark.process
def test_a_shell_decodes_the_payload_of_a_whole_cookie():
    assert printed(command("awk")) == '{"_permanent":true,"foo":"bar"}'


@pytest.mark.process
@pytest.mark.parametrize("values", [{"note": "hello"}, {"note": "hello " * 6}, {"a": "??>"}, {"a": "x"}, {"a": "xy"}])
def test_python_on_the_command_line_decodes_every_payload(values):
    given = command("python3 -c")
    assert printed(given) == '{"note":"hello hello hello hello hello hello"}'
    other = given.replace(given.split("\n")[0], f"COOKIE={'.'.join(cookie(values))}")
    assert json.loads(printed(other)) == values


@pytest.mark.process
def test_base64_prints_the_payload_and_then_fails_at_the_dot():
    result = subprocess.run(["base64", "--decode"], input=PRINTED, capture_output=True, text=True)
    assert result.stdout.startswith('{"_permanent":true,"foo":"bar"')
    assert result.returncode == 1
    assert "invalid input" in result.stderr


@pytest.mark.process
def test_base64_rejects_minus_and_underscore():
    for text in ("eyJhIjoiPz8-In0=", "eyJhIjoiPz8_In0="):
        assert subprocess.run(["base64", "--decode"], input=text, capture_output=True, text=True).returncode == 1


def test_the_printed_cookie_contains_permanent_true_too():
    payload = PRINTED.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"_permanent":true,"foo":"bar"}'


def test_foo_bar_without_permanent_is_another_payload():
    assert cookie({"foo": "bar"})[0] == "eyJmb28iOiJiYXIifQ"


def test_permanent_is_in_the_payload_only_if_code_set_it():
    app = Flask("any app")
    app.secret_key = "dev"  # noqa: S105
    with app.test_client().session_transaction() as session:
        session["foo"] = "bar"
        assert dict(session) == {"foo": "bar"}
        session.permanent = True
        assert dict(session) == {"foo": "bar", "_permanent": True}


def test_the_printed_cookie_was_signed_on_10_june_2024(client):
    client.set_cookie("session", PRINTED)
    assert "Signed: 2024-06-10 11:16:45+00:00" in client.get("/").text


def test_the_printed_cookie_is_not_signed_with_the_printed_key(app):
    app.secret_key = "some_unique_string_of_data"  # noqa: S105
    signed, values = app.session_interface.get_signing_serializer(app).loads_unsafe(PRINTED)
    assert signed is False
    assert values == {"_permanent": True, "foo": "bar"}


def test_with_sha_256_the_cookie_is_longer_and_older_cookies_are_ignored():
    [shown] = re.findall(r"^```python\n(import hashlib\n.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    names = {}
    exec(shown, names)  # noqa: S102
    app = Flask("signed with SHA-256")
    app.secret_key = "dev"  # noqa: S105
    app.add_url_rule("/", view_func=lambda: str(session.setdefault("note", request.args["note"])))
    client = app.test_client()
    assert client.get("/?note=first").text == client.get("/?note=other").text == "first"
    before = client.get_cookie("session").value
    app.session_interface = names["Sha256Sessions"]()
    assert [client.get(f"/?note={note}").text for note in ("second", "third")] == ["second", "second"]
    after = client.get_cookie("session").value
    lengths = [len(cookie.rpartition(".")[2]) for cookie in (before, after)]
    assert lengths == [27, 27 + 16]
