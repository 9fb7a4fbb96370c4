"""Tests of the challenges of docs/learn/laying-out-an-app.md."""

HTTPS = {"base_url": "https://localhost"}


def test_after_the_price_has_changed_the_basket_shows_the_new_sum(load):
    client = load("wrong.py").test_client()
    for path in ("/basket", "/price"):
        client.post(path, **HTTPS)
    assert "Apples cost 5. Your basket: 5." in client.get("/", **HTTPS).text


def test_apples_in_the_basket_cost_3_at_first(load):
    client = load("wrong.py").test_client()
    client.post("/basket", **HTTPS)
    assert "Apples cost 3. Your basket: 3." in client.get("/", **HTTPS).text


def test_an_empty_basket_costs_nothing(load):
    client = load("wrong.py").test_client()
    client.post("/price", **HTTPS)
    assert "Your basket: 0." in client.get("/", **HTTPS).text
