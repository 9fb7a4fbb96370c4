"""Tests of docs/recipes/log-in-with-another-service.md."""

import base64
import json
import os
import time
import zlib
from urllib.parse import parse_qs, quote, urlsplit

import pytest

MISMATCH = "mismatching_state: CSRF Warning! State not equal in request and response."
# app.example leads to the app and login.example to the provider, over TLS; plain HTTP leads to the app as well.
NGINX = """
ssl_certificate certificate.pem;
ssl_certificate_key key.pem;
proxy_set_header Host $host;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
server { listen {port} ssl; server_name app.example; location / { proxy_pass http://127.0.0.1:APP; } }
server { listen {port} ssl; server_name login.example; location / { proxy_pass SERVICE; } }
server { listen 127.0.0.1:PLAIN; server_name app.example; location / { proxy_pass http://127.0.0.1:APP; } }
"""


@pytest.fixture(scope="module")
def running_service():
    """A provider of OpenID Connect, started for these tests and ended with them."""
    from tests.support import provider

    with provider.running() as service:
        yield service


@pytest.fixture
def service(running_service, monkeypatch, tmp_path):
    """The provider as it is at first, which the app's environment names; the app's database is in an empty folder."""
    running_service.reset()
    monkeypatch.chdir(tmp_path)
    return running_service


@pytest.fixture
def load(service, load, monkeypatch):
    """Load an app that knows the provider."""

    def loaded(name):
        app = load(name)
        assert oauth_of(app).service._server_metadata_url == os.environ["METADATA_URL"]
        oauth_of(app).service._server_metadata_url = f"{service.address}/.well-known/openid-configuration"
        return app

    return loaded


@pytest.fixture
def world(service, serve, nginx, internet):
    """Chromium, and the app and the provider on two sites over TLS."""

    def world(app):
        from tests.support import servers

        plain = servers.free_port()
        text = NGINX.replace("APP", str(serve(app))).replace("SERVICE", service.address).replace("PLAIN", str(plain))
        port = nginx(text)
        service.front = "https://login.example"
        service.returns = {"https://app.example/callback", "http://app.example/callback"}
        ports = {"https://app.example": port, "https://login.example": port, "http://app.example": plain}
        return internet(ports).new_page()

    return world


def oauth_of(app):
    """The OAuth object of this app."""
    return app.extensions["authlib.integrations.flask_client"]


def begin(client, path="/login", **options):
    """The provider's address, to which a login leads."""
    response = client.get(path, **options)
    assert response.status_code in (302, 303)
    return response.headers["Location"]


def approve(address):
    """The address to which the provider sends the browser back."""
    import requests

    return requests.get(address, allow_redirects=False, timeout=10).headers["Location"]


def log_in(client, path="/login"):
    """The app's response to a whole login."""
    return client.get(approve(begin(client, path)))


def greeted(client, name="Ada"):
    """Whether the page greets the user."""
    return f"Hello, {name}!" in client.get("/").text


def failed(response):
    """Whether the app says that the login failed."""
    return (response.status_code, "The login failed." in response.text) == (400, True)


def stored(client):
    """What this browser's session contains."""
    with client.session_transaction() as found:
        return dict(found)


def readable(client):
    """What anyone who has the cookie can read, without the key."""
    payload = client.get_cookie("session").value.rsplit(".", 2)[0]
    data = base64.urlsafe_b64decode(payload.lstrip(".") + "==")
    return json.loads(zlib.decompress(data) if payload.startswith(".") else data)


def query(address):
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.server
def test_a_login_leads_to_the_service_and_back(client, service):
    address = begin(client, "/login?next=/orders")
    assert address.startswith(service.address)
    assert query(address)["redirect_uri"] == "http://localhost/callback"
    response = client.get(approve(address))
    assert response.headers["Location"] == "/orders"
    assert greeted(client)
    assert '<form method="post" action="/logout"><button>Log out</button></form>' in client.get("/").text
    settings = oauth_of(client.application).service.client_kwargs
    assert settings == {"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": 10}


@pytest.mark.server
def test_after_the_login_the_session_contains_the_id_and_nothing_else(client):
    with client.session_transaction() as before:
        before["cart"] = ["tea"]
    log_in(client)
    assert stored(client) == readable(client) == {"user": 1}


@pytest.mark.server
def test_logging_out_empties_the_session(client):
    assert not greeted(client)
    log_in(client)
    assert greeted(client)
    assert client.get("/logout").status_code == 405
    client.post("/logout")
    assert client.get_cookie("session") is None
    assert not greeted(client)


