"""Proofs for docs/recipes/two-apps-on-one-host.md."""

import pytest

from live.worker.browser import Browser


def admin_of(app):
    """The second app, which is mounted in the first."""
    return app.wsgi_app.mounts["/admin"]


def shown(app, *paths):
    """What one visitor of these paths is shown, in order: the app and the number of the visit."""
    visitor = Browser(app)
    return [visitor.request("GET", path).body.decode().partition("<p>")[2].partition("<")[0] for path in paths]


TURNS = "/", "/admin/", "/", "/admin/"


def test_each_app_counts_for_itself(app):
    assert shown(app, *TURNS) == ["Shop, visit 1", "Admin, visit 1", "Shop, visit 2", "Admin, visit 2"]


def test_the_browser_keeps_two_cookies(visitor):
    visitor.request("GET", "/")
    visitor.request("GET", "/admin/")
    assert [cookie.name for cookie in visitor.cookies] == ["shop_session", "admin_session"]


def test_the_path_keeps_the_admins_cookie_from_the_shop(visitor):
    visitor.request("GET", "/admin/")
    assert visitor.cookie_header("/") is None
    assert visitor.cookie_header("/admin/").startswith("admin_session=")


def test_the_shops_cookie_is_sent_to_the_admin_too(visitor):
    visitor.request("GET", "/")
    assert visitor.cookie_header("/admin/").startswith("shop_session=")


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


def test_with_a_key_of_its_own_the_admin_refuses_a_session_of_the_shop(app):
    assert "Admin, visit 1" in handed_over(app)


def test_with_one_key_the_admin_takes_a_session_of_the_shop_for_its_own(app):
    admin_of(app).secret_key = app.secret_key
    assert "Admin, visit 3" in handed_over(app)


def test_wrong_forgets_one_app_as_soon_as_the_other_answers(load):
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
