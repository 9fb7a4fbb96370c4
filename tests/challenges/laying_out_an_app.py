"""Tests of the challenges of docs/learn/laying-out-an-app.md."""


def test_after_the_price_has_changed_the_page_asks_for_the_new_one(load):
    client = load("wrong.py").test_client()
    for path in ("/", "/price"):
        client.post(path)
    assert "Price: 5. To pay: 5." in client.get("/").text


def test_apples_cost_3_at_first(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "Price: 3. To pay: 3." in client.get("/").text


def test_a_visitor_who_bought_nothing_pays_nothing(load):
    client = load("wrong.py").test_client()
    client.post("/price")
    assert "Price: 5. To pay: 0." in client.get("/").text
