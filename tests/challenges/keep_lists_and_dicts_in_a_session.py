"""Tests of the challenges of docs/recipes/keep-lists-and-dicts-in-a-session.md."""


def test_the_order_has_both_teas(load):
    client = load("wrong.py").test_client()
    for tea in ("green", "mint"):
        client.post("/", data={"tea": tea})
    assert "Order: green, mint." in client.get("/").text


def test_a_tea_that_is_not_on_the_list_is_rejected(load):
    client = load("wrong.py").test_client()
    assert client.post("/", data={"tea": "coffee"}).status_code == 400
    assert "Order: ." in client.get("/").text