@pytest.mark.server
def test_the_session_keeps_these_values_for_the_way_back(client):
    sent, now = query(begin(client)), time.time()
    found = stored(client)
    assert set(found) == {"next", f"_state_service_{sent['state']}"}
    state = found[f"_state_service_{sent['state']}"]
    assert set(state) == {"data", "exp"}
    assert abs(state["exp"] - now - 3600) < 60
    assert set(state["data"]) == {"redirect_uri", "nonce", "code_verifier", "url"}
    assert state["data"]["nonce"] == sent["nonce"]
    assert state["data"]["redirect_uri"] == sent["redirect_uri"]
    assert sent["code_challenge_method"] == "S256"
    assert state["data"]["code_verifier"] not in state["data"]["url"]


@pytest.mark.server
def test_the_verifier_can_be_read_in_the_cookie(client):
    begin(client)
    (state,) = (value for key, value in readable(client).items() if key.startswith("_state_"))
    assert len(state["data"]["code_verifier"]) == 48


@pytest.mark.server
def test_authlib_removes_old_states_at_the_end_of_another_login_and_accepts_them_until_then(app):
    app.view_functions["callback"] = lambda: oauth_of(app).service.authorize_access_token()["userinfo"]["name"]
    for age, other_login, works in ((1, False, True), (1, True, False), (-60, True, True)):
        client = app.test_client()
        back = approve(begin(client))
        with client.session_transaction() as found:
            (key,) = (key for key in found if key.startswith("_state_"))
            found[key] = found[key] | {"exp": time.time() - age}
        another = approve(begin(client))
        assert key in stored(client)
        if other_login:
            assert client.get(another).text == "Ada"
        assert (key in stored(client)) is works
        assert (client.get(back).status_code == 200) is works


@pytest.mark.server
def test_a_link_from_eve_does_not_log_ada_in_as_eve(app, service):
    eve, ada = app.test_client(), app.test_client()
    service.subject, service.name = "eve-1", "Eve"
    link = approve(begin(eve))
    assert failed(ada.get(link))
    begin(ada)
    assert failed(ada.get(link))
    assert not any(key.startswith("_state_") for key in stored(ada))
    assert not greeted(ada, "Eve")
    eve.get(link)
    assert greeted(eve, "Eve")


@pytest.mark.server
def test_a_code_works_only_with_the_verifier_of_its_login(app):
    ada, eve = app.test_client(), app.test_client()
    client = oauth_of(app).service
    client.client_kwargs["scope"] = "profile"  # so that no nonce helps
    code, own = query(approve(begin(ada)))["code"], query(begin(eve))["state"]
    assert failed(eve.get(f"/callback?code={code}&state={own}"))
    client.client_kwargs["code_challenge_method"] = None
    app.view_functions["callback"] = lambda: client.authorize_access_token()["access_token"]
    code, own = query(approve(begin(ada)))["code"], query(begin(eve))["state"]
    assert eve.get(f"/callback?code={code}&state={own}").text == "of the access"


@pytest.mark.server
@pytest.mark.parametrize("claims", [{"nonce": "x"}, {"nonce": None}, {"iss": "x"}, {"aud": "x"}, {"exp": 1}])
def test_an_id_token_for_another_login_service_or_client_is_rejected(client, service, claims):
    service.claims = claims
    assert failed(log_in(client))
    service.claims = {}
    assert log_in(client).status_code in (302, 303)


@pytest.mark.server
def test_an_id_token_with_the_signature_of_another_key_is_rejected(client, service):
    from joserfc.jwk import ECKey

    service.signs = ECKey.generate_key("P-256", {"kid": "1"})
    assert failed(log_in(client))


HOSTILE = ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example/", "/\t/evil.example/"]
HOSTILE += ["/\n/evil.example", "evil.example", "javascript:alert(1)", ""]


@pytest.mark.server
@pytest.mark.parametrize("target", HOSTILE)
def test_next_leads_only_to_paths_of_the_app(client, target):
    assert log_in(client, f"/login?next={quote(target, safe='')}").headers["Location"] == "/"


@pytest.mark.server
def test_a_long_next_is_cut_off(client):
    assert len(log_in(client, f"/login?next=/{5000 * 'x'}").headers["Location"]) == 500


