"""Tests of the challenges of docs/learn/forms-and-templates.md."""


def test_a_new_visitor_has_not_signed_up(load):
    page = load("wrong.py").test_client().get("/").text
    assert page.count("not signed up") == 2


def test_a_visitor_who_brings_0_dishes_has_signed_up(load):
    client = load("wrong.py").test_client()
    client.post("/")
    page = client.get("/").text
    assert (page.count("signed up"), page.count("not signed up")) == (2, 0)
