"""Tests of docs/recipes/use-the-session-from-another-site.md."""

import pytest
from flask import Flask, redirect, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

from live.worker.browser import Browser

DEFAULTS = {
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_PARTITIONED": False,
}
# app.example and api.shop.example lead to the app; shop.example holds it in a frame, or asks it with front.js.
NGINX = """
ssl_certificate certificate.pem;
ssl_certificate_key key.pem;
server {
  listen {port} ssl;
  server_name app.example api.shop.example;
  location / { proxy_pass http://127.0.0.1:APP; }
}
server {
  listen {port} ssl;
  server_name shop.example evil.example;
  default_type text/html;
  location = /frame { return 200 '<iframe src="https://app.example/"></iframe>'; }
  location = /fetch { return 200 '<body>-</body><script type="module" src="front.js"></script>'; }
  location = /back {
    return 200 '<a href="https://app.example/">Link</a><a href="/away">Redirect</a><form method="post" action="https://app.example/"><button>Form';
  }
  location = /away { return 302 https://app.example/; }
  location = /front.js { root FOLDER; default_type text/javascript; }
}
"""


@pytest.fixture
def world(serve, nginx, internet, folder):
    """Chromium, and the app and its front end over TLS."""

    def world(app, **options):
        port = nginx(NGINX.replace("APP", str(serve(app))).replace("FOLDER", str(folder)))
        names = ("app.example", "shop.example", "api.shop.example", "evil.example")
        return internet({f"https://{name}": port for name in names}, **options).new_page()

    return world


def without_the_check(app):
    """The app without reject_other_sites, which keeps out what these tests look at."""
    app.before_request_funcs.clear()


def in_the_frame(tab):
    """What the frame in the shop's page says on the second visit."""
    for _ in range(2):
        tab.goto("https://shop.example/frame")
    return tab.frames[1].text_content("body")


def fetched(tab, *, address="https://app.example/", credentials="include"):
    """What the second `fetch()` from the shop's page gives."""
    tab.goto("https://shop.example/frame")
    fetch = "([address, credentials]) => fetch(address, {credentials}).then(answer => answer.text())"
    return [tab.evaluate(fetch, [address, credentials]) for _ in range(2)][1]


@pytest.mark.browser
def test_in_a_frame_the_default_cookie_is_lost(app, world):
    app.config.update(DEFAULTS)
    assert in_the_frame(world(app)) == "Visits: 1"


@pytest.mark.browser
def test_in_a_frame_samesite_none_and_secure_are_kept(app, world):
    app.config["SESSION_COOKIE_PARTITIONED"] = False
    assert in_the_frame(world(app)) == "Visits: 2"


@pytest.mark.browser
@pytest.mark.parametrize(("partitioned", "seen"), [(False, "Visits: 1"), (True, "Visits: 2")])
def test_where_third_party_cookies_are_blocked_a_partitioned_one_is_kept(app, world, partitioned, seen):
    app.config["SESSION_COOKIE_PARTITIONED"] = partitioned
    assert in_the_frame(world(app, third_party_cookies=False)) == seen


@pytest.mark.browser
def test_opened_in_a_tab_the_app_has_another_session(app, world):
    tab = world(app)
    assert in_the_frame(tab) == "Visits: 2"
    tab.goto("https://app.example/")
    assert tab.text_content("body") == "Visits: 1"


def test_partitioned_adds_secure_and_not_samesite(app):
    app.config.update(DEFAULTS, SESSION_COOKIE_PARTITIONED=True)
    cookie = app.test_client().get("/").headers["Set-Cookie"]
    assert "; Secure" in cookie
    assert "; Partitioned" in cookie
    assert "SameSite" not in cookie


@pytest.mark.browser
def test_front_js_brings_the_session(app, world):
    tab = world(app)
    for visit in "12":
        tab.goto("https://shop.example/fetch")
        tab.get_by_text(f"Visits: {visit}").wait_for()


