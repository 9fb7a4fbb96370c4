"""Tests of docs/recipes/a-cookie-that-is-never-stored.md."""

import pytest

from live.worker.browser import Browser


@pytest.mark.parametrize("origin", ["https://app.example", "http://localhost:5000", "http://10.0.0.2"])
def test_by_default_the_cookie_has_only_httponly_and_path(app, origin):
    visitor = Browser(app, origin)
    assert visitor.request("GET", "/").header("Set-Cookie").partition("; ")[2] == "HttpOnly; Path=/"
    assert visitor.request("GET", "/").body == b"Visits: 2"


def test_wrong_never_gets_beyond_the_first_visit(load):
    visitor = Browser(load("wrong.py"), "https://app.example")
    assert visitor.request("GET", "/").refused[0]["reason"] == "its Domain www.shop.example does not cover app.example"
    assert visitor.request("GET", "/").body == b"Visits: 1"


def test_wrong_works_on_the_host_that_it_was_written_for(load):
    visitor = Browser(load("wrong.py"), "https://www.shop.example")
    visitor.request("GET", "/")
    assert visitor.request("GET", "/").body == b"Visits: 2"


@pytest.fixture
def visits(page, serve):
    """What Chromium shows on the second visit of an app, at a host of this machine."""

    def visits(app, host, path="/"):
        address = f"http://{host}:{serve(app)}{path}"
        page.goto(address)
        page.goto(address)
        return page.text_content("body")

    return visits


@pytest.mark.browser
def test_chromium_rejects_a_domain_that_does_not_cover_the_host(load, visits):
    assert visits(load("wrong.py"), "app.example") == "Visits: 1"
    assert visits(load("wrong.py"), "www.shop.example") == "Visits: 2"


@pytest.mark.browser
def test_chromium_rejects_secure_over_plain_http(app, visits):
    app.config["SESSION_COOKIE_SECURE"] = True
    assert visits(app, "app.example") == "Visits: 1"


@pytest.mark.browser
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_chromium_keeps_secure_on_this_computer(app, visits, host):
    app.config["SESSION_COOKIE_SECURE"] = True
    assert visits(app, host) == "Visits: 2"


@pytest.mark.browser
def test_chromium_rejects_samesite_none_without_secure(app, visits):
    app.config["SESSION_COOKIE_SAMESITE"] = "None"
    assert visits(app, "localhost") == "Visits: 1"


@pytest.mark.browser
@pytest.mark.parametrize(
    "breach",
    [{"SESSION_COOKIE_SECURE": False}, {"SESSION_COOKIE_DOMAIN": "localhost"}, {"SESSION_COOKIE_PATH": "/shop"}],
)
def test_chromium_rejects_a_host_name_that_breaks_its_promise(app, visits, page, breach):
    app.config.update({"SESSION_COOKIE_SECURE": True} | breach)
    visits(app, "localhost")
    assert [cookie["name"] for cookie in page.context.cookies()] == ["session"]
    page.context.clear_cookies()
    app.config["SESSION_COOKIE_NAME"] = "__Host-session"
    visits(app, "localhost")
    assert page.context.cookies() == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("SESSION_COOKIE_SECURE", True, "SecureOnly"),
        ("SESSION_COOKIE_DOMAIN", "www.shop.example", "InvalidDomain"),
        ("SESSION_COOKIE_SAMESITE", "None", "SameSiteNoneInsecure"),
        ("SESSION_COOKIE_NAME", "__Host-session", "InvalidPrefix"),
        ("SESSION_COOKIE_NAME", "n" * 4096, "NameValuePairExceedsMaxSize"),
    ],
)
@pytest.mark.filterwarnings("ignore:The '.*' cookie is too large")
def test_chromium_shows_the_reason_in_its_developer_tools(app, visits, page, setting, value, reason):
    blocked = []
    tools = page.context.new_cdp_session(page)
    tools.on("Network.responseReceivedExtraInfo", lambda event: blocked.extend(event["blockedCookies"]))
    tools.send("Network.enable")
    app.config[setting] = value
    visits(app, "app.example")
    assert blocked[0]["blockedReasons"] == [reason]


