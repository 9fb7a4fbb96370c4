"""Tests of docs/recipes/two-apps-on-one-host.md."""

import pytest
from flask import request

from live.worker.browser import Browser


def admin_of(app):
    """The second app, which is mounted in the first."""
    return app.wsgi_app.mounts["/admin"]


def shown(app, *paths):
    """What one visitor of these paths is shown, in order: the app and the number of the visit."""
    visitor = Browser(app)
    return [visitor.request("GET", path).body.decode().partition("<p>")[2].partition("<")[0] for path in paths]


TURNS = "/", "/admin/", "/", "/admin/"


def test_each_app_counts_separately(app):
    assert shown(app, *TURNS) == ["Shop, visit 1", "Admin, visit 1", "Shop, visit 2", "Admin, visit 2"]


def test_the_browser_keeps_two_cookies(visitor):
    visitor.request("GET", "/")
    visitor.request("GET", "/admin/")
    assert [cookie.name for cookie in visitor.cookies] == ["shop_session", "admin_session"]


@pytest.fixture
def received(app, serve, page):
    """The names of the cookies that Chromium sends to these paths, one after another."""

    def received(*paths):
        seen = {}
        for each in (app, admin_of(app)):
            each.before_request(lambda: seen.update({request.script_root + request.path: set(request.cookies)}))
        address = f"http://127.0.0.1:{serve(app)}"
        for path in paths:
            page.goto(f"{address}{path}")
        return [seen[path] for path in paths]

    return received


@pytest.mark.browser
def test_chromium_does_not_send_the_admins_cookie_to_the_shop(received):
    assert received("/admin/", "/") == [set(), set()]


@pytest.mark.browser
def test_chromium_sends_the_shops_cookie_to_the_admin_too(received):
    assert received("/", "/admin/") == [set(), {"shop_session"}]


def test_flask_does_not_know_that_it_is_mounted_below_a_path(load):
    cookie = load("wrong.py").test_client().get("/admin/").headers["Set-Cookie"]
    assert cookie.endswith("Path=/")


def handed_over(app):
    """What the admin shows a visitor who gives it the shop's session under the admin's name."""
    client = app.test_client()
    client.get("/")
    client.get("/")
    client.set_cookie("admin_session", client.get_cookie("shop_session").value, path="/admin")
    return client.get("/admin/").text


def test_with_its_own_key_the_admin_rejects_a_session_of_the_shop(app):
    assert "Admin, visit 1" in handed_over(app)


def test_with_the_same_key_the_admin_accepts_a_session_of_the_shop(app):
    admin_of(app).secret_key = app.secret_key
    assert "Admin, visit 3" in handed_over(app)


def test_wrong_forgets_one_app_as_soon_as_the_other_responds(load):
    assert shown(load("wrong.py"), *TURNS) == ["Shop, visit 1", "Admin, visit 1"] * 2


def test_wrong_seems_right_as_long_as_one_app_is_visited(load):
    assert shown(load("wrong.py"), "/", "/") == ["Shop, visit 1", "Shop, visit 2"]


def test_wrong_shares_one_session_if_the_key_is_the_same(load):
    app = load("wrong.py")
    admin_of(app).secret_key = app.secret_key
    assert shown(app, *TURNS) == ["Shop, visit 1", "Admin, visit 2", "Shop, visit 3", "Admin, visit 4"]


def texts(page, *addresses):
    """What Chromium is shown at these addresses, in order."""
    return [page.goto(address) and page.inner_text("p") for address in addresses]


@pytest.mark.browser
def test_wrong_forgets_across_two_ports_in_chromium(load, serve, page):
    app = load("wrong.py")
    shop, admin = f"http://127.0.0.1:{serve(app)}/", f"http://127.0.0.1:{serve(app)}/admin/"
    assert texts(page, shop, admin, shop) == ["Shop, visit 1", "Admin, visit 1", "Shop, visit 1"]


@pytest.mark.browser
def test_two_names_keep_both_across_two_ports_in_chromium(app, serve, page):
    shop, admin = f"http://127.0.0.1:{serve(app)}/", f"http://127.0.0.1:{serve(app)}/admin/"
    assert texts(page, shop, admin, shop, admin)[2:] == ["Shop, visit 2", "Admin, visit 2"]


@pytest.mark.browser
def test_localhost_and_127_0_0_1_are_two_hosts_in_chromium(load, serve, page):
    app = load("wrong.py")
    shop, admin = f"http://127.0.0.1:{serve(app)}/", f"http://localhost:{serve(app)}/admin/"
    assert texts(page, shop, admin, shop) == ["Shop, visit 1", "Admin, visit 1", "Shop, visit 2"]


@pytest.fixture
def read_session(folder, monkeypatch):
    """What another program uses that has the shop's key."""
    from runpy import run_path

    from tests.support import loading

    monkeypatch.setenv("SHOP_KEY", loading.ENVIRONMENT["SHOP_KEY"])
    return run_path(str(folder / "read_session.py"))["read_session"]


def test_another_program_reads_the_session_of_the_shop(app, read_session):
    client = app.test_client()
    for visits in (1, 2):
        client.get("/")
        assert read_session(client.get_cookie("shop_session").value) == {"visits": visits}


def test_another_program_does_not_read_a_forged_or_old_cookie(app, read_session, clock):
    client = app.test_client()
    client.get("/")
    client.get("/admin/")
    cookie = client.get_cookie("shop_session").value
    admins = client.get_cookie("admin_session", path="/admin").value
    for forged in ("", "visits", cookie[:-2], f"x{cookie}", admins):
        assert read_session(forged) == {}
    clock.tick(31 * 24 * 3600)
    assert read_session(cookie) == {"visits": 1}
    clock.tick(1)
    assert read_session(cookie) == {}
