"""Tests of docs/reference/flask-and-flask-session.md."""

import base64
import datetime
import decimal
import enum
import secrets
import uuid

import pytest
from flask import Flask, flash, get_flashed_messages, session
from markupsafe import Markup

from live.worker.browser import Browser, Refused

HOUR = 3600


@pytest.fixture(params=["files", pytest.param("redis", marks=pytest.mark.server)])
def store(request, tmp_path):
    """Settings that make Flask-Session keep its rows in files, or in a real Redis."""
    if request.param == "redis":
        return {"SESSION_TYPE": "redis", "SESSION_REDIS": request.getfixturevalue("redis")}
    from cachelib import FileSystemCache

    return {"SESSION_TYPE": "cachelib", "SESSION_CACHELIB": FileSystemCache(str(tmp_path))}


@pytest.fixture
def both(store):
    """Make two apps of the same settings, with Flask's own session and with Flask-Session; return a client of each."""
    from flask_session import Session

    def both(**settings):
        apps = Flask("with its own session"), Flask("with Flask-Session")
        for app in apps:
            app.config.update({"SECRET_KEY": "dev"} | store | settings)
            app.add_url_rule("/", "do", methods=["POST"])
        Session(apps[1])
        return [app.test_client() for app in apps]

    return both


@pytest.fixture
def start():
    """Start Flask-Session with these settings alone."""
    from flask_session import Session

    def start(**settings):
        app = Flask("on its own")
        app.config.update(settings)
        Session(app)
        return app

    return start


def do(client, action, **options):
    """One request of this visitor, with `action` as the view function."""
    client.application.view_functions["do"] = lambda: str(action())
    return client.post("/", **options)


def keep(value=1):
    """A view function that keeps a value."""
    return lambda: session.update(value=value)


def kept():
    """A view function that tells what was kept."""
    return session.get("value")


def permanent():
    """A view function that tells whether the session is permanent."""
    return session.permanent


def copy_of(client):
    """Another browser, with a copy of this visitor's cookie."""
    copy = client.application.test_client()
    copy.set_cookie("session", client.get_cookie("session").value)
    return copy


def test_flask_ignores_the_settings_of_flask_session(client):
    settings = client.application.config
    assert (settings["SESSION_TYPE"], settings["SESSION_PERMANENT"]) == ("redis", True)
    client.post("/")
    assert client.get_cookie("session").expires is None
    assert "Kept: (1, {'2': 'two'}). Permanent: False." in client.get("/").text
    client.post("/clear")
    assert "Kept: nothing" in client.get("/").text


@pytest.mark.package
def test_flask_keeps_the_values_in_the_cookie_and_flask_session_an_id(both):
    flask, server = both()
    for client in (flask, server):
        do(client, keep("in the open"))
    decoded = [base64.urlsafe_b64decode(c.get_cookie("session").value.split(".")[0] + "==") for c in (flask, server)]
    assert decoded[0] == b'{"value":"in the open"}'
    assert len(decoded[1]) == 32
    ids = {do(server.application.test_client(), lambda: (keep()(), session.sid)[1]).text for _ in range(10)}
    assert len(ids) == 10
    assert all(one[:8] != other[:8] for one in ids for other in ids - {one})


@pytest.mark.package
def test_only_flask_session_has_an_id_session_sid(both):
    flask, server = both()
    assert do(flask, lambda: hasattr(session, "sid")).text == "False"
    sid = do(server, lambda: (keep()(), session.sid)[1]).text
    assert sid == server.get_cookie("session").value


@pytest.mark.package
def test_only_flask_session_keeps_more_than_4_kb(both):
    flask, server = both()
    text = secrets.token_hex(5000)
    with pytest.warns(UserWarning, match="The 'session' cookie is too large"):
        answer = do(flask, keep(text))
    with pytest.raises(Refused, match="browsers keep at most 4096"):
        Browser(flask.application).receive(answer.headers["Set-Cookie"])
    do(server, keep(text))
    assert do(server, kept).text == text


@pytest.mark.package
def test_only_flask_needs_a_secret_key(both):
    flask, server = both(SECRET_KEY=None)
    flask.application.testing = True
    with pytest.raises(RuntimeError, match="no secret key was set"):
        do(flask, keep())
    do(server, keep())
    assert do(server, kept).text == "1"


@pytest.mark.package
def test_another_secret_key_empties_flasks_sessions_only(both):
    for client, left in zip(both(), ("None", "1"), strict=True):
        do(client, keep())
        client.application.secret_key = "another"  # noqa: S105
        assert do(client, kept).text == left