@pytest.mark.server
def test_the_user_is_known_by_issuer_and_subject_and_not_by_the_name(app, service):
    client = app.test_client()
    log_in(client)
    service.name = "Ada Lovelace"
    again = app.test_client()
    log_in(again)
    assert stored(again) == stored(client) == {"user": 1}
    assert greeted(again, "Ada Lovelace")
    service.subject = "another-1815"
    log_in(other := app.test_client())
    assert stored(other)["user"] > 1
    remember = app.view_functions["callback"].__globals__["users"].remember
    assert remember({"iss": "https://other.example", "sub": "another-1815"}) > stored(other)["user"]


@pytest.mark.server
def test_the_id_of_a_deleted_user_is_not_given_to_another(app, service):
    log_in(ada := app.test_client())
    users = app.view_functions["callback"].__globals__["users"]
    users.query("DELETE FROM users WHERE id = ?", stored(ada)["user"])
    service.subject, service.name = "another-1912", "Alan"
    log_in(alan := app.test_client())
    assert greeted(alan, "Alan")
    assert stored(alan) != stored(ada) == {"user": 1}
    assert ada.get("/").text == '<a href="/login">Log in</a>'


@pytest.mark.server
@pytest.mark.parametrize("name", [None, ""])
def test_a_user_without_a_name_is_greeted_as_a_friend(client, service, name):
    service.name = name
    log_in(client)
    assert greeted(client, "friend")


@pytest.mark.server
def test_names_are_escaped(client, service):
    service.name = "<b>Ada"
    log_in(client)
    assert greeted(client, "&lt;b&gt;Ada")


@pytest.mark.server
def test_an_error_of_the_service_is_not_shown_to_the_visitor(client, caplog):
    response = client.get("/callback?error=access_denied&error_description=<script>%0A")
    assert failed(response)
    assert "script" not in response.text
    assert "access_denied: <script>\\n" in caplog.text


@pytest.mark.server
def test_without_the_state_the_message_is_this_one(client, caplog):
    from authlib.integrations.flask_client import OAuthError

    back = approve(begin(client))
    client.delete_cookie("session")
    assert failed(client.get(back))
    assert MISMATCH in caplog.text
    with client.application.test_request_context(back), pytest.raises(OAuthError) as caught:
        oauth_of(client.application).service.authorize_access_token()
    assert str(caught.value) == MISMATCH


def mismatch(caplog):
    """Whether a login failed because of its state."""
    return MISMATCH in caplog.text


@pytest.mark.server
def test_a_state_works_once(client, caplog):
    back = approve(begin(client))
    client.get(back)
    assert greeted(client)
    assert client.get(back).headers["Location"] == "/"
    client.post("/logout")
    assert failed(client.get(back))
    assert mismatch(caplog)
    authlib = oauth_of(client.application).service
    client.application.view_functions["callback"] = lambda: authlib.authorize_access_token()["userinfo"]["name"]
    assert client.get(approve(begin(client))).text == "Ada"
    assert set(stored(client)) == {"next"}


@pytest.mark.server
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_authlib_keeps_a_state_for_each_tab(app, order):
    app.view_functions["callback"] = lambda: oauth_of(app).service.authorize_access_token()["userinfo"]["name"]
    client = app.test_client()
    tabs = [approve(begin(client)) for _ in range(2)]
    assert [client.get(tabs[number]).text for number in order] == ["Ada", "Ada"]


@pytest.mark.server
def test_the_second_tab_is_sent_home_after_the_first_one_has_logged_in(client, caplog):
    tabs = [approve(begin(client)) for _ in range(2)]
    client.get(tabs[0])
    assert client.get(tabs[1]).headers["Location"] == "/"
    assert mismatch(caplog)
    assert greeted(client)


@pytest.mark.server
def test_of_two_logins_that_begin_at_once_the_later_response_wins(app, caplog):
    client, other = app.test_client(), app.test_client()
    back = approve(begin(client))
    approve(begin(other))
    client.set_cookie("session", other.get_cookie("session").value)
    assert failed(client.get(back))
    assert mismatch(caplog)


@pytest.mark.server
def test_clear_in_between_removes_the_state(client, caplog):
    back = approve(begin(client))
    client.post("/logout")
    assert failed(client.get(back))
    assert mismatch(caplog)


@pytest.mark.server
@pytest.mark.parametrize("key", ["another", "the key of the tests and transcripts"])
def test_a_worker_with_another_key_does_not_know_the_state(app, load, caplog, key):
    client = app.test_client()
    back = approve(begin(client))
    worker = load("app.py")
    worker.secret_key = key
    other = worker.test_client()
    other.set_cookie("session", client.get_cookie("session").value)
    assert failed(other.get(back)) is (key == "another")
    assert mismatch(caplog) is (key == "another")


