"""Tests of the challenges of docs/when-it-goes-wrong/a-cookie-that-is-never-stored.md."""

from live.worker.browser import Browser


def test_the_browser_stores_the_cookie_of_this_host(load):
    visitor = Browser(load("wrong.py"))
    visitor.visit("GET", "/")
    assert len(visitor.cookies) == 1


def test_the_second_visit_counts_as_the_second(load):
    visitor = Browser(load("wrong.py"))
    visitor.visit("GET", "/")
    assert visitor.visit("GET", "/")[-1].body == b"Visits: 2"


def test_the_fourth_photo_is_kept_like_the_first(load):
    visitor = Browser(load("wrong_large.py"))
    for photos in range(1, 5):
        assert b"Photos: %d" % photos in visitor.visit("POST", "/")[-1].body


def test_each_visitor_has_their_own_photos(load):
    app = load("wrong_large.py")
    Browser(app).visit("POST", "/")
    assert b"Photos: 0" in Browser(app).visit("GET", "/")[-1].body


def test_the_cookie_stays_below_4096_bytes(load):
    client = load("wrong_large.py").test_client()
    for _ in range(6):
        client.post("/")
    cookie = client.get_cookie("session")
    assert len(f"{cookie.key}={cookie.value}") < 4096
