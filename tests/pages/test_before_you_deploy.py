"""Tests of docs/recipes/before-you-deploy.md."""

import random

import pytest
from flask import request, session
from flask.testing import FlaskClient

from live.worker.browser import Browser

HOUR = 3600
HOST = "https://app.example"


class Visitor(FlaskClient):
    """A visitor who asks for the app's host, where Flask's test client asks for localhost."""

    def open(self, *args, base_url=HOST, **options):
        return super().open(*args, base_url=base_url, **options)


@pytest.fixture
def app(app):
    """The page's app.py, for visitors who ask for its host."""
    app.test_client_class = Visitor
    return app


def test_without_the_key_in_the_environment_the_app_does_not_start(load, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(KeyError, match="SECRET_KEY"):
        load("app.py")


def test_the_cookie_carries_every_attribute(client, clock):
    name, *attributes = client.post("/", data={"name": "Ada"}).headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-session=")
    assert attributes == ["Expires=Mon, 23 Nov 2026 00:00:00 GMT", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"]
    with client.session_transaction(base_url="https://app.example") as stored:
        stored["cart"] = ["tea"]
    with client:
        client.post("/", data={"name": "Alan"}, base_url="https://app.example")
        assert dict(session) == {"_permanent": True, "name": "Alan"}


def test_a_host_that_is_not_trusted_is_rejected(app):
    for host, status in (("app.example", 200), ("evil.example", 400), ("evil.app.example", 400), ("localhost", 400)):
        response = app.test_client().get("/", base_url=f"https://{host}")
        assert response.status_code == status
        assert "This is" in response.text or status == 400
    app.config["TRUSTED_HOSTS"] = None
    assert "This is https://evil.example/" in app.test_client().get("/", base_url="https://evil.example").text


def test_a_name_with_a_space_of_unicode_before_it_is_another_cookie(client):
    client.post("/", data={"name": "Eve"})
    cookie = f"__Host-session={client.get_cookie('__Host-session', 'app.example').value}"
    stranger = client.application.test_client(use_cookies=False)
    for header, name in ((cookie, "Eve"), (f"\xa0{cookie}", "stranger"), (f"a=b; \x85{cookie}", "stranger")):
        assert f"Hello, {name}!" in stranger.get("/", headers={"Cookie": header}).text


def test_twelve_hours_without_a_request_end_the_session(visitor, clock):
    visitor.request("POST", "/", {"name": "Ada"})
    clock.tick(12 * HOUR - 1)
    assert b"Hello, Ada!" in visitor.request("GET", "/").body
    clock.tick(12 * HOUR + 1)
    assert b"Hello, stranger!" in visitor.request("GET", "/").body


def sign_in(tab, address="https://app.example/"):
    """Sign in as Ada, and wait for the next page."""
    tab.goto(address)
    if tab.get_by_role("textbox").count():
        tab.get_by_role("textbox").fill("Ada")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Go").click()


def behind(folder, port, plain=None):
    """The page's nginx.conf, for an app on another port; the proxy's own port for TLS is left open."""
    from tests.support import servers

    text = (folder / "nginx.conf").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    return text.replace("listen 443", "listen {port}").replace(
        "listen 80", f"listen 127.0.0.1:{plain or servers.free_port()}"
    )


def ask(port, method="GET", path="/", host="app.example", tls=True, **headers):
    """The response of a server of this machine that is asked for a host."""
    import ssl
    from http.client import HTTPConnection, HTTPSConnection

    context = ssl._create_unverified_context()  # noqa: S323
    connection = HTTPSConnection("127.0.0.1", port, context=context) if tls else HTTPConnection("127.0.0.1", port)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": host} | headers)
    response = connection.getresponse()
    response.text = response.read().decode()
    connection.close()
    return response


@pytest.fixture
def chromium(folder, nginx, internet):
    """A tab of Chromium before the page's nginx.conf: `chromium(port of the app)`. More servers can be added to it."""

    def chromium(port, more="", *hosts):
        proxy = nginx(behind(folder, port) + more)
        return internet({f"https://{host}": proxy for host in ("app.example", *hosts)}).new_page()

    return chromium


@pytest.mark.browser
def test_behind_nginx_and_gunicorn_ada_stays_signed_in(chromium, gunicorn):
    tab = chromium(gunicorn("app.py"))
    sign_in(tab)
    for _ in range(10):
        tab.reload()
        assert "Hello, Ada! This is https://app.example/" in tab.content()


@pytest.mark.browser
def test_scripts_cannot_read_the_cookie(chromium, gunicorn):
    tab = chromium(gunicorn("app.py"))
    sign_in(tab)
    assert [cookie["name"] for cookie in tab.context.cookies()] == ["__Host-session"]
    assert tab.evaluate("document.cookie") == ""


@pytest.mark.browser
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_same_settings_work_on_this_computer_without_tls(app, serve, page, host):
    app.config["TRUSTED_HOSTS"].append(host)
    sign_in(page, f"http://{host}:{serve(app)}/")
    assert "Hello, Ada!" in page.content()


@pytest.mark.browser
@pytest.mark.parametrize(("secure", "sent"), [(True, None), (False, "session")])
def test_secure_keeps_the_cookie_from_plain_http(app, serve, nginx, internet, folder, secure, sent):
    came = {}
    app.before_request(lambda: came.update({request.environ["SERVER_PORT"]: next(iter(request.cookies), None)}))
    app.config.update(SESSION_COOKIE_NAME="session", SESSION_COOKIE_SECURE=secure)
    secured, plain = serve(app), serve(app)
    proxy = nginx(behind(folder, secured))
    tab = internet({"https://app.example": proxy, "http://app.example": plain}).new_page()
    sign_in(tab)
    tab.goto("http://app.example/")
    assert came == {str(secured): "session", str(plain): sent}


@pytest.mark.server
def test_nginx_closes_the_connection_for_other_hosts(app, serve, nginx, folder):
    from http.client import RemoteDisconnected

    from tests.support import servers

    plain = servers.free_port()
    port = nginx(behind(folder, serve(app), plain))
    assert ask(port).status == 200
    for host in ("evil.example", "localhost", f"app.example.evil:{port}"):
        with pytest.raises(RemoteDisconnected):
            ask(port, host=host)
        with pytest.raises(RemoteDisconnected):
            ask(plain, host=host, tls=False)


@pytest.mark.server
def test_plain_http_is_redirected_to_https(app, serve, nginx, folder):
    from tests.support import servers

    plain = servers.free_port()
    nginx(behind(folder, serve(app), plain))
    response = ask(plain, path="/cart?item=1", tls=False)
    assert response.status == 301
    assert response.headers["Location"] == "https://app.example/cart?item=1"


@pytest.mark.server
def test_every_response_asks_for_https_for_a_year(app, serve, nginx, folder):
    port = nginx(behind(folder, serve(app)))
    for path, status in (("/", 200), ("/no-such-page", 404)):
        response = ask(port, path=path)
        assert response.status == status
        assert response.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]


@pytest.mark.server
@pytest.mark.parametrize(("line", "status"), [("proxy_buffer_size 8k;", 200), ("", 502)])
def test_a_large_cookie_passes_nginx_with_a_larger_buffer(app, serve, nginx, folder, line, status):
    def fill():
        session["text"] = random.Random(1).randbytes(2550).hex()  # noqa: S311
        return ""

    app.add_url_rule("/fill", view_func=fill)
    conf = behind(folder, serve(app)).replace("proxy_buffer_size 8k;", line)
    size = len(app.test_client().get("/fill").headers["Set-Cookie"].partition(";")[0])
    assert 3800 < size <= 4093
    assert ask(nginx(conf), path="/fill").status == status


def test_a_long_name_is_cut_off_before_it_fills_the_cookie(client):
    name = random.Random(1).randbytes(5000).hex()  # noqa: S311
    response = client.post("/", data={"name": name})
    assert len(response.headers["Set-Cookie"]) < 300
    assert f"Hello, {name[:50]}!" in client.get("/").text


EVIL = """
server {
    listen {port} ssl;
    server_name evil.example;
    ssl_certificate certificate.pem;
    ssl_certificate_key key.pem;
    default_type text/html;
    return 200 '<form method="post" action="https://app.example/"><input name="name"><button>Go</button></form>';
}
"""


@pytest.mark.browser
@pytest.mark.parametrize(("samesite", "seen"), [("Lax", None), (None, "Ada")])
def test_lax_keeps_the_session_out_of_another_sites_post(app, serve, chromium, samesite, seen):
    names = []
    app.before_request(lambda: names.append(session.get("name")))
    app.config["SESSION_COOKIE_SAMESITE"] = samesite
    tab = chromium(serve(app), EVIL, "evil.example")
    sign_in(tab)
    names.clear()
    sign_in(tab, "https://evil.example/")
    assert names[0] == seen


PLANT = """
server {
    listen {port} ssl;
    server_name user.app.example;
    ssl_certificate certificate.pem;
    ssl_certificate_key key.pem;
    add_header Set-Cookie "NAME=planted; Domain=app.example; Path=/; Secure";
    return 200 '';
}
"""


@pytest.mark.browser
@pytest.mark.parametrize(("name", "planted"), [("session", 1), ("__Host-session", 0)])
def test_a_subdomain_can_plant_a_session_and_no_host_session(app, serve, chromium, name, planted):
    tab = chromium(serve(app), PLANT.replace("NAME", name), "user.app.example")
    tab.goto("https://user.app.example/")
    assert len(tab.context.cookies("https://app.example/")) == planted


FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def test_proxyfix_takes_over_what_the_proxy_says(client):
    with client:
        client.get("/", base_url="http://app.example", headers=FORWARDED)
        assert request.base_url == "https://app.example/"
        assert request.remote_addr == "203.0.113.9"


def test_headers_that_are_not_counted_are_ignored(client):
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "666"}
    response = client.post("/", data={"name": "Ada"}, headers=FORWARDED | forged)
    assert response.location == "/"
    assert "This is https://app.example/" in client.get("/", headers=FORWARDED | forged).text


