"""Tests of docs/recipes/sessions-on-the-server.md."""

import base64
import pickle

import pytest
from flask import session
from werkzeug.routing import Rule

ADA = {"user": "ada", "password": "lovelace"}
ALAN = {"user": "alan", "password": "turing"}
HOURS = 3600


@pytest.fixture
def app(load, redis):
    """The page's app.py, with a real Redis, which is empty."""
    return load("app.py")


def signed_in(client, user=ADA):
    """The same visitor, signed in."""
    client.post("/sign-in", data=user)
    return client


def with_cookie(app, value):
    """Another visitor who sends this id."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def sid(client):
    """The id that a visitor's cookie contains."""
    return client.get_cookie("session").value


@pytest.mark.server
def test_the_cookie_contains_an_id_and_nothing_else(app, redis, monkeypatch):
    ids = {sid(signed_in(app.test_client())) for _ in range(20)}
    assert len(ids) == 20
    assert {len(base64.urlsafe_b64decode(each + "=")) for each in ids} == {32}
    assert set(redis.keys()) == {b"session:" + each.encode() for each in ids}
    monkeypatch.setattr("secrets.token_bytes", lambda size: b"x" * size)
    assert base64.urlsafe_b64decode(sid(signed_in(app.test_client())) + "=") == b"x" * 32


@pytest.mark.server
def test_the_values_are_in_redis(client, redis):
    signed_in(client)
    assert b"ada" in redis.get(f"session:{sid(client)}")


@pytest.mark.server
def test_same_site_does_not_protect_the_login_form(client):
    # A browser sends these headers with a form of another site, and leaves the cookie out.
    form = {"Origin": "https://eve.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-in", data={"user": "ada", "password": "lovelace"}, headers=form).status_code in (302, 303)
    assert "Signed in: ada" in client.get("/").text


@pytest.mark.server
def test_the_cookie_has_the_flags_of_production(client):
    _, *flags = client.post("/sign-in", data=ADA).headers["Set-Cookie"].split("; ")
    assert flags == ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


@pytest.mark.server
def test_a_wrong_password_stores_nothing(client, redis):
    assert client.post("/sign-in", data=ADA | {"password": "guess"}).status_code == 403
    assert client.post("/sign-in", data=ADA | {"user": "grace"}).status_code == 403
    assert redis.dbsize() == 0


@pytest.mark.server
def test_an_unknown_name_gets_the_same_response(client, hashes):
    responses = []
    for fields in (ADA | {"password": "guess"}, ADA | {"user": "grace"}):
        response = client.post("/sign-in", data=fields)
        responses.append((response.status_code, response.text, list(response.headers), len(hashes)))
        hashes.clear()
    assert responses[0] == responses[1]
    assert responses[0][-1] == 1


