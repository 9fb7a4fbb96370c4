"""Tests of docs/recipes/csrf-for-scripts.md."""

import importlib
import re

import pytest
from flask import Flask, render_template, request

from tests.support import loading, needs, site

HOUR = 3600
HEADERS = {"Origin": "https://shop.example", "Referer": "https://shop.example/"}
API = {"base_url": "https://api.shop.example"}
NGINX = """
ssl_certificate certificate.pem;
ssl_certificate_key key.pem;
server {
  listen {port} ssl;
  server_name api.shop.example;
  location / { proxy_pass http://127.0.0.1:APP; proxy_set_header Host $host; }
}
server {
  listen {port} ssl;
  server_name shop.example;
  default_type text/html;
  location = / { return 200 '<p>-</p><button>Like</button><script type="module" src="front.js"></script>'; }
  location = /front.js { root FOLDER; default_type text/javascript; }
}
"""


def token(client):
    """The token in the page that this visitor is shown."""
    return re.search('name="csrf-token" content="(.+?)"', client.get("/").text)[1]


def likes(client):
    """What the page of this visitor says."""
    return re.search("Likes: [0-9]+", client.get("/").text)[0]


def test_a_post_without_the_header_is_rejected(client):
    response = client.post("/likes")
    assert (response.status_code, response.text) == (400, "The CSRF token is missing.")
    assert likes(client) == "Likes: 0"


def test_the_header_with_the_token_of_the_page_is_accepted(client):
    for number in (1, 2):
        response = client.post("/likes", headers={"X-CSRFToken": token(client)})
        assert response.text == likes(client) == f"Likes: {number}"


@pytest.mark.browser
def test_the_script_likes_in_chromium(app, serve, page):
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    for count in (1, 2):
        page.get_by_role("button").click()
        page.get_by_text(f"Likes: {count}").wait_for()


def test_the_route_gives_a_token_that_is_valid(client):
    given = client.get("/csrf-token").text
    assert client.post("/likes", headers={"X-CSRFToken": given}).text == "Likes: 1"


def test_without_the_session_cookie_the_token_is_worthless(app, client):
    given = client.get("/csrf-token").text
    other = app.test_client(use_cookies=False)
    assert other.post("/likes", headers={"X-CSRFToken": given}).text == "The CSRF session token is missing."
    assert client.post("/likes", headers={"X-CSRFToken": given}).text == "Likes: 1"


def test_the_token_is_not_stored_in_caches(client):
    response = client.get("/csrf-token")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Set-Cookie"].endswith("; SameSite=Lax")


@pytest.mark.browser
def test_another_origin_cannot_read_the_token(app, serve, page):
    eve = Flask("Eve's site", static_folder=None)
    eve.add_url_rule("/", view_func=lambda: "Win")
    address = f"http://127.0.0.1:{serve(app)}/csrf-token"
    read = f"fetch('{address}', {{credentials: 'include'}}).then(r => r.text(), () => 'blocked')"
    page.goto(address)
    assert page.evaluate(read) not in ("", "blocked")
    page.goto(f"http://127.0.0.1:{serve(eve)}/")
    assert page.evaluate(read) == "blocked"


@pytest.mark.browser
def test_after_an_hour_the_script_gets_a_new_token(app, serve, page):
    answers = []
    app.after_request(lambda r: answers.append(r.status_code) or r)
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    page.get_by_role("button").click()
    page.get_by_text("Likes: 1").wait_for()
    # Chromium can't wait for an hour: every token is too old until the script asks for a new one.
    app.before_request_funcs[None].insert(0, lambda: app.config.update(WTF_CSRF_TIME_LIMIT=limit()))

    def limit():
        asked.append(request.path)
        return HOUR if "/csrf-token" in asked else -1

    asked: list[str] = []
    page.get_by_role("button").click()
    page.get_by_text("Likes: 2").wait_for()
    assert asked == ["/likes", "/csrf-token", "/likes"]
    assert answers[-3:] == [400, 200, 200]


