"""Tests of docs/recipes/limit-guesses.md."""

import sqlite3
from contextlib import closing

import pytest

ADA = {"user": "ada", "password": "lovelace"}
ALAN = {"user": "alan", "password": "turing"}
GUESS = ADA | {"password": "guess"}
MINUTE = 60


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path, monkeypatch):
    """Let the app make its database in an empty folder."""
    monkeypatch.chdir(tmp_path)


def statuses(client, fields=GUESS, times=6):
    """The status codes of as many attempts."""
    return [client.post("/", data=fields).status_code for _ in range(times)]


def signed_in(client):
    """Whether this browser is logged in."""
    return "Signed in as" in client.get("/").text


def test_after_five_guesses_even_the_right_password_is_rejected(client, clock):
    assert statuses(client) == [403] * 5 + [429]
    response = client.post("/", data=ADA)
    assert response.status_code == 429
    assert "Too many attempts. Try again in 15 minutes." in response.text
    assert "Set-Cookie" not in response.headers
    assert not signed_in(client)


def test_a_rejected_attempt_computes_no_hash(client, clock, hashes):
    statuses(client, times=20)
    assert len(hashes) == 5


def test_15_minutes_after_the_guesses_the_password_is_checked_again(client, clock):
    statuses(client)
    clock.tick(15 * MINUTE - 1)
    assert client.post("/", data=ADA).status_code == 429
    clock.tick(1)
    assert client.post("/", data=ADA).status_code in (302, 303)


def test_rejected_attempts_do_not_prolong_the_block(client, clock):
    statuses(client, times=5)
    for _ in range(14):
        clock.tick(MINUTE)
        assert statuses(client, times=3) == [429] * 3
    clock.tick(MINUTE)
    assert client.post("/", data=ADA).status_code in (302, 303)


def test_a_login_resets_the_count(client, clock):
    for _ in range(3):
        assert statuses(client, times=4) == [403] * 4
        assert client.post("/", data=ADA).status_code in (302, 303)
    assert statuses(client) == [403] * 5 + [429]


def test_other_users_can_log_in(app, clock):
    statuses(app.test_client())
    assert app.test_client().post("/", data=ALAN).status_code in (302, 303)


def test_ada_stays_logged_in_during_an_attack(app, client, clock):
    client.post("/", data=ADA)
    statuses(app.test_client())
    assert signed_in(client)
    client.post("/sign-out")
    assert not signed_in(client)


def test_an_unknown_name_gets_the_same_responses(client, clock, hashes):
    seen = []
    for fields in (GUESS, GUESS | {"user": "grace"}):
        responses = [client.post("/", data=fields) for _ in range(6)]
        seen.append(([(each.status_code, each.text, list(each.headers)) for each in responses], len(hashes)))
        hashes.clear()
    assert seen[0] == seen[1]
    assert [status for status, *_ in seen[0][0]] == [403] * 5 + [429]


def test_a_long_name_is_kept_short(client, clock):
    assert statuses(client, GUESS | {"user": "n" * 5000}) == [403] * 5 + [429]
    with closing(sqlite3.connect("attempts.db")) as database:
        assert database.execute("SELECT MAX(LENGTH(name)), COUNT(*) FROM attempts").fetchone() == (100, 5)


def test_a_login_resets_the_count_of_a_long_name(app, client, clock):
    users = app.view_functions["sign_in"].__globals__["password_fits"].__globals__["users"]
    users["n" * 101] = users["ada"]
    assert all(client.post("/", data=ADA | {"user": "n" * 101}).status_code in (302, 303) for _ in range(6))


def test_a_login_of_ada_gives_eve_her_guesses_back(app, client, clock):
    assert statuses(client, times=5) == [403] * 5
    clock.tick(16 * 60)
    assert statuses(client, times=4) == [403] * 4
    app.test_client().post("/", data=ADA)
    assert statuses(client) == [403] * 5 + [429]
    # An unknown name can't log in, so its count goes on.
    grace = GUESS | {"user": "grace"}
    assert statuses(client, grace, times=4) == [403] * 4
    app.test_client().post("/", data=ADA | {"user": "grace"})
    assert statuses(client, grace, times=1) == [429]


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/", data=ADA).status_code in (302, 303)
    assert client.post("/", data=ADA | {"user": "grace"}).status_code == 403


def test_signing_in_removes_what_was_in_the_session(client):
    with client.session_transaction() as before:
        before["note"] = "of an earlier user"
    client.post("/", data=ADA)
    with client.session_transaction() as after:
        assert set(after) == {"user"}


def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in as ada." in client.get("/").text


def test_the_cookie_is_secure_and_stays_out_of_other_sites_forms(client):
    (cookie,) = client.post("/", data=ADA).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


def test_a_restart_keeps_the_count(load, clock):
    statuses(load("app.py").test_client(), times=4)
    assert statuses(load("app.py").test_client(), times=2) == [403, 429]


@pytest.mark.server
def test_two_workers_and_requests_at_once_share_the_count(gunicorn):
    from concurrent.futures import ThreadPoolExecutor
    from urllib.error import HTTPError
    from urllib.parse import urlencode
    from urllib.request import urlopen

    address = f"http://127.0.0.1:{gunicorn('app.py')}/"

    def guess(_):
        with pytest.raises(HTTPError) as error:
            urlopen(address, urlencode(GUESS).encode())  # noqa: S310
        error.value.close()
        return error.value.code

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(guess, range(24))) == [403] * 5 + [429] * 19


@pytest.fixture
def wrong(load):
    """A visitor of wrong.py."""
    return load("wrong.py").test_client()


def test_wrong_seems_to_work_in_a_browser(wrong):
    assert statuses(wrong) == [403] * 5 + [429]
    wrong.post("/sign-out")
    assert "Signed in" not in wrong.get("/").text


def test_wrong_lets_a_script_guess_that_sends_no_cookie(wrong):
    for _ in range(50):
        assert statuses(wrong, times=1) == [403]
        wrong.delete_cookie("session")
    assert wrong.post("/", data=ADA).status_code in (302, 303)


def test_a_code_in_the_session_is_readable_without_the_key(app):
    from base64 import urlsafe_b64decode

    client = app.test_client()
    with client.session_transaction() as stored:
        stored["code"] = "471194"
    payload = client.get_cookie("session").value.partition(".")[0]
    assert b"471194" in urlsafe_b64decode(payload + "==")


def test_wrong_gives_its_attempts_back_to_an_older_cookie(wrong):
    assert statuses(wrong, times=1) == [403]
    kept = wrong.get_cookie("session").value
    assert statuses(wrong, times=5) == [403] * 4 + [429]
    for _ in range(10):
        wrong.set_cookie("session", kept)
        assert statuses(wrong, times=5) == [403] * 4 + [429]
