"""Tests of docs/reference/configuration.md."""
# ruff: noqa: S106

import json
import warnings
from datetime import timedelta

import pytest
from flask import Flask, session

from live.worker.browser import Browser

DEFAULTS = {
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": None,
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_COOKIE_PARTITIONED": False,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "SESSION_REFRESH_EACH_REQUEST": True,
    "MAX_COOKIE_SIZE": 4093,
}
FLASK_SESSION = """
    TYPE SERIALIZATION_FORMAT CLEANUP_N_REQUESTS PERMANENT USE_SIGNER ID_LENGTH KEY_PREFIX REDIS MEMCACHED CACHELIB
    FILE_DIR FILE_THRESHOLD FILE_MODE MONGODB MONGODB_DB MONGODB_COLLECT SQLALCHEMY SQLALCHEMY_TABLE
    SQLALCHEMY_SEQUENCE SQLALCHEMY_SCHEMA SQLALCHEMY_BIND_KEY DYNAMODB DYNAMODB_TABLE
"""


def app_with(**config):
    """An app with these settings, whose view functions write, read, and make the session permanent."""
    app = Flask("configured")
    app.config.update({"SECRET_KEY": "dev"} | config)
    app.add_url_rule("/", view_func=lambda: (session.update(a=1), "")[1], endpoint="write")
    app.add_url_rule("/read", view_func=lambda: dict(session), endpoint="read")
    app.add_url_rule("/permanent", view_func=lambda: str(setattr(session, "permanent", True)), endpoint="keep")
    return app


def header(path="/", **config):
    """The Set-Cookie header of an app with these settings."""
    return app_with(**config).test_client().get(path).headers["Set-Cookie"]


def attributes(**config):
    """What follows the value in the Set-Cookie header."""
    return header(**config).partition("; ")[2]


def test_a_setting_counts_from_the_next_request_on():
    app = app_with()
    client = app.test_client()
    assert "Secure" not in client.get("/").headers["Set-Cookie"]
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in client.get("/").headers["Set-Cookie"]


def test_these_twelve_keys_have_these_defaults():
    config = Flask("untouched").config
    assert len(DEFAULTS) == 12
    assert {key: config[key] for key in DEFAULTS} == DEFAULTS
    assert {key for key in config if "SESSION" in key or "COOKIE" in key or "SECRET" in key} == set(DEFAULTS)


def test_flask_reads_these_keys_and_the_application_root():
    found = set()

    class Config(dict):
        def __getitem__(self, key):
            found.add(key)
            return super().__getitem__(key)

    app = app_with()
    app.config = Config(app.config)
    with app.test_request_context() as context:
        found.clear()
        opened = app.session_interface.open_session(app, context.request)
        opened["_permanent"], opened.modified = True, False
        app.session_interface.save_session(app, opened, app.response_class())
    assert found == {*DEFAULTS, "APPLICATION_ROOT"}


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_the_session_is_readable_and_not_writable(key):
    client = app_with(SECRET_KEY=key, TESTING=True).test_client()
    assert client.get("/read").json == {}
    with pytest.raises(RuntimeError, match="no secret key was set"):
        client.get("/")


def read(header, **config):
    """What an app with these settings reads from this Set-Cookie header."""
    client = app_with(**config).test_client(use_cookies=False)
    return client.get("/read", headers={"Cookie": header.partition(";")[0]}).json


def test_fallbacks_are_accepted_and_sign_nothing():
    old, new = header(SECRET_KEY="old"), header(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"])
    assert read(old, SECRET_KEY="new") == {}
    assert read(old, SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]) == {"a": 1}
    assert read(new, SECRET_KEY="new") == {"a": 1}


def test_the_cookie_has_the_name():
    assert header().startswith("session=")
    assert header(SESSION_COOKIE_NAME="shop").startswith("shop=")


@pytest.mark.parametrize("domain", ["example.com", ".example.com"])
def test_a_domain_is_sent_without_its_leading_dot(domain):
    assert "Domain" not in attributes()
    assert "Domain=example.com;" in attributes(SESSION_COOKIE_DOMAIN=domain)