@pytest.mark.server
def test_no_password_signs_in_an_unknown_name(load, redis, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/sign-in", data=ADA).status_code in (302, 303)
    assert client.post("/sign-in", data=ADA | {"user": "grace"}).status_code == 403


@pytest.mark.server
def test_clear_deletes_the_row_so_a_copy_of_the_cookie_is_worthless(app, client, redis):
    thief = with_cookie(app, sid(signed_in(client)))
    assert "Signed in: ada" in thief.get("/").text
    client.post("/sign-out")
    assert redis.dbsize() == 0
    assert "Signed in: nobody" in thief.get("/").text


def while_a_request_runs(app, client, view, act):
    """Call `act` while a request of this visitor is in the middle of its view function."""
    from threading import Event, Thread

    began, go = Event(), Event()
    app.url_map.add(Rule("/slow", endpoint="slow"))
    app.view_functions["slow"] = lambda: (view(), began.set(), go.wait(10))[-1] and "done"
    slow = Thread(target=with_cookie(app, sid(client)).get, args=["/slow"])
    slow.start()
    began.wait(10)
    act()
    go.set()
    slow.join()


@pytest.mark.server
@pytest.mark.parametrize("view", [lambda: session.get("user"), lambda: session.update(seen=True)])
def test_a_request_in_flight_does_not_bring_the_session_back(app, client, redis, view):
    thief = with_cookie(app, sid(signed_in(client)))
    while_a_request_runs(app, client, view, lambda: client.post("/sign-out"))
    assert redis.dbsize() == 0
    assert "Signed in: nobody" in thief.get("/").text


@pytest.mark.server
def test_wrong_order_lets_a_request_in_flight_bring_the_session_back(load, redis):
    app = load("wrong_order.py")
    app.add_url_rule("/sign-out", "sign_out", lambda: str(session.clear()), methods=["POST"])
    client = signed_in(app.test_client())
    thief = with_cookie(app, sid(client))
    while_a_request_runs(app, client, lambda: None, lambda: client.post("/sign-out"))
    assert "Signed in: ada" in thief.get("/").text


class Code:
    """What somebody who can write to Redis could store: unpickling it calls a function."""

    def __reduce__(self):
        return print, ("The code ran.",)


@pytest.mark.server
@pytest.mark.parametrize(("name", "printed"), [("app.py", ""), ("wrong_order.py", "The code ran.\n")])
def test_a_row_with_a_pickle_runs_no_code(load, redis, capsys, name, printed):
    redis.set("session:planted", pickle.dumps(Code()))
    with_cookie(load(name), "planted").get("/")
    assert capsys.readouterr().out == printed


@pytest.mark.server
def test_signing_in_gives_a_new_id_and_deletes_the_old_row(client, redis):
    old = sid(signed_in(client, ALAN))
    with client.session_transaction(base_url="https://localhost") as before:
        before["cart"] = ["tea"]
    assert sid(signed_in(client, ADA)) != old
    with client.session_transaction(base_url="https://localhost") as after:
        assert after["user"] == "ada"
        assert "cart" not in after
    assert redis.keys() == [b"session:" + sid(client).encode()]


@pytest.mark.server
def test_an_id_planted_before_the_sign_in_is_worthless_after_it(app, client):
    planted = sid(signed_in(client, ALAN))
    signed_in(with_cookie(app, planted), ADA)
    assert "Signed in: nobody" in client.get("/").text


@pytest.mark.server
def test_an_id_that_the_server_never_issued_is_not_adopted(app, redis):
    app.add_url_rule("/seen", view_func=lambda: str(session.update(seen=True)))
    client = with_cookie(app, "an-id-of-my-own")
    client.get("/seen")
    assert sid(client) != "an-id-of-my-own"
    assert redis.keys() == [b"session:" + sid(client).encode()]


@pytest.mark.server
def test_no_secret_key_is_needed(app, client):
    assert app.secret_key is None
    assert "Signed in: ada" in signed_in(client).get("/").text


@pytest.mark.server
def test_a_session_may_be_larger_than_a_cookie(client):
    with client.session_transaction(base_url="https://localhost") as before:
        before["text"] = "x" * 100_000
    assert len(client.get("/", base_url="https://localhost").request.headers["Cookie"]) == len("session=") + 43
    with client.session_transaction(base_url="https://localhost") as after:
        assert after["text"] == "x" * 100_000


@pytest.mark.server
def test_a_visitor_who_stores_nothing_has_no_row(client, redis):
    assert "Set-Cookie" not in client.get("/").headers
    assert redis.dbsize() == 0


@pytest.mark.server
def test_a_visitor_has_one_row_however_often_they_come(client, redis):
    signed_in(client)
    for _ in range(5):
        client.get("/")
    assert redis.dbsize() == 1


@pytest.mark.server
def test_each_request_without_a_cookie_that_stores_something_leaves_a_row(app, redis):
    for _ in range(3):
        signed_in(app.test_client())
    assert redis.dbsize() == 3


@pytest.mark.server
def test_each_request_of_a_visitor_with_a_row_writes_it_again(client, redis):
    signed_in(client)
    redis.config_resetstat()
    client.get("/")
    assert redis.info("commandstats")["cmdstat_get"]["calls"] == 1
    assert redis.info("commandstats")["cmdstat_set"]["calls"] == 1


@pytest.mark.server
def test_each_request_restarts_the_eight_hours(client, redis):
    signed_in(client)
    key = f"session:{sid(client)}"
    redis.expire(key, HOURS)
    client.get("/")
    assert 8 * HOURS - 5 < redis.ttl(key) <= 8 * HOURS


@pytest.mark.server
def test_redis_deletes_the_row_after_eight_hours(client, redis):
    key = f"session:{sid(signed_in(client))}"
    assert 8 * HOURS - 5 < redis.ttl(key) <= 8 * HOURS
    redis.pexpire(key, 1)
    while redis.dbsize():
        pass
    assert "Signed in: nobody" in client.get("/").text


@pytest.mark.server
def test_without_refreshing_a_request_only_reads(app, client, redis):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    signed_in(client)
    redis.expire(f"session:{sid(client)}", HOURS)
    redis.config_resetstat()
    assert "Signed in: ada" in client.get("/").text
    assert redis.ttl(f"session:{sid(client)}") <= HOURS
    commands = {
        name
        for name in redis.info("commandstats")
        if not name.startswith(("cmdstat_config", "cmdstat_ttl", "cmdstat_info"))  # this test's own
    }
    assert commands == {"cmdstat_get"}


@pytest.mark.server
def test_the_cookie_ends_with_the_browser(client):
    (cookie,) = client.post("/sign-in", data=ADA).headers.getlist("Set-Cookie")
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


@pytest.mark.server
def test_two_workers_share_the_sessions(gunicorn, client):
    from urllib.request import Request, urlopen

    from tests.support import workers

    cookie = {"Cookie": f"session={sid(signed_in(client))}"}
    port = gunicorn("app.py")
    request = Request(f"http://127.0.0.1:{port}/", headers=cookie)  # noqa: S310
    for _ in range(10):
        assert b"Signed in: ada" in urlopen(request).read()  # noqa: S310
    with workers.one_is_busy(port):
        assert b"Signed in: ada" in urlopen(request).read()  # noqa: S310


@pytest.mark.package
def test_without_the_address_in_the_environment_the_app_does_not_start(load, monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(KeyError, match="REDIS_URL"):
        load("app.py")


@pytest.mark.package
def test_without_redis_a_visitor_with_a_cookie_gets_an_error(load, monkeypatch, tmp_path):
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/nobody-listens")
    app = load("app.py")
    assert app.test_client().get("/").status_code == 200
    assert with_cookie(app, "an-id").get("/").status_code == 500


@pytest.mark.server
def test_when_redis_has_lost_its_data_users_are_logged_out(app, client, redis):
    assert "Signed in: ada" in signed_in(client).get("/").text
    redis.flushall()
    assert "Signed in: nobody" in client.get("/").text


@pytest.mark.server
def test_wrong_order_keeps_the_planted_id(load, redis):
    app = load("wrong_order.py")
    client = signed_in(app.test_client(), ALAN)
    signed_in(with_cookie(app, sid(client)), ADA)
    assert client.get("/").text == "Signed in: ada"


def test_wrong_puts_the_card_into_the_cookie(load):
    client = load("wrong.py").test_client()
    client.post("/", data={"card": "4111"})
    assert "Card: kept" in client.get("/").text
    payload = client.get_cookie("session").value.split(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"card":"4111"}'


def test_flask_ignores_session_type(load):
    app = load("wrong.py")
    assert app.config["SESSION_TYPE"] == "redis"
    app.config["SESSION_TYPE"] = "no such store"
    assert app.test_client().post("/", data={"card": "4111"}).status_code in (302, 303)