@pytest.mark.browser
def test_without_credentials_fetch_leaves_cookies_behind(app, world):
    assert fetched(world(app), credentials="same-origin") == "Visits: 1"


@pytest.mark.browser
def test_from_a_host_of_the_same_site_the_default_cookie_is_enough(app, world):
    app.config.update(DEFAULTS)
    tab = world(app)
    assert fetched(tab, address="https://api.shop.example/") == "Visits: 2"
    assert fetched(tab, address="https://app.example/") == "Visits: 1"


OTHERS = ["https://evil.example", "https://evilshop.example", "https://shop.example.evil.example", "null"]
OTHERS += ["http://shop.example", "https://shop.example:8443", "https://api.shop.example", "https://app.example", ""]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("origin", OTHERS)
def test_other_origins_do_not_get_the_headers(client, method, origin):
    allowed = client.open("/", method=method, headers={"Origin": "https://shop.example"})
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert allowed.headers["Access-Control-Allow-Credentials"] == "true"
    other = client.open("/", method=method, headers={"Origin": origin})
    assert [name for name, _ in other.headers if name.startswith("Access-Control")] == []


@pytest.mark.browser
def test_the_front_end_may_send_json(app, world):
    app.add_url_rule("/json", "json", lambda: request.json["name"] + str(session["visits"]), methods=["POST"])
    send = """() => fetch("https://app.example/json", {method: "POST", credentials: "include",
        headers: {"Content-Type": "application/json"}, body: '{"name": "Ada"}'}).then(r => r.text())"""
    tab = world(app)
    assert fetched(tab) == "Visits: 3"
    assert tab.evaluate(send) == "Ada3"
    tab.goto("https://evil.example/other")
    with pytest.raises(Exception, match="Failed to fetch"):
        tab.evaluate(send)


@pytest.mark.browser
def test_only_the_front_end_may_frame_the_app(app, world):
    tab = world(app)
    assert in_the_frame(tab) == "Visits: 2"
    tab.goto("https://evil.example/frame")
    assert "Visits" not in (tab.frames[1].text_content("body") or "")


@pytest.mark.browser
def test_between_two_ports_of_localhost_the_default_cookie_is_enough(app, serve, internet, monkeypatch):
    app.config.update(DEFAULTS)
    monkeypatch.setitem(app.view_functions["index"].__globals__, "FRONT_END", "http://localhost:3000")
    front = Flask("front", static_folder=None)
    front.add_url_rule("/", view_func=lambda: "The front end")
    tab = internet({"http://localhost:5000": serve(app), "http://localhost:3000": serve(front)}).new_page()
    fetch = """credentials => fetch("http://localhost:5000/", {credentials})
        .then(response => response.text(), () => "failed")"""
    tab.goto("http://localhost:3000/")
    assert [tab.evaluate(fetch, "include") for _ in range(3)] == ["Visits: 1", "Visits: 2", "Visits: 3"]
    assert tab.evaluate(fetch, "same-origin") == "Visits: 1"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("origin", [*OTHERS, None, "https://shop.example"])
def test_a_post_from_another_origin_is_rejected(app, method, origin):
    ran = []
    app.add_url_rule("/save", view_func=lambda: str(ran.append(1)), methods=[method])
    headers = {} if origin is None else {"Origin": origin}
    allowed = origin == "https://shop.example"
    response = app.test_client().open("/save", method=method, headers=headers)
    assert (response.status_code, ran) == ((200, [1]) if allowed else (403, []))


def test_flask_wtf_rejects_the_forms_of_a_front_end_on_another_site(app):
    app.add_url_rule("/token", view_func=generate_csrf)
    app.add_url_rule("/save", view_func=lambda: "saved", methods=["POST"])
    CSRFProtect(app)
    client, host = app.test_client(), "https://app.example"
    headers = {"X-CSRFToken": client.get("/token", base_url=host).text, "Origin": "https://shop.example"}
    save = {"base_url": host, "headers": headers | {"Referer": "https://shop.example/"}}
    assert "The referrer does not match the host." in client.post("/save", **save).text
    save["headers"]["Referer"] = f"{host}/"
    assert client.post("/save", **save).text == "saved"