def test_the_path_falls_back_to_the_application_root():
    assert attributes().endswith("Path=/")
    assert attributes(APPLICATION_ROOT="/shop").endswith("Path=/shop")
    assert attributes(APPLICATION_ROOT="/shop", SESSION_COOKIE_PATH="/").endswith("Path=/")


def test_http_only_can_be_switched_off():
    assert "HttpOnly" in attributes()
    assert "HttpOnly" not in attributes(SESSION_COOKIE_HTTPONLY=False)


def test_secure_can_be_switched_on():
    assert "Secure" not in attributes()
    assert "Secure" in attributes(SESSION_COOKIE_SECURE=True)


def test_same_site_takes_three_values_in_any_case():
    assert "SameSite" not in attributes()
    for value in ("Strict", "Lax", "None"):
        assert f"SameSite={value}" in attributes(SESSION_COOKIE_SAMESITE=value)
        assert f"SameSite={value}" in attributes(SESSION_COOKIE_SAMESITE=value.lower())
    with pytest.raises(ValueError, match="SameSite must be 'Strict', 'Lax', or 'None'."):
        header(SESSION_COOKIE_SAMESITE="Loose", TESTING=True)


def test_partitioned_adds_secure_and_no_same_site():
    assert attributes(SESSION_COOKIE_PARTITIONED=True) == "Secure; HttpOnly; Path=/; Partitioned"


@pytest.mark.parametrize("lifetime", [timedelta(hours=1), 3600])
def test_the_lifetime_dates_permanent_sessions(clock, lifetime):
    date = "Expires=Sun, 22 Nov 2026 13:00:00 GMT"
    assert date in header("/permanent", PERMANENT_SESSION_LIFETIME=lifetime)
    assert "Expires" not in attributes(PERMANENT_SESSION_LIFETIME=lifetime)


@pytest.mark.parametrize("path", ["/", "/permanent"])
def test_the_lifetime_is_the_greatest_age_of_all_sessions(clock, path):
    sent = header(path)
    clock.tick(3600)
    assert read(sent, PERMANENT_SESSION_LIFETIME=3600) != {}
    clock.tick(1)
    assert read(sent, PERMANENT_SESSION_LIFETIME=3600) == {}


@pytest.mark.parametrize(("refresh", "sent"), [(True, True), (False, False)])
def test_refresh_off_sends_permanent_sessions_only_after_a_change(refresh, sent):
    client = app_with(SESSION_REFRESH_EACH_REQUEST=refresh).test_client()
    client.get("/permanent")
    assert ("Set-Cookie" in client.get("/read").headers) == sent
    assert "Set-Cookie" in client.get("/").headers


def test_a_header_over_the_size_warns_and_is_sent():
    size = len(header())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for limit in (size, 0):
            header(MAX_COOKIE_SIZE=limit)
        assert caught == []
        assert header(MAX_COOKIE_SIZE=size - 1).startswith("session=")
    assert "The 'session' cookie is too large" in str(caught[0].message)


def test_the_app_sends_what_it_has_set(client, clock):
    value, *sent = client.get("/").headers["Set-Cookie"].split("; ")
    assert value.startswith("__Host-session=")
    assert sent == ["Expires=Sun, 22 Nov 2026 20:00:00 GMT", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"]


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"SESSION_COOKIE_SECURE": False}, False),
        ({"SESSION_COOKIE_PATH": "/shop"}, False),
        ({"SESSION_COOKIE_DOMAIN": "app.example"}, False),
    ],
)
def test_a_host_name_needs_secure_the_root_path_and_no_domain(app, visitor, change, kept):
    app.config.update(change)
    visitor.request("GET", "/")
    assert bool(visitor.cookies) == kept


def sent_to(host, opened_at, **config):
    """Whether a browser that opened an app at one host sends the cookie to another one."""
    browser = Browser(app_with(**config), f"https://{opened_at}")
    browser.request("GET", "/")
    return any(host == c.domain or not c.host_only and host.endswith("." + c.domain) for c in browser.cookies)


def test_without_a_domain_the_cookie_stays_with_its_host():
    assert sent_to("example.com", "example.com")
    assert not sent_to("www.example.com", "example.com")


@pytest.mark.parametrize("host", ["example.com", "www.example.com", "api.example.com"])
def test_a_domain_covers_its_subdomains(host):
    assert sent_to(host, "www.example.com", SESSION_COOKIE_DOMAIN="example.com")


