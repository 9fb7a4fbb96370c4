"""Tests of docs/recipes/cache-pages-that-use-the-session.md."""

import pytest
from flask import Flask, Response, render_template_string, send_from_directory, session
from flask_wtf import CSRFProtect

# A real nginx that caches. IGNORE is replaced by what a hasty configuration adds.
NGINX = """
proxy_cache_path cache keys_zone=cache:1m;
server {
  listen {port};
  location / {
    proxy_pass http://127.0.0.1:APP;
    proxy_cache cache;
    add_header X-Cache $upstream_cache_status;
    IGNORE
  }
}
"""
OVERLOOK = "proxy_ignore_headers Vary Set-Cookie; proxy_cache_valid 200 1m;"


@pytest.fixture
def cached(serve, nginx):
    """The app behind a cache: `cached(app)` gives a function that fetches a path, by default without a cookie."""
    from urllib.request import Request, urlopen

    def cached(app, ignore=""):
        port = nginx(NGINX.replace("APP", str(serve(app))).replace("IGNORE", ignore))
        return lambda path, cookie="": urlopen(Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie}))

    return cached


def cookie_of(response):
    """What a browser sends back."""
    return response.headers["Set-Cookie"].partition(";")[0]


def test_a_page_that_uses_the_session_may_not_be_stored(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_a_page_that_does_not_use_the_session_may_be_stored(client):
    client.get("/")
    response = client.get("/news")
    assert response.headers["Cache-Control"] == "max-age=60"
    assert "Vary" not in response.headers


@pytest.mark.server
def test_nginx_stores_the_news_but_not_the_page(app, cached):
    get = cached(app)
    assert [get("/news").headers["X-Cache"] for _ in range(2)] == ["MISS", "HIT"]
    assert [get("/").headers["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]


@pytest.mark.server
def test_even_a_cache_that_overlooks_both_headers_keeps_visitors_apart(app, cached):
    get = cached(app, OVERLOOK)
    assert get("/").read() != get("/").read()


@pytest.mark.parametrize("path", ["/news", "/static/site.css"])
def test_by_default_flask_sends_a_permanent_session_with_every_response(app, tmp_path, path):
    app.static_folder = tmp_path
    (tmp_path / "site.css").touch()
    client = app.test_client()
    client.get("/")
    assert "Set-Cookie" not in client.get(path, buffered=True).headers
    app.session_interface = Flask.session_interface
    assert "Set-Cookie" in client.get(path, buffered=True).headers


def test_a_visit_to_the_page_still_renews_the_cookie(visitor, clock):
    first = visitor.request("GET", "/").body
    for _ in range(2):
        clock.tick(20 * 24 * 3600)
        assert visitor.request("GET", "/").body == first


@pytest.mark.server
@pytest.mark.parametrize(("interface", "second"), [(None, "HIT"), (Flask.session_interface, "MISS")])
def test_nginx_does_not_store_a_response_that_sets_a_cookie(app, cached, interface, second):
    app.session_interface = interface or app.session_interface
    get = cached(app)
    cookie = cookie_of(get("/"))
    assert [get("/news", cookie).headers["X-Cache"] for _ in range(2)] == ["MISS", second]


@pytest.mark.server
def test_wrong_is_not_stored_by_an_nginx_that_respects_the_headers(load, cached):
    get = cached(load("wrong.py"))
    assert get("/").read() != get("/").read()


@pytest.mark.server
def test_wrong_gives_one_visitors_page_and_session_to_all(load, cached):
    get = cached(load("wrong.py"), OVERLOOK)
    first, second = get("/"), get("/")
    assert first.read() == second.read()
    assert cookie_of(first) == cookie_of(second)


def test_wrong_lets_caches_store_a_page_of_the_session(load):
    headers = load("wrong.py").test_client().get("/").headers
    assert headers["Cache-Control"] == "max-age=60"
    assert headers["Vary"] == "Cookie"
    assert headers["Set-Cookie"]


@pytest.mark.browser
@pytest.mark.parametrize(("interface", "kept"), [(None, False), (Flask.session_interface, True)])
def test_after_a_logout_chromium_goes_back_to_the_old_page_unless_it_has_no_store(app, serve, page, interface, kept):
    app.session_interface = interface or app.session_interface
    app.add_url_rule("/log-out", view_func=lambda: session.clear() or "Logged out")
    address = f"http://127.0.0.1:{serve(app)}"
    page.goto(f"{address}/")
    before = page.inner_text("body")
    assert before.startswith("You are visitor ")
    page.goto(f"{address}/log-out")
    assert page.inner_text("body") == "Logged out"
    page.go_back()
    assert page.inner_text("body").startswith("You are visitor ")
    assert (page.inner_text("body") == before) is kept


def test_a_file_whose_view_function_checks_the_session_may_not_be_stored(app, tmp_path):
    (tmp_path / "bill.txt").write_text("31 euros")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.add_url_rule("/open", "open", lambda: send_from_directory(tmp_path, "bill.txt"))
    app.add_url_rule(
        "/bill", "bill", lambda: send_from_directory(tmp_path, "bill.txt") if "visitor" in session else ("", 403)
    )
    client = app.test_client()
    assert client.get("/bill").status_code == 403
    client.get("/")
    assert "max-age=3600" in client.get("/open", buffered=True).headers["Cache-Control"]
    assert "no-store" not in client.get("/open", buffered=True).headers["Cache-Control"]
    guarded = client.get("/bill", buffered=True)
    assert guarded.text == "31 euros"
    assert "no-store" in guarded.headers["Cache-Control"]


def visitors_after_the_style_sheet(app):
    """What two visitors see who both load the style sheet; the first has been at the page before."""
    first, second = app.test_client(), app.test_client()
    page = first.get("/").text
    for client in (first, second):
        assert client.get("/site.css").text == "body { color: navy }"
    return page, second.get("/").text


def test_wrong_cached_makes_the_second_visitor_the_first(load):
    first, second = visitors_after_the_style_sheet(load("wrong_cached.py"))
    assert second == first


def test_fixed_cached_keeps_visitors_apart(load):
    first, second = visitors_after_the_style_sheet(load("fixed_cached.py"))
    assert second != first


def greetings(**options):
    """What Ada, Alan and a visitor see at a page that Flask-Caching keeps."""
    from flask_caching import Cache

    app = Flask("cached")
    app.config.from_mapping({"SECRET_KEY": "any", "CACHE_TYPE": "SimpleCache"})
    cache = Cache(app)
    app.add_url_rule("/log-in/<user>", "log_in", lambda user: session.update(user=user) or user)
    app.add_url_rule("/", "index", cache.cached(**options)(lambda: f"Hello, {session.get('user', 'stranger')}!"))
    seen = []
    for user in ("ada", "alan", None):
        client = app.test_client()
        if user:
            client.get(f"/log-in/{user}")
        seen.append(client.get("/").text)
        with client.session_transaction() as stored:
            assert stored.get("user") == user
    return seen


@pytest.mark.package
def test_flask_caching_shows_one_users_page_to_all():
    assert greetings() == ["Hello, ada!"] * 3


@pytest.mark.package
def test_with_unless_flask_caching_keeps_users_apart():
    seen = greetings(unless=lambda: "user" in session)
    assert seen == ["Hello, ada!", "Hello, alan!", "Hello, stranger!"]


def vary_of(view, extension=lambda app: None):
    """The header Vary of a view's response, in an app with an extension."""
    app = Flask("vary")
    app.secret_key = "any"  # noqa: S105
    extension(app)
    app.add_url_rule("/", view_func=view)
    return app.test_client().get("/").headers.get("Vary")


@pytest.mark.parametrize(
    "view",
    [
        lambda: str(session.get("name")),
        lambda: str("name" in session),
        lambda: str(len(session)),
        lambda: str(list(session)),
        lambda: str(session.pop("name", "")),
        lambda: str(session.accessed),
    ],
)
def test_any_look_at_the_session_adds_vary(view):
    assert vary_of(view) == "Cookie"


def test_a_template_adds_vary_only_if_it_uses_the_session():
    assert vary_of(lambda: render_template_string("{{ session.name }}")) == "Cookie"
    assert vary_of(lambda: render_template_string("{{ get_flashed_messages() }}")) == "Cookie"
    assert vary_of(lambda: render_template_string("{{ 1 + 1 }}")) is None
    assert vary_of(lambda: render_template_string("{{ csrf_token() }}"), CSRFProtect) == "Cookie"
    assert vary_of(lambda: render_template_string("{{ 1 + 1 }}"), CSRFProtect) is None


def test_a_stream_that_looks_late_has_no_vary():
    from flask import stream_with_context

    def name():
        yield str(session.get("name"))

    assert vary_of(lambda: Response(stream_with_context(name()))) is None
