"""Tests of docs/understand/the-secret-key.md."""

import base64
import subprocess
import sys
import urllib.request

import pytest
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface


def entered(app):
    """A visitor who has entered as a guest."""
    client = app.test_client()
    client.post("/")
    return client


def cookie(app, **values):
    """The session cookie in which the app sends these values."""
    client = app.test_client()
    with client.session_transaction() as stored:
        stored.update(values)
    return client.get_cookie("session").value


def with_cookie(app, value):
    """A visitor of the app with this session cookie."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def forge_of(app):
    """The app's function `forge`."""
    return app.view_functions["attack"].__globals__["forge"]


def test_a_forged_cookie_is_ignored_if_the_key_is_another(client):
    client.post("/attack")
    assert "You are nobody." in client.get("/").text


def test_wrong_accepts_the_forged_cookie(load):
    app = load("wrong.py")
    client = entered(app)
    assert "You are a guest." in client.get("/").text
    client.post("/attack")
    assert "You are the admin." in client.get("/").text


# What forge writes as Flask does, and what it doesn't: two keys, a long string, a tuple.
SAME = {"role": "a guest"}
OTHER = [{"role": "a guest", "admin": True}, {"note": "hello " * 6}, {"point": (1, 2)}]


@pytest.mark.parametrize("values", [SAME, *OTHER], ids=["one", "two keys", "long", "tuple"])
def test_forge_signs_as_flask_does(load, values):
    app = load("wrong.py")
    text, _, signature = cookie(app, **values).rpartition(".")
    assert forge_of(app).__globals__["sign"](text.encode(), "dev").decode() == signature


def test_for_one_short_string_forge_gives_the_bytes_of_flask(load, clock):
    app = load("wrong.py")
    assert cookie(app, **SAME) == forge_of(app)(SAME, "dev")


@pytest.mark.parametrize("values", OTHER, ids=["two keys", "long", "tuple"])
def test_forge_does_not_sort_compress_or_tag(load, clock, values):
    app = load("wrong.py")
    forged = forge_of(app)(values, "dev")
    assert forged != cookie(app, **values)
    with with_cookie(app, forged).session_transaction() as stored:
        assert stored == {key: [*value] if isinstance(value, tuple) else value for key, value in values.items()}


def test_the_salt_is_a_constant_in_flasks_source():
    assert SecureCookieSessionInterface.salt == "cookie-session"


def test_two_keys_give_two_signatures_of_the_same_values(app, clock):
    first = cookie(app, role="a guest").split(".")
    app.secret_key = "another key"  # noqa: S105
    second = cookie(app, role="a guest").split(".")
    assert first[:2] == second[:2]
    assert first[2] != second[2]


def test_the_values_are_readable_without_the_key(app):
    payload = entered(app).get_cookie("session").value.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"role":"a guest"}'


def test_another_app_with_the_same_key_signs_for_this_one(app):
    other = Flask("another app")
    other.secret_key = app.secret_key
    client = with_cookie(app, cookie(other, role="the admin"))
    assert "You are the admin." in client.get("/").text


def test_a_leaked_fallback_key_is_enough_to_forge(app):
    forged = forge_of(app)({"role": "the admin"}, "an old key")
    assert "You are nobody." in with_cookie(app, forged).get("/").text
    app.config["SECRET_KEY_FALLBACKS"] = ["an old key"]
    assert "You are the admin." in with_cookie(app, forged).get("/").text


def test_a_stolen_cookie_works_as_it_is(app):
    thief = with_cookie(app, entered(app).get_cookie("session").value)
    elsewhere = {"headers": {"User-Agent": "Eve's browser"}, "environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    assert "You are a guest." in thief.get("/", **elsewhere).text


def test_a_changed_payload_is_ignored(app):
    client = entered(app)
    _, dot, rest = client.get_cookie("session").value.partition(".")
    forged = base64.urlsafe_b64encode(b'{"role":"the boss"}').decode().rstrip("=")
    client.set_cookie("session", forged + dot + rest)
    assert "You are nobody." in client.get("/").text


@pytest.mark.parametrize("key", ["x", "kež with spaces!", b"\x00\xff", "long " * 1000])
def test_a_weak_key_works_without_a_warning(app, key, recwarn):
    app.secret_key = key
    assert "You are a guest." in entered(app).get("/").text
    assert not recwarn.list


@pytest.mark.parametrize("key", [None, "", b"", 0])
def test_no_key_and_an_empty_one_are_the_same(app, key):
    app.secret_key = key
    assert app.test_client().get("/").status_code == 200
    with app.test_request_context(), pytest.raises(RuntimeError, match="no secret key was set"):
        session["role"] = "a guest"


def test_a_number_is_no_key(app):
    app.secret_key, app.testing = 12345, True
    app.add_url_rule("/plain", view_func=lambda: "plain", endpoint="plain")
    client = app.test_client()
    for path in ("/", "/plain"):
        assert client.get(path).status_code == 200
    for method, path, brings in (("POST", "/", False), ("GET", "/", True), ("GET", "/plain", True)):
        if brings:
            client.set_cookie("session", "eyJyb2xlIjoiYSBndWVzdCJ9.awLZQA.AAAA")
        with pytest.raises(TypeError, match="expected bytes or bytearray, but got 'int'"):
            client.open(path, method=method)


def test_from_prefixed_env_turns_a_key_of_digits_into_a_number(monkeypatch):
    for zeros, key in ((0, 20261122), (1, "020261122")):
        monkeypatch.setenv("FLASK_SECRET_KEY", "0" * zeros + "20261122")
        app = Flask("any app")
        app.config.from_prefixed_env()
        assert app.secret_key == key


def test_bytes_that_are_not_utf_8_give_a_key_that_fails(app):
    app.secret_key, app.testing = b"\xff".decode("utf-8", "surrogateescape"), True
    app.add_url_rule("/plain", view_func=lambda: "plain", endpoint="plain")
    for method, path in (("POST", "/"), ("GET", "/"), ("GET", "/plain")):
        with pytest.raises(UnicodeEncodeError):
            app.test_client().open(path, method=method)


def test_a_weak_key_is_found_from_one_cookie_without_the_server(load):
    app = load("wrong.py")
    text, _, signature = cookie(app, role="a guest").rpartition(".")
    sign, asked = forge_of(app).__globals__["sign"], []
    app.before_request(lambda: asked.append("a request"))
    found = [key for key in ("secret", "password", "dev", "flask") if sign(text.encode(), key).decode() == signature]
    assert found == ["dev"]
    assert not asked


@pytest.mark.process
def test_token_hex_gives_32_random_bytes_as_64_digits():
    command = [sys.executable, "-c", "import secrets; print(secrets.token_hex())"]
    keys = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)]
    assert [len(bytes.fromhex(key)) for key in keys] == [32, 32]
    assert keys[0] != keys[1]