def test_with_a_count_too_high_the_proxy_is_not_believed(app):
    app.wsgi_app.x_proto = 2
    answer = app.test_client().get("/", base_url="http://app.example", headers=FORWARDED)
    assert "This is http://app.example/" in answer.text


def test_with_a_count_too_high_visitors_choose_their_address(app):
    forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
    with app.test_client() as client:
        client.get("/", headers=forged)
        assert request.remote_addr == "203.0.113.9"
        app.wsgi_app.x_for = 2
        client.get("/", headers=forged)
        assert request.remote_addr == "6.6.6.6"


def test_with_a_count_too_low_the_address_is_the_inner_proxys(client):
    with client:
        client.get("/", headers={"X-Forwarded-For": "203.0.113.9, 10.0.0.2"})
        assert request.remote_addr == "10.0.0.2"


def test_wrong_works_where_there_is_no_proxy(load):
    answers = Browser(load("wrong.py")).visit("POST", "/")
    assert b"Hello, Ada!" in answers[-1].body


def test_wrong_redirects_to_plain_http_behind_a_proxy(load):
    answer = load("wrong.py").test_client().post("/", base_url="http://app.example", headers=FORWARDED)
    assert answer.location == "http://app.example/"


@pytest.mark.browser
def test_wrong_loses_ada_in_chromium(load, serve, nginx, internet, folder):
    port = serve(load("wrong.py"))
    proxy = nginx(behind(folder, port))
    tab = internet({"https://app.example": proxy, "http://app.example": port}).new_page()
    sign_in(tab)
    assert tab.url == "http://app.example/"
    assert "Hello, stranger!" in tab.content()


