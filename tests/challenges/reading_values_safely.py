"""Tests of the challenges of docs/learn/reading-values-safely.md."""


def test_a_new_visitor_gets_the_page(load):
    response = load("wrong.py").test_client().get("/")
    assert response.status_code == 200
    assert "Your color: " in response.text


def test_a_visitor_who_chose_green_sees_green(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_a_new_visitor_has_no_color_yet(load):
    assert "Your color: none yet" in load("wrong_try.py").test_client().get("/").text


def test_a_visitor_who_chose_green_finds_it(load):
    client = load("wrong_try.py").test_client()
    client.post("/")
    assert "Your color: green" in client.get("/").text
