"""Tests of the challenges of docs/recipes/cache-pages-that-use-the-session.md."""


def test_no_cache_may_store_the_page(load):
    cached = load("wrong.py").test_client().get("/").cache_control
    assert cached.no_store
    assert cached.max_age is None


def test_a_visitor_keeps_their_number(load):
    client = load("wrong.py").test_client()
    first = client.get("/").text
    assert first.startswith("You are visitor ")
    assert client.get("/").text == first


def test_two_visitors_get_different_numbers(load):
    app = load("wrong.py")
    assert app.test_client().get("/").text != app.test_client().get("/").text