@pytest.mark.server
def test_with_a_cache_the_values_are_not_in_the_cookie(app):
    from cachelib import SimpleCache

    oauth_of(app).service.framework.cache = cache = SimpleCache()
    client = app.test_client()
    back = approve(begin(client))
    (key,) = (key for key in stored(client) if key.startswith("_state_"))
    assert set(readable(client)[key]) == {"exp"}
    assert set(json.loads(cache.get(key))["data"]) == {"redirect_uri", "nonce", "code_verifier", "url"}
    client.get(back)
    assert greeted(client)
    assert not cache.has(key)


@pytest.mark.server
def test_behind_a_proxy_the_way_back_is_https_only_with_proxyfix(app):
    told = {"X-Forwarded-Proto": "https"}
    client = app.test_client()
    assert query(begin(client, headers=told))["redirect_uri"] == "https://localhost/callback"
    app.wsgi_app = app.wsgi_app.app
    assert query(begin(client, headers=told))["redirect_uri"] == "http://localhost/callback"


@pytest.mark.server
def test_a_proxy_that_does_not_pass_the_host_on_leads_to_an_address_of_its_own(app, service):
    import requests

    address = begin(app.test_client(), base_url="http://127.0.0.1:8000")
    assert query(address)["redirect_uri"] == "http://127.0.0.1:8000/callback"
    response = requests.get(address, timeout=10)
    assert (response.status_code, response.text) == (400, "redirect_uri_mismatch")


@pytest.mark.server
def test_wrong_shows_the_tokens_to_anyone_who_has_the_cookie(load):
    client = load("wrong.py").test_client()
    assert "Log in" in client.get("/").text
    log_in(client)
    assert greeted(client)
    assert readable(client)["token"]["refresh_token"] == "of the refresh"  # noqa: S105
    assert readable(client)["token"]["access_token"] == "of the access"  # noqa: S105


def ends_at(tab, home="https://app.example/"):
    """What the page says at the end of a login in Chromium, which begins with the link on the app's own page."""
    tab.goto(home)
    tab.get_by_role("link", name="Log in").click()
    return end(tab)


def end(tab):
    """What the page says at the end of a login that has begun."""
    greeting = tab.get_by_text("Hello, Ada!").or_(tab.get_by_text("The login failed."))
    button = tab.get_by_role("button", name="Continue as Ada")
    greeting.or_(button).wait_for()
    if button.count():
        button.click()
    return greeting.inner_text()


@pytest.mark.browser
def test_in_chromium_strict_loses_the_state_once_the_service_shows_a_page(app, world, service, caplog):
    tab, found = world(app), {}
    for setting in ("Lax", "Strict"):
        for asks in (True, False):
            tab.context.clear_cookies()
            app.config["SESSION_COOKIE_SAMESITE"], service.asks = setting, asks
            found[setting, asks] = ends_at(tab)
    assert found.pop(("Strict", True)) == "The login failed. Try again"
    assert mismatch(caplog)
    assert set(found.values()) == {"Hello, Ada!"}


@pytest.mark.browser
def test_in_chromium_a_callback_over_http_comes_without_a_secure_cookie(app, world, caplog):
    app.wsgi_app = app.wsgi_app.app
    assert ends_at(world(app)) == "The login failed. Try again"
    assert mismatch(caplog)


@pytest.mark.browser
def test_in_chromium_localhost_and_127_0_0_1_are_two_hosts(app, serve, page, service, caplog):
    port = serve(app)
    back = f"http://localhost:{port}/callback"
    service.returns = {back}
    app.view_functions["log_in"] = lambda: oauth_of(app).service.authorize_redirect(back)
    assert ends_at(page, f"http://127.0.0.1:{port}/") == "The login failed. Try again"
    assert mismatch(caplog)
    assert ends_at(page, f"http://localhost:{port}/") == "Hello, Ada!"


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")
def test_in_chromium_unfinished_logins_fill_the_cookie_until_one_fails(app, serve, page, service, caplog):
    home = f"http://localhost:{serve(app)}/"
    service.returns = {f"{home}callback"}
    for unfinished, text in ((15, "Hello, Ada!"), (25, "The login failed. Try again")):
        page.context.clear_cookies()
        for _ in range(unfinished):
            page.context.request.get(f"{home}login", max_redirects=0)
        assert ends_at(page, home) == text
        assert mismatch(caplog) is (unfinished == 25)
    page.get_by_role("link", name="Try again").click()
    assert end(page) == "Hello, Ada!"
