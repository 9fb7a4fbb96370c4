"""Proofs for docs/understand/inside-the-cookie.md."""

import base64
import subprocess
import zlib
from pathlib import Path

import pytest
from flask import Flask

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


def on_page(word):
    """What the shell command on the page that holds this word prints."""
    from extensions import fences

    commands = ["\n".join(f.body) for f in fences.scan(PAGE.read_text("utf-8")) if f.language == "sh"]
    [command] = [text for text in commands if word in text]
    return subprocess.run(["sh", "-ec", command], capture_output=True, text=True).stdout.strip()


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


def test_the_app_shows_what_the_cookie_holds(client, clock):
    client.post("/", data={"note": "hello"})
    page = client.get("/").text
    assert "{&#39;note&#39;: &#39;hello&#39;}" in page
    assert "2026-11-22 12:00:00+00:00" in page


def test_decoding_needs_no_key(app, client):
    client.post("/", data={"note": "hello"})
    app.secret_key = None
    assert "{&#39;note&#39;: &#39;hello&#39;}" in client.get("/").text


def test_the_app_decodes_a_compressed_note_too(client):
    client.post("/", data={"note": "hello " * 60})
    assert "hello " * 60 in client.get("/").text


def test_types_beyond_json_are_stored_with_a_tag():
    payload, _, _ = cookie({"point": (1, 2)})
    assert base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) == b'{"point":{" t":[1,2]}}'


@pytest.mark.process
def test_a_shell_undoes_the_payload():
    assert on_page("echo eyJ") == '{"note":"hello"}'


@pytest.mark.process
def test_a_shell_undoes_the_payload_of_a_whole_cookie():
    assert on_page("awk") == '{"_permanent":true,"foo":"bar"}'


@pytest.mark.process
def test_python_on_the_command_line_undoes_every_payload():
    assert on_page("python3 -c") == '{"note":"hello hello hello hello hello hello"}'


@pytest.mark.process
def test_base64_alone_prints_the_payload_and_then_fails_at_the_dot():
    result = subprocess.run(["base64", "--decode"], input=PRINTED, capture_output=True, text=True)
    assert result.stdout.startswith('{"_permanent":true,"foo":"bar"')
    assert result.returncode == 1
    assert "invalid input" in result.stderr


@pytest.mark.process
def test_base64_knows_neither_minus_nor_underscore():
    for text in ("eyJhIjoiPz8-In0=", "eyJhIjoiPz8_In0="):
        assert subprocess.run(["base64", "--decode"], input=text, capture_output=True, text=True).returncode == 1


def test_the_printed_cookie_holds_permanent_true_too():
    payload = PRINTED.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"_permanent":true,"foo":"bar"}'


def test_foo_bar_alone_would_be_another_payload():
    assert cookie({"foo": "bar"})[0] == "eyJmb28iOiJiYXIifQ"


def test_permanent_stands_in_the_payload_only_if_code_set_it():
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