def test_without_the_key_in_the_environment_the_app_does_not_start(load, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(KeyError, match="SECRET_KEY"):
        load("app.py")


def test_the_key_can_be_set_any_time_before_the_first_session():
    app = Flask("set up in steps")
    app.add_url_rule("/", view_func=lambda: session.setdefault("role", "a guest"))
    app.config["SECRET_KEY"] = "dev"  # noqa: S105
    assert app.secret_key == "dev"  # noqa: S105
    assert app.test_client().get("/").headers["Set-Cookie"].startswith("session=")


def test_another_key_empties_every_session(app):
    clients = [entered(app) for _ in range(3)]
    app.secret_key = "another key"  # noqa: S105
    assert all("You are nobody." in client.get("/").text for client in clients)


def test_wrong_random_logs_everyone_out_with_each_restart(load):
    client = entered(load("wrong_random.py"))
    assert "You are a guest." in client.get("/").text
    for _ in range(3):
        restarted = with_cookie(load("wrong_random.py"), client.get_cookie("session").value)
        assert "You are nobody." in restarted.get("/").text


def seen_from_both_workers(folder, **variables):
    """What a guest sees of wrong_random.py in a gunicorn with two workers, from each of them."""
    from extensions import snippets
    from tests.support import workers

    seen = set()
    with workers.gunicorn(snippets.ROOT / "the_secret_key/wrong_random.py", folder, **variables) as port:
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        address = f"http://127.0.0.1:{port}/"
        visitor.open(address, data=b"").close()
        for _ in range(20):
            seen.add(visitor.open(address).read().decode().partition("<form")[0])
            with workers.one_is_busy(port):
                seen.add(visitor.open(address).read().decode().partition("<form")[0])
    return seen


@pytest.mark.server
def test_wrong_random_gives_each_gunicorn_worker_another_key(tmp_path):
    assert seen_from_both_workers(tmp_path) == {"<p>You are a guest.</p>", "<p>You are nobody.</p>"}


@pytest.mark.server
def test_wrong_random_with_preload_gives_both_workers_one_key(tmp_path):
    assert seen_from_both_workers(tmp_path, GUNICORN_CMD_ARGS="--preload") == {"<p>You are a guest.</p>"}


def rotate(app):
    """The app gets a new key, and keeps the old one as a fallback."""
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key]
    app.secret_key = "the new key"  # noqa: S105


def test_a_fallback_keeps_old_cookies_readable(app):
    client = entered(app)
    rotate(app)
    assert "You are a guest." in client.get("/").text


def test_reading_keeps_the_old_signature_of_a_session_that_is_not_permanent(app):
    client = entered(app)
    rotate(app)
    assert "Set-Cookie" not in client.get("/").headers
    app.config["SECRET_KEY_FALLBACKS"] = None
    assert "You are nobody." in client.get("/").text


def test_writing_signs_with_the_new_key(app):
    client = entered(app)
    rotate(app)
    client.post("/")
    app.config["SECRET_KEY_FALLBACKS"] = None
    assert "You are a guest." in client.get("/").text


def test_each_response_signs_a_permanent_session_with_the_new_key(app):
    client = app.test_client()
    with client.session_transaction() as stored:
        stored["role"], stored.permanent = "a guest", True
    rotate(app)
    client.get("/")
    app.config["SECRET_KEY_FALLBACKS"] = None
    assert "You are a guest." in client.get("/").text


@pytest.mark.package
def test_fallbacks_do_not_keep_the_tokens_of_flask_wtf_valid(app):
    from flask_wtf.csrf import generate_csrf, validate_csrf
    from wtforms import ValidationError  # type: ignore[import-untyped] # has no stubs that are kept up

    with app.test_request_context():
        token = generate_csrf()
        validate_csrf(token)
        rotate(app)
        with pytest.raises(ValidationError):
            validate_csrf(token)


def test_wrong_fallbacks_makes_each_letter_a_key(load):
    client = load("wrong_fallbacks.py").test_client()
    client.post("/")
    assert "You are the admin." in client.get("/").text
    for letter in set("a long old key"):
        app = load("wrong_fallbacks.py")
        forged = forge_of(app)({"role": "the admin"}, letter)
        assert "You are the admin." in with_cookie(app, forged).get("/").text


def test_in_a_list_the_old_key_counts_as_one(load):
    app = load("wrong_fallbacks.py")
    app.config["SECRET_KEY_FALLBACKS"] = ["a long old key"]
    client = app.test_client()
    client.post("/")
    assert "You are nobody." in client.get("/").text
