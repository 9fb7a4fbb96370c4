"""Tests of docs/recipes/list-and-end-a-users-sessions.md."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from flask import Flask, session

ADA = {"user": "ada", "password": "lovelace"}
ALAN = {"user": "alan", "password": "turing"}
MINUTE, DAY = 60, 24 * 3600


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path, monkeypatch):
    """Let the app make its database in an empty folder."""
    monkeypatch.chdir(tmp_path)


def rows():
    """The rows of the app's table."""
    with closing(sqlite3.connect("devices.db")) as database:
        database.row_factory = sqlite3.Row
        return database.execute("SELECT * FROM devices ORDER BY number").fetchall()


def signed_in(app, device, fields=ADA, **headers):
    """A browser in which a user has signed in, and has named the device."""
    client = app.test_client()
    assert client.post("/sign-in", data=fields | {"device": device}, headers=headers).status_code in (302, 303)
    return client


def is_in(client):
    """Whether this browser is signed in."""
    return "Signed in as" in client.get("/").text


def listed(client):
    """The names of the devices that the page lists."""
    return re.findall(r"<li>(.*?),", client.get("/").text)


def online(client):
    """The names that the page shows as online."""
    return sorted(re.search(r"Online: (.*?)\.", client.get("/").text)[1].split(", "))


def end(client, device):
    """Press End beside a device, by its number in the table."""
    number = next(row["number"] for row in rows() if row["name"] == device)
    return client.post("/end", data={"number": number})


def test_the_page_lists_the_devices_of_this_user(app):
    signed_in(app, "Phone")
    laptop, alans = signed_in(app, "Laptop"), signed_in(app, "Desktop", ALAN)
    assert listed(laptop) == ["Phone", "Laptop"]
    assert listed(alans) == ["Desktop"]
    assert "Laptop, seen 0 minutes ago (this device)" in laptop.get("/").text


def test_ending_a_device_signs_it_out_and_no_other(app):
    phone, laptop, alans = signed_in(app, "Phone"), signed_in(app, "Laptop"), signed_in(app, "Desktop", ALAN)
    end(laptop, "Phone")
    assert not is_in(phone)
    assert is_in(laptop)
    assert is_in(alans)
    assert listed(laptop) == ["Laptop"]


def test_a_stolen_copy_of_its_cookie_ends_too(app):
    phone, laptop, thief = signed_in(app, "Phone"), signed_in(app, "Laptop"), app.test_client()
    thief.set_cookie("session", phone.get_cookie("session").value)
    assert is_in(thief)
    end(laptop, "Phone")
    assert not is_in(thief)


def test_a_user_cannot_end_a_device_of_another_user(app):
    phone, alans = signed_in(app, "Phone"), signed_in(app, "Desktop", ALAN)
    end(alans, "Phone")
    assert is_in(phone)


def test_a_visitor_who_is_not_signed_in_cannot_end_a_device(app):
    phone = signed_in(app, "Phone")
    end(app.test_client(), "Phone")
    assert is_in(phone)


def test_the_session_contains_a_random_token_and_nothing_else(app):
    found = []
    for _ in range(10):
        with signed_in(app, "Phone").session_transaction() as stored:
            assert set(stored) == {"token"}
            found.append(stored["token"])
    assert [len(bytes.fromhex(token)) for token in found] == [32] * 10
    assert len(set(found)) == 10
    assert [row["token"] for row in rows()] == found


def test_signing_in_removes_what_was_in_the_session(client):
    with client.session_transaction() as before:
        before["note"] = "of an earlier user"
    client.post("/sign-in", data=ADA)
    with client.session_transaction() as after:
        assert set(after) == {"token"}


def test_the_page_does_not_contain_a_token(app):
    signed_in(app, "Phone")
    text = signed_in(app, "Laptop").get("/").text
    assert [row["name"] for row in rows() if row["token"] in text] == []


def test_signing_out_removes_the_row(app):
    phone, laptop = signed_in(app, "Phone"), signed_in(app, "Laptop")
    phone.post("/sign-out")
    assert listed(laptop) == ["Laptop"]


def test_signing_in_again_in_the_same_browser_replaces_the_row(app):
    client = signed_in(app, "Phone")
    client.post("/sign-in", data=ADA | {"device": "Phone again"})
    assert listed(client) == ["Phone again"]


def test_a_device_without_a_name_has_that_of_its_browser(app):
    client = signed_in(app, "", **{"User-Agent": "<b>Netscape</b>"})
    assert listed(client) == ["&lt;b&gt;Netscape&lt;/b&gt;"]


def test_a_long_name_is_kept_short(app):
    signed_in(app, "x" * 1000)
    assert [len(row["name"]) for row in rows()] == [100]


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    for name in ("app.py", "wrong.py"):
        client = load(name).test_client()
        assert client.post("/sign-in", data=ADA).status_code in (302, 303)
        assert client.post("/sign-in", data=ADA | {"user": "grace"}).status_code == 403