@pytest.mark.package
def test_a_session_is_permanent_by_default_with_flask_session_only(both):
    assert [do(client, permanent).text for client in both()] == ["False", "True"]
    assert ["Expires" in do(client, keep()).headers["Set-Cookie"] for client in both()] == [False, True]


@pytest.mark.package
@pytest.mark.parametrize("value", [True, False])
def test_session_permanent_counts_with_flask_session_only(both, value):
    flask, server = both(SESSION_PERMANENT=value)
    assert do(flask, permanent).text == "False"
    assert do(server, permanent).text == str(value)


@pytest.mark.package
@pytest.mark.parametrize("value", [True, False])
def test_one_session_can_override_session_permanent(both, value):
    _, server = both(SESSION_PERMANENT=not value)
    answer = do(server, lambda: (keep()(), setattr(session, "permanent", value)))
    assert ("Expires" in answer.headers["Set-Cookie"]) == value
    assert do(server, permanent).text == str(value)


@pytest.mark.package
def test_permanent_before_every_request_sends_new_visitors_a_cookie_or_a_deletion(both):
    answers = [do(client, lambda: setattr(session, "permanent", True)) for client in both()]
    assert [answer.headers["Set-Cookie"].startswith("session=;") for answer in answers] == [False, True]


@pytest.mark.package
@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_reading_lengthens_a_session_that_is_not_permanent_with_flask_session_only(both, clock):
    clients = both(SESSION_PERMANENT=False, PERMANENT_SESSION_LIFETIME=HOUR)
    for client in clients:
        do(client, keep())
    clock.tick(HOUR - 1)
    assert [do(client, kept).text for client in clients] == ["1", "1"]
    clock.tick(HOUR - 1)
    assert [do(client, kept).text for client in clients] == ["None", "1"]


@pytest.mark.package
@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_a_shorter_lifetime_ends_flasks_older_sessions_only(both, clock):
    clients = both(PERMANENT_SESSION_LIFETIME=2 * HOUR)
    for client in clients:
        do(client, keep())
        client.application.config["PERMANENT_SESSION_LIFETIME"] = HOUR
    clock.tick(HOUR + 1)
    assert [do(client, kept).text for client in clients] == ["None", "1"]
    clock.tick(HOUR + 1)
    assert [do(client, kept).text for client in clients] == ["None", "None"]


@pytest.mark.server
@pytest.mark.parametrize("store", ["redis"], indirect=True)
def test_redis_deletes_a_row_after_the_lifetime(both, redis):
    _, server = both(SESSION_PERMANENT=False, PERMANENT_SESSION_LIFETIME=HOUR)
    do(server, keep())
    (row,) = redis.keys()
    assert HOUR - 5 < redis.ttl(row) <= HOUR


@pytest.mark.package
def test_a_copy_of_the_cookie_outlives_clear_with_flask_only(both):
    for client, left in zip(both(), ("1", "None"), strict=True):
        do(client, keep())
        copy = copy_of(client)
        do(client, lambda: session.clear())
        assert do(copy, kept).text == left


@pytest.mark.package
def test_clear_takes_permanent_back_with_flask_only(both):
    for client, left in zip(both(), ("False", "True"), strict=True):
        do(client, lambda: (setattr(session, "permanent", True), session.clear(), keep()()))
        assert do(client, permanent).text == left


@pytest.mark.package
def test_only_flask_session_has_regenerate_and_an_empty_session_keeps_its_id(both):
    flask, server = both()
    assert not hasattr(flask.application.session_interface, "regenerate")
    regenerate = server.application.session_interface.regenerate
    do(server, keep())
    old = copy_of(server)
    do(server, lambda: regenerate(session))
    assert [do(client, kept).text for client in (server, old)] == ["1", "None"]
    new = server.get_cookie("session").value
    do(server, lambda: (session.clear(), regenerate(session), keep()()))
    assert server.get_cookie("session").value == new


@pytest.mark.package
def test_a_made_up_cookie_is_not_adopted(both):
    for client in both():
        client.set_cookie("session", "an-id-of-my-own")
        do(client, keep())
        assert client.get_cookie("session").value != "an-id-of-my-own"


@pytest.mark.package
def test_a_change_inside_a_list_is_saved_by_flask_session_only(both):
    for client, left in zip(both(SESSION_PERMANENT=False), ("[]", "[1]"), strict=True):
        do(client, keep([]))
        do(client, lambda: session["value"].append(1))
        assert do(client, kept).text == left