def test_a_token_is_valid_for_an_hour_and_no_longer(client, clock):
    given = token(client)
    clock.tick(HOUR)
    assert client.post("/likes", headers={"X-CSRFToken": given}).text == "Likes: 1"
    clock.tick(1)
    assert client.post("/likes", headers={"X-CSRFToken": given}).text == "The CSRF token has expired."


def test_the_reason_is_plain_text(client):
    assert "<" not in client.post("/likes").text


@pytest.mark.browser
def test_without_the_handler_the_response_is_html(app, serve, page):
    app.error_handler_spec[None].clear()
    page.goto(f"http://127.0.0.1:{serve(app)}/")
    parse = "fetch('/likes', {method: 'POST'}).then(r => r.json()).catch(error => error.message)"
    assert "Unexpected token '<'" in page.evaluate(parse)


@pytest.fixture
def htmx(app):
    """The app, whose first page is htmx.html; htmx itself is what npm installed."""
    file = site.ROOT / "node_modules/htmx.org/dist/htmx.min.js"
    if not file.is_file():
        needs.missing("node_modules/htmx.org: run `npm ci`")
    script = file.read_text("utf-8")
    app.add_url_rule("/static/htmx.min.js", "htmx", lambda: (script, {"Content-Type": "text/javascript"}))
    app.view_functions["index"] = lambda: render_template("htmx.html")
    return app


@pytest.mark.browser
def test_htmx_sends_the_token_from_the_body(htmx, serve, page):
    page.goto(f"http://127.0.0.1:{serve(htmx)}/")
    for count in (1, 2):
        page.get_by_role("button").click()
        page.get_by_text(f"Likes: {count}").wait_for()


@pytest.mark.browser
def test_htmx_without_the_attribute_does_nothing(htmx, serve, page):
    page.goto(f"http://127.0.0.1:{serve(htmx)}/")
    page.evaluate("document.body.removeAttribute('hx-headers')")
    with page.expect_response("**/likes") as found:
        page.get_by_role("button").click()
    assert found.value.status == 400
    page.wait_for_timeout(300)
    assert page.inner_text("p") == "Likes: 0"


@pytest.fixture
def angular(app, folder):
    """The app with xsrf_cookie.py."""
    with loading.folder_on_path(folder):
        importlib.import_module("xsrf_cookie").send_xsrf_cookie(app)
    return app