@pytest.mark.parametrize("name", ["app.py", "wrong.py"])
def test_a_wrong_name_or_password_does_not_sign_in(load, name, hashes):
    client = load(name).test_client()
    for number, fields in enumerate([ADA | {"password": "guess"}, {"user": "grace", "password": "lovelace"}], 1):
        response = client.post("/sign-in", data=fields)
        assert len(hashes) == number
        assert response.status_code == 403
        assert "The name or the password is wrong." in response.text
        assert "Set-Cookie" not in response.headers


def test_a_user_is_online_for_5_minutes_after_their_last_request(app, clock):
    ada, alan = signed_in(app, "Phone"), signed_in(app, "Desktop", ALAN)
    clock.tick(4 * MINUTE)
    alan.get("/")
    clock.tick(5 * MINUTE - 1)
    ada.get("/")
    assert online(ada) == ["ada", "alan"]
    clock.tick(1)
    assert online(ada) == ["ada"]


def test_a_user_with_two_devices_is_online_once(app):
    signed_in(app, "Phone")
    assert online(signed_in(app, "Laptop")) == ["ada"]


def test_the_time_is_written_once_a_minute(app, clock):
    phone = signed_in(app, "Phone")
    start = rows()[0]["seen"]
    for _ in range(59):
        clock.tick(1)
        phone.get("/")
        assert rows()[0]["seen"] == start
    clock.tick(1)
    phone.get("/")
    assert rows()[0]["seen"] == start + 60


def test_a_login_deletes_rows_without_a_request_for_31_days(app, clock):
    signed_in(app, "Phone")
    clock.tick(31 * DAY - 1)
    assert listed(signed_in(app, "Laptop")) == ["Phone", "Laptop"]
    clock.tick(1)
    assert listed(signed_in(app, "Tablet")) == ["Laptop", "Tablet"]


def test_a_restart_keeps_the_devices(app, load):
    phone, restarted = signed_in(app, "Phone"), load("app.py").test_client()
    restarted.set_cookie("session", phone.get_cookie("session").value)
    assert listed(restarted) == ["Phone"]


def test_with_one_session_per_user_a_login_ends_the_others(app):
    app.config["ONE_SESSION_PER_USER"] = True
    alans, phone, laptop = signed_in(app, "Desktop", ALAN), signed_in(app, "Phone"), signed_in(app, "Laptop")
    assert not is_in(phone)
    assert listed(laptop) == ["Laptop"]
    assert is_in(alans)


@pytest.mark.process
def test_of_logins_at_once_one_stays(app):
    app.config["ONE_SESSION_PER_USER"] = True
    with ThreadPoolExecutor(8) as threads:
        clients = list(threads.map(lambda number: signed_in(app, f"Phone {number}"), range(16)))
    assert [is_in(client) for client in clients].count(True) == 1


def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-in", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in as ada." in client.get("/").text


def test_the_cookie_is_secure_and_stays_out_of_other_sites_forms(client):
    (cookie,) = client.post("/sign-in", data=ADA).headers.getlist("Set-Cookie")
    assert cookie.split("; ")[1:] == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


def test_a_server_that_never_saw_the_visitor_reads_the_session_from_the_cookie():
    def server():
        app = Flask("server")
        app.secret_key = "one key for both"  # noqa: S105
        app.add_url_rule("/", "index", view_func=lambda: session.get("user", "nobody"))
        app.add_url_rule("/sign-in", "sign_in", view_func=lambda: (session.update(user="ada"), "")[1])
        return app.test_client()

    first, second = server(), server()
    first.get("/sign-in")
    assert second.get("/").text == "nobody"
    second.set_cookie("session", first.get_cookie("session").value)
    assert second.get("/").text == "ada"


def test_wrong_shows_a_user_who_closed_the_browser(load):
    app = load("wrong.py")
    app.test_client().post("/sign-in", data=ADA)
    assert "Online: ada" in app.test_client().get("/").text


def test_wrong_forgets_everybody_at_a_restart(load):
    client = load("wrong.py").test_client()
    client.post("/sign-in", data=ADA)
    assert "Online: ada" in client.get("/").text
    restarted = load("wrong.py").test_client()
    restarted.set_cookie("session", client.get_cookie("session").value)
    assert "Online: nobody" in restarted.get("/").text


def test_wrong_signs_out_a_user_who_is_on_two_devices(load):
    app = load("wrong.py")
    phone, laptop = app.test_client(), app.test_client()
    for client in (phone, laptop):
        client.post("/sign-in", data=ADA)
    phone.post("/sign-out")
    with laptop.session_transaction() as stored:
        assert stored["user"] == "ada"
    assert "Online: nobody" in laptop.get("/").text