@pytest.mark.package
@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_without_refreshing_a_change_inside_a_list_is_lost_in_both(both):
    for client in both(SESSION_REFRESH_EACH_REQUEST=False):
        do(client, keep([]))
        do(client, lambda: session["value"].append(1))
        assert do(client, kept).text == "[]"


@pytest.mark.package
def test_the_last_of_two_responses_wins_in_both(both):
    for client in both():
        do(client, keep())
        copy = copy_of(client)
        do(client, lambda copy=copy: (session.update(slow=1), do(copy, lambda: session.update(quick=1))))
        assert do(client, lambda: sorted({"slow", "quick"} & session.keys())).text == "['slow']"


@pytest.mark.package
def test_the_deletion_has_the_cookie_s_flags_with_flask_only(both):
    settings = {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_DOMAIN": "app.example"}
    flask, server = both(**settings)
    kept_attributes = {"Domain=app.example", "Path=/"}
    for client, more in ((flask, {"Secure", "HttpOnly", "SameSite=Lax"}), (server, set())):
        header = do(client, lambda: (keep()(), session.clear())).headers["Set-Cookie"]
        found = {part for part in header.split("; ")[1:] if not part.startswith(("Expires=", "Max-Age="))}
        assert found == kept_attributes | more


@pytest.mark.package
def test_a_browser_rejects_flask_session_s_deletion_of_a_host_cookie(both):
    clients = both(SESSION_COOKIE_NAME="__Host-session", SESSION_COOKIE_SECURE=True)
    refused = []
    for client in clients:
        answer = do(client, lambda: session.clear())
        try:
            Browser(client.application).receive(answer.headers["Set-Cookie"])
        except Refused as error:
            refused.append(str(error))
    assert refused == ["a name that starts with __Host- needs Secure"]


@pytest.mark.package
def test_partitioned_counts_with_flask_only(both):
    answers = [do(client, keep()) for client in both(SESSION_COOKIE_PARTITIONED=True)]
    assert ["Partitioned" in answer.headers["Set-Cookie"] for answer in answers] == [True, False]


@pytest.mark.package
def test_looking_for_a_key_sets_vary_in_both(both):
    answers = [do(client, lambda: "value" in session) for client in both()]
    assert [answer.headers.get("Vary") for answer in answers] == ["Cookie", "Cookie"]


@pytest.mark.package
def test_a_visitor_who_stores_nothing_has_no_cookie_in_both(both, monkeypatch):
    clients = both()
    written = []
    monkeypatch.setattr(clients[1].application.session_interface, "_upsert_session", lambda *row: written.append(row))
    for client in clients:
        assert "Set-Cookie" not in do(client, kept).headers
    assert written == []


@pytest.mark.package
def test_sessions_made_before_the_change_are_empty_afterwards(both):
    flask, server = both()
    do(flask, keep())
    server.set_cookie("session", flask.get_cookie("session").value)
    assert do(server, kept).text == "None"


@pytest.mark.package
def test_two_apps_with_one_store_need_two_prefixes(both):
    first, second = both(), both(SECRET_KEY="of the second app")  # noqa: S106
    third = both(SESSION_KEY_PREFIX="third:")
    for client in first:
        do(client, keep())
    for clients, seen in ((second, ["None", "1"]), (third, ["1", "None"])):
        for client, known in zip(clients, first, strict=True):
            client.set_cookie("session", known.get_cookie("session").value)
        assert [do(client, kept).text for client in clients] == seen


@pytest.mark.package
def test_reading_writes_the_row_again(both, monkeypatch):
    flask, server = both(SESSION_PERMANENT=False)
    written = []
    interface = server.application.session_interface
    for client in (flask, server):
        do(client, keep())
    monkeypatch.setattr(interface, "_upsert_session", lambda *row: written.append(row))
    assert "Set-Cookie" not in do(flask, kept).headers
    do(server, kept)
    assert len(written) == 1
    do(flask, lambda: setattr(session, "permanent", True))
    assert "Set-Cookie" in do(flask, kept).headers


@pytest.mark.package
def test_flashed_messages_arrive_as_tuples_or_as_lists(both, store):
    kinds = []
    for client in both():
        do(client, lambda: flash("saved", "info"))
        kinds.append(do(client, lambda: get_flashed_messages(with_categories=True)).text)
    redis = store["SESSION_TYPE"] == "redis"
    assert kinds == ["[('info', 'saved')]", "[['info', 'saved']]" if redis else "[('info', 'saved')]"]


class Color(enum.Enum):
    """A plain enumeration."""

    RED = "red"


MOMENT = datetime.datetime(2026, 11, 22, 12, 30, 15, 250)
AWARE, CUT = MOMENT.replace(tzinfo=datetime.UTC), MOMENT.replace(tzinfo=datetime.UTC, microsecond=0)
HTTP_DATE = "Sun, 22 Nov 2026 00:00:00 GMT"
NUMBER = uuid.UUID(int=7)
VALUES = [  # what is stored; what comes back from Flask's cookie, from a file, and from Redis, or what is raised
    ((1, 2), (1, 2), (1, 2), [1, 2]),
    ({1}, TypeError, {1}, [1]),
    ({1: "a"}, {"1": "a"}, {1: "a"}, {1: "a"}),
    ({None: "a"}, {"null": "a"}, {None: "a"}, {None: "a"}),
    ({1: "a", "b": 2}, TypeError, {1: "a", "b": 2}, {1: "a", "b": 2}),
    (b"x", b"x", b"x", b"x"),
    (Markup("<b>"), Markup("<b>"), Markup("<b>"), TypeError),
    (NUMBER, NUMBER, NUMBER, str(NUMBER)),
    (AWARE, CUT, AWARE, AWARE),
    (MOMENT, CUT, MOMENT, MOMENT.isoformat()),
    (MOMENT.date(), HTTP_DATE, MOMENT.date(), "2026-11-22"),
    (MOMENT.time(), TypeError, MOMENT.time(), MOMENT.time().isoformat()),
    (datetime.timedelta(days=1), TypeError, datetime.timedelta(days=1), "P1D"),
    (decimal.Decimal("1.50"), "1.50", decimal.Decimal("1.50"), "1.50"),
    (Color.RED, TypeError, Color.RED, "red"),
    (2**64, 2**64, 2**64, OverflowError),
]


@pytest.mark.package
@pytest.mark.parametrize(("value", "flask", "files", "redis_"), VALUES, ids=repr)
def test_what_comes_back_depends_on_where_it_was(both, store, value, flask, files, redis_):
    expected = [flask, redis_ if store["SESSION_TYPE"] == "redis" else files]
    for client, back in zip(both(TESTING=True), expected, strict=True):
        if isinstance(back, type):
            with pytest.raises(back):
                do(client, keep(value))
        else:
            do(client, keep(value))
            assert do(client, lambda: repr(kept())).text == repr(back)


@pytest.mark.package
def test_without_session_type_flask_session_does_not_start(start):
    with pytest.raises(ValueError, match="^Unrecognized value for SESSION_TYPE: null$"):
        start()


@pytest.mark.package
def test_the_type_filesystem_is_deprecated(start, tmp_path):
    with pytest.warns(DeprecationWarning, match="is deprecated") as warned:
        start(SESSION_TYPE="filesystem", SESSION_FILE_DIR=str(tmp_path))
    assert [str(w.message).split()[0] for w in warned] == ["'SESSION_FILE_DIR'", "FileSystemSessionInterface"]


@pytest.mark.package
def test_without_session_redis_a_redis_on_this_computer_is_used(start):
    with pytest.warns(RuntimeWarning, match="No valid Redis instance provided"):
        app = start(SESSION_TYPE="redis")
    assert app.session_interface.client.get_connection_kwargs()["host"] == "localhost"


@pytest.mark.package
def test_signed_ids_are_deprecated(start, store):
    with pytest.warns(DeprecationWarning, match="'use_signer' option is deprecated"):
        start(**store, SESSION_USE_SIGNER=True)


@pytest.mark.server
@pytest.mark.parametrize("store", ["redis"], indirect=True)
def test_a_redis_client_that_decodes_responses_breaks_every_later_request(both, redis_url):
    from redis import Redis

    _, server = both(SESSION_REDIS=Redis.from_url(redis_url, decode_responses=True))
    do(server, keep())
    assert do(server, kept).status_code == 500


@pytest.mark.package
@pytest.mark.parametrize(("options", "kept"), [({}, range(495, 505)), ({"threshold": 0}, [520])])
def test_a_file_cache_keeps_500_sessions_by_default(tmp_path, options, kept):
    from cachelib import FileSystemCache
    from flask_session import Session

    cache = FileSystemCache(str(tmp_path), **options)
    app = Flask("with a file cache")
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=cache)
    app.add_url_rule("/", view_func=lambda: str(session.setdefault("user", "Ada")))
    Session(app)
    visitors = [app.test_client() for _ in range(520)]
    for visitor in visitors:
        visitor.get("/")
    ids = [visitor.get_cookie("session").value for visitor in visitors]
    assert sum(cache.get(f"session:{each}") is not None for each in ids) in kept