def test_the_cookie_and_its_header_are_accepted(angular):
    client = angular.test_client()
    headers = client.get("/", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert sorted(header.partition("=")[0] for header in headers) == ["XSRF-TOKEN", "session"]
    assert all("SameSite=Lax" in header for header in headers)
    assert [header for header in headers if "Secure; Path=/" in header] == [h for h in headers if h.startswith("XSRF")]
    given = client.get_cookie("XSRF-TOKEN").value
    referer = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
    assert client.post("/likes", **referer).status_code == 400
    for number, name in enumerate(["X-XSRF-TOKEN", "X-CSRFToken"], 1):
        both = referer["headers"] | {name: given}
        assert client.post("/likes", **referer | {"headers": both}).text == f"Likes: {number}"


@pytest.mark.browser
def test_a_script_can_read_the_xsrf_cookie(angular, serve, page):
    page.goto(f"http://127.0.0.1:{serve(angular)}/")
    cookies = page.evaluate("document.cookie")
    assert "XSRF-TOKEN=" in cookies
    assert "session=" not in cookies


@pytest.fixture
def front_end(serve, nginx, internet, folder):
    """Chromium on the page of the front end, over TLS, beside an app of this name; it comes with the app's requests."""

    def front_end(app):
        seen = []
        app.before_request_funcs[None].insert(0, lambda: seen.append(note()))
        port = nginx(NGINX.replace("APP", str(serve(app))).replace("FOLDER", str(folder)))
        names = ("shop.example", "api.shop.example")
        tab = internet({f"https://{name}": port for name in names}).new_page()
        tab.goto("https://shop.example/")
        return tab, seen

    def note():
        return f"{request.method} {request.path}"

    return front_end


@pytest.mark.browser
def test_the_front_end_likes_in_chromium(load, front_end):
    tab, seen = front_end(load("fixed_front_end.py"))
    for count in (1, 2):
        tab.get_by_role("button").click()
        tab.get_by_text(f"Likes: {count}").wait_for()
    assert seen[:3] == ["GET /csrf-token", "OPTIONS /likes", "POST /likes"]


def test_the_preflight_needs_no_token(load):
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-csrftoken"}
    response = load("fixed_front_end.py").test_client().options("/likes", headers=HEADERS | ask, **API)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Headers"] == "X-CSRFToken"
    assert load("app.py").test_client().options("/likes").status_code == 200


def test_with_the_check_of_the_referer_the_front_end_is_rejected(load):
    for strict in (True, False):
        app = load("fixed_front_end.py")
        app.config["WTF_CSRF_SSL_STRICT"] = strict
        client = app.test_client()
        given = {"X-CSRFToken": client.get("/csrf-token", headers=HEADERS, **API).text}
        text = client.post("/likes", headers=HEADERS | given, **API).text
        assert text == ("The referrer does not match the host." if strict else "Likes: 1")


OTHERS = ["https://evil.example", "https://evilshop.example", "https://shop.example.evil.example", "null", None]
OTHERS += ["http://shop.example", "https://shop.example:8443", "https://api.shop.example", ""]


@pytest.mark.parametrize("name", ["fixed_front_end.py", "wrong_front_end.py"])
@pytest.mark.parametrize("origin", [*OTHERS, "https://shop.example"])
def test_only_the_origin_of_the_front_end_may_post(load, name, origin):
    client, own = load(name).test_client(), origin == "https://shop.example"
    assert client.get("/", **API).text == "This is the API of https://shop.example."
    headers = {} if origin is None else {"Origin": origin}
    given = client.get("/csrf-token", headers=headers, **API)
    for header in ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"):
        assert (header in given.headers) is own
    assert {"Origin", "Cookie"} <= set(given.vary)
    assert given.headers["Cache-Control"] == "no-store"
    assert given.headers["Set-Cookie"].endswith("; Secure; HttpOnly; Path=/; SameSite=Lax")
    assert client.head("/", headers=headers, **API).status_code == 200
    assert client.options("/", headers=headers, **API).status_code == 200
    response = client.post("/likes", headers=headers | {"X-CSRFToken": given.text}, **API)
    assert response.status_code == (200 if own else 403)
    assert client.post("/likes", headers=headers, **API).status_code == (400 if own else 403)
    if own:
        again = client.post("/likes", headers=headers | {"X-CSRFToken": given.text}, **API)
        assert (response.text, again.text) == ("Likes: 1", "Likes: 2")


@pytest.mark.browser
def test_wrong_front_end_never_gets_the_post(load, front_end):
    tab, seen = front_end(load("wrong_front_end.py"))
    faults = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.get_by_role("button").click()
    tab.wait_for_timeout(500)
    assert seen == ["GET /csrf-token", "OPTIONS /likes"]
    assert any("Failed to fetch" in fault for fault in faults)
    assert tab.inner_text("p") == "-"


def attacked(app, serve, page):
    """What Ada's page says after she has liked once and then opened Eve's page on another port of the host."""
    eve = Flask("Eve's site", static_folder=None)
    eve.add_url_rule("/", view_func=lambda: "Win")
    home = f"http://127.0.0.1:{serve(app)}/"
    page.goto(home)
    page.get_by_role("button").click()
    page.get_by_text("Likes: 1").wait_for()
    page.goto(f"http://127.0.0.1:{serve(eve)}/")
    send = "address => fetch(address, {method: 'POST', mode: 'no-cors', credentials: 'include'}).then(() => null)"
    page.evaluate(send, home + "likes")
    page.goto(home)
    return page.inner_text("p")


@pytest.mark.browser
def test_wrong_likes_for_eve_in_chromium(load, serve, page):
    app = load("wrong.py")
    assert app.test_client().post("/likes").text == "Likes: 1"
    assert attacked(app, serve, page) == "Likes: 2"


@pytest.mark.browser
def test_the_token_stops_eve_in_chromium(app, serve, page):
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert attacked(app, serve, page) == "Likes: 1"