def redirect_of(port):
    """Where a server sends a visitor who signs in, with the headers of the page's nginx."""
    return ask(port, "POST", tls=False, **FORWARDED).headers["Location"]


@pytest.mark.server
def test_gunicorn_believes_a_proxy_on_the_same_computer(gunicorn):
    assert redirect_of(gunicorn("wrong.py")) == "https://app.example/"


@pytest.mark.server
def test_gunicorn_believes_no_proxy_elsewhere(gunicorn, monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.2")  # so 127.0.0.1 is elsewhere
    assert redirect_of(gunicorn("wrong.py")) == "http://app.example/"


def test_wrong_path_loses_each_session_where_there_is_no_proxy(load):
    answers = Browser(load("wrong_path.py")).visit("POST", "/")
    assert b"Hello, stranger!" in answers[-1].body


def below_shop(folder, port, header=""):
    """The page's nginx.conf, with the app below /shop/."""
    text = behind(folder, port).replace("location /", "location /shop/")
    return text.replace(f"127.0.0.1:{port};", f"127.0.0.1:{port}/; {header}")


@pytest.mark.browser
def test_wrong_path_leads_out_of_the_path_behind_nginx(load, serve, nginx, internet, folder):
    proxy = nginx(below_shop(folder, serve(load("wrong_path.py"))))
    tab = internet({"https://app.example": proxy}).new_page()
    sign_in(tab, "https://app.example/shop/")
    assert tab.url == "https://app.example/"
    assert "404 Not Found" in tab.content()


@pytest.mark.browser
def test_with_x_prefix_the_app_works_below_a_path(app, serve, nginx, internet, folder):
    app.wsgi_app.x_prefix = 1
    proxy = nginx(below_shop(folder, serve(app), "proxy_set_header X-Forwarded-Prefix /shop;"))
    tab = internet({"https://app.example": proxy}).new_page()
    sign_in(tab, "https://app.example/shop/")
    assert "Hello, Ada! This is https://app.example/shop/" in tab.content()