@pytest.mark.browser
def test_chromium_keeps_a_cookie_for_another_path_and_does_not_send_it(app, visits, page):
    app.config["APPLICATION_ROOT"] = "/shop"
    assert visits(app, "localhost") == "Visits: 1"
    assert [cookie["path"] for cookie in page.context.cookies()] == ["/shop"]


@pytest.mark.parametrize("setting", ["SESSION_COOKIE_PATH", "APPLICATION_ROOT"])
def test_both_settings_set_the_path(app, setting):
    app.config[setting] = "/shop"
    assert "Path=/shop" in app.test_client().get("/").headers["Set-Cookie"]


def test_wrong_large_stops_at_three_photos(load):
    visitor = Browser(load("wrong_large.py"))
    for _ in range(3):
        visitor.visit("POST", "/")
    with pytest.warns(UserWarning, match="The 'session' cookie is too large"):
        visitor.visit("POST", "/")
    assert b"Photos: 3" in visitor.request("GET", "/").body


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")
def test_wrong_large_stops_at_three_photos_in_chromium(load, serve, page):
    page.goto(f"http://127.0.0.1:{serve(load('wrong_large.py'))}/")
    shown = []
    for _ in range(5):
        with page.expect_navigation():
            page.get_by_role("button", name="Add").click()
        shown.append(page.inner_text("body").split()[1])
    assert shown == ["1", "2", "3", "3", "3"]


def test_fixed_large_keeps_all_photos_and_a_small_cookie(load):
    visitor = Browser(load("fixed_large.py"))
    for _ in range(50):
        visitor.request("POST", "/")
    assert b"Photos: 50" in visitor.request("GET", "/").body
    assert len(visitor.cookies[0].value) < 100


@pytest.mark.browser
@pytest.mark.parametrize(("size", "seen"), [(4096, "Visits: 2"), (4097, "Visits: 1")])
@pytest.mark.filterwarnings("ignore:The '.*' cookie is too large")
def test_chromium_keeps_4096_bytes_of_name_and_value(app, visits, size, seen):
    value = app.test_client().get("/").headers["Set-Cookie"].partition(";")[0].removeprefix("session=")
    app.config["SESSION_COOKIE_NAME"] = "n" * (size - len(value))
    assert visits(app, "localhost") == seen


def test_flask_warns_above_4093_bytes_of_the_whole_header(app):
    client = app.test_client()
    rest = client.get("/").headers["Set-Cookie"].removeprefix("session")
    app.config["SESSION_COOKIE_NAME"] = "n" * (4093 - len(rest))
    client.get("/")  # where a warning would be an error
    app.config["SESSION_COOKIE_NAME"] += "n"
    with pytest.warns(UserWarning, match="The final size was 4094 bytes but the limit is 4093 bytes."):
        client.get("/")


def test_without_a_limit_flask_stays_silent(load):
    app = load("wrong_large.py")
    app.config["MAX_COOKIE_SIZE"] = 0
    client = app.test_client()
    for _ in range(5):
        assert client.post("/").headers["Set-Cookie"]


def test_of_two_cookies_of_one_name_flask_reads_the_first(app):
    client = app.test_client()
    client.get("/")
    cookie = client.get_cookie("session").value
    other = app.test_client(use_cookies=False)
    assert other.get("/", headers={"Cookie": f"session=old; session={cookie}"}).text == "Visits: 1"
    assert other.get("/", headers={"Cookie": f"session={cookie}; session=old"}).text == "Visits: 2"


def cookie_with_talisman(app, **options):
    """The session cookie that an app with Flask-Talisman sends over plain HTTP."""
    from flask_talisman import Talisman

    app.config["SESSION_COOKIE_SECURE"] = False
    Talisman(app, force_https=False, **options)
    return app.test_client().get("/").headers["Set-Cookie"]


@pytest.mark.package
@pytest.mark.parametrize(("debug", "secure"), [(False, True), (True, False)])
def test_flask_talisman_makes_the_cookie_secure_except_in_debug_mode(app, debug, secure):
    app.debug = debug
    assert ("Secure" in cookie_with_talisman(app)) is secure


@pytest.mark.package
def test_flask_talisman_keeps_your_setting_if_its_option_is_off(app):
    assert "Secure" not in cookie_with_talisman(app, session_cookie_secure=False)