def test_a_domain_that_is_not_the_host_loses_the_cookie():
    browser = Browser(app_with(SESSION_COOKIE_DOMAIN="example.com"), "http://localhost")
    assert "does not cover localhost" in browser.request("GET", "/").refused[0]["reason"]
    assert browser.cookies == []


@pytest.mark.browser
@pytest.mark.parametrize(("domain", "shown"), [("localhost", '"a":1'), ("example.com", "{}")])
def test_chromium_keeps_the_domain_localhost_and_rejects_another(page, serve, domain, shown):
    port = serve(app_with(SESSION_COOKIE_DOMAIN=domain))
    page.goto(f"http://localhost:{port}/")
    page.goto(f"http://localhost:{port}/read")
    assert shown in page.content()


def test_the_server_name_sets_no_domain():
    assert attributes(SERVER_NAME="example.com") == attributes() == "HttpOnly; Path=/"
    assert sent_to("localhost", "localhost", SERVER_NAME="example.com")


@pytest.mark.parametrize(("name", "kept"), [("session", {}), ("other", {"a": 1})])
def test_two_apps_of_one_host_need_two_names(name, kept):
    ours, theirs = app_with(), app_with(SECRET_KEY="another", SESSION_COOKIE_NAME=name)
    browser = Browser(ours, "http://localhost:5000")
    browser.request("GET", "/")
    browser.app, browser.origin = theirs, "http://localhost:5001"
    browser.request("GET", "/")
    browser.app, browser.origin = ours, "http://localhost:5000"
    assert json.loads(browser.request("GET", "/read").body) == kept


@pytest.mark.parametrize("key", ["PERMANENT", "SESSION_PERMANENT", "PERMANENT_SESSION", "SESSION_COOKIE_PERMANENT"])
def test_no_setting_makes_a_session_permanent(key):
    assert "Expires" not in attributes(**{key: True})
    assert "Expires" in header("/permanent")


def test_two_keys_are_attributes_of_the_app_too():
    app = app_with()
    app.secret_key, app.permanent_session_lifetime = "new", 60
    assert (app.config["SECRET_KEY"], app.config["PERMANENT_SESSION_LIFETIME"]) == ("new", 60)
    assert app.permanent_session_lifetime == timedelta(seconds=60)
    assert not any(hasattr(app, key.lower()) for key in DEFAULTS if key.startswith("SESSION"))


def test_variables_with_the_prefix_are_read_as_json(monkeypatch):
    monkeypatch.setenv("FLASK_SESSION_COOKIE_SECURE", "true")
    monkeypatch.setenv("FLASK_PERMANENT_SESSION_LIFETIME", "3600")
    monkeypatch.setenv("FLASK_SESSION_COOKIE_NAME", "shop")
    app = Flask("configured")
    app.config.from_prefixed_env()
    assert app.config["SESSION_COOKIE_SECURE"] is True
    assert app.config["PERMANENT_SESSION_LIFETIME"] == 3600
    assert app.config["SESSION_COOKIE_NAME"] == "shop"


@pytest.mark.parametrize(("word", "on"), [("false", False), ("False", True), ("no", True), ("off", True), ("0", True)])
def test_words_that_are_not_json_switch_a_setting_on(monkeypatch, word, on):
    monkeypatch.setenv("FLASK_SESSION_COOKIE_SECURE", word)
    app = app_with()
    app.config.from_prefixed_env()
    assert ("; Secure" in app.test_client().get("/").headers["Set-Cookie"]) is on


def test_flask_ignores_the_keys_of_flask_session(clock):
    keys = {f"SESSION_{word}" for word in FLASK_SESSION.split()}
    assert keys.isdisjoint(Flask("untouched").config)
    for value in (True, False, "redis"):
        assert header(**dict.fromkeys(keys, value)) == header()


@pytest.mark.package
def test_flask_session_has_exactly_these_keys():
    from flask_session.defaults import Defaults

    assert {key for key in vars(Defaults) if key.isupper()} == {f"SESSION_{word}" for word in FLASK_SESSION.split()}


def test_a_misspelled_key_is_ignored():
    assert "SameSite" not in attributes(SESSION_COOKIE_SAME_SITE="Lax")