@pytest.mark.browser
def test_with_samesite_none_any_site_can_send_requests(app, world):
    app.config["SESSION_COOKIE_PARTITIONED"] = False
    tab = world(app)
    tab.goto("https://app.example/")
    tab.goto("https://evil.example/frame-of-its-own")
    tab.evaluate("fetch('https://app.example/', {mode: 'no-cors', credentials: 'include'}).then(() => null)")
    tab.goto("https://app.example/")
    assert tab.text_content("body") == "Visits: 3"


@pytest.mark.browser
def test_partitioned_does_not_stop_a_form_that_opens_the_app(app, world):
    without_the_check(app)
    seen = []
    app.add_url_rule("/", "form", lambda: str(seen.append(session.get("visits"))), methods=["POST"])
    tab = world(app)
    tab.goto("https://app.example/")
    tab.goto("https://evil.example/back")
    tab.evaluate("fetch('https://app.example/', {method: 'POST', mode: 'no-cors', credentials: 'include'})")
    tab.wait_for_timeout(500)
    with tab.expect_navigation():
        tab.get_by_text("Form").click()
    assert seen == [None, 1]


def test_responses_vary_by_origin(client):
    assert "Origin" in client.get("/").vary


@pytest.mark.browser
@pytest.mark.parametrize(
    ("samesite", "kept"),
    [
        ("Strict", []),
        ("Lax", ["Link", "Redirect"]),
        ("None", ["Link", "Redirect", "Form"]),
        (None, ["Link", "Redirect", "Form"]),
    ],
)
def test_who_comes_back_by_link_or_form_brings_the_session_or_not(app, world, samesite, kept):
    without_the_check(app)
    methods = []
    # Chromium asks for /favicon.ico, too, as a request of the same site.
    app.before_request(lambda: methods.append(request.method) if session and request.path == "/" else None)
    app.config.update(SESSION_COOKIE_SAMESITE=samesite, SESSION_COOKIE_PARTITIONED=False)
    tab = world(app)
    for way, method in (("Link", "GET"), ("Redirect", "GET"), ("Form", "POST")):
        tab.goto("https://app.example/")
        tab.goto("https://evil.example/back")
        methods.clear()
        with tab.expect_navigation():
            tab.get_by_text(way).click()
        assert (method in methods) is (way in kept)


@pytest.mark.browser
@pytest.mark.parametrize(("samesite", "seen"), [("Lax", "Visits: 2"), ("Strict", "Visits: 1")])
def test_a_redirect_after_the_form_brings_the_session_back(app, world, samesite, seen):
    without_the_check(app)
    app.add_url_rule("/", "paid", lambda: redirect("/"), methods=["POST"])
    app.config.update(SESSION_COOKIE_SAMESITE=samesite, SESSION_COOKIE_PARTITIONED=False)
    tab = world(app)
    tab.goto("https://app.example/")
    tab.goto("https://evil.example/back")
    tab.get_by_text("Form").click()
    tab.get_by_text(seen).wait_for()


def test_wrong_is_rejected_because_it_is_not_secure(load):
    visitor = Browser(load("wrong.py"))
    assert visitor.request("GET", "/").refused[0]["reason"] == "SameSite=None needs Secure"
    assert visitor.request("GET", "/").body == b"Visits: 1"


@pytest.mark.browser
def test_wrong_is_lost_in_chromium(load, world):
    assert in_the_frame(world(load("wrong.py"))) == "Visits: 1"


@pytest.mark.browser
def test_wrong_cannot_be_read_with_credentials(load, world):
    with pytest.raises(Exception, match="Failed to fetch"):
        fetched(world(load("wrong.py")))
