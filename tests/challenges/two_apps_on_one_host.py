"""Tests of the challenges of docs/recipes/two-apps-on-one-host.md."""

from live.worker.browser import Browser


def test_the_shop_and_the_admin_count_separately(load):
    visitor = Browser(load("wrong.py"))
    for visit in (1, 2):
        assert b"Shop, visit %d" % visit in visitor.visit("GET", "/")[-1].body
        assert b"Admin, visit %d" % visit in visitor.visit("GET", "/admin/")[-1].body


def test_the_browser_keeps_2_cookies(load):
    visitor = Browser(load("wrong.py"))
    for path in ("/", "/admin/"):
        visitor.visit("GET", path)
    assert len(visitor.cookies) == 2
