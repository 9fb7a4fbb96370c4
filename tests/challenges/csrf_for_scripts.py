"""Tests of the challenges of docs/recipes/csrf-for-scripts.md."""

import re


def test_a_like_without_the_token_is_rejected(load):
    client = load("wrong.py").test_client()
    client.get("/")
    assert client.post("/likes").status_code == 400
    assert "Likes: 0" in client.get("/").text


def test_a_like_with_the_token_of_the_page_counts(load):
    client = load("wrong.py").test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)[1]
    assert client.post("/likes", headers={"X-CSRFToken": token}).text == "Likes: 1"


API = {"base_url": "https://api.shop.example"}
ORIGIN = {"Origin": "https://shop.example"}
OURS = API | {"headers": ORIGIN}


def preflight(app, origin):
    """What a browser asks before a script of another site sends its token."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "X-CSRFToken",
    }
    return app.test_client().options("/likes", headers=headers, **API)


def test_the_front_end_may_send_its_token(load):
    response = preflight(load("wrong_front_end.py"), "https://shop.example")
    assert response.headers["Access-Control-Allow-Headers"].lower() == "x-csrftoken"
    assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_another_site_may_send_nothing(load):
    response = preflight(load("wrong_front_end.py"), "https://evil.example")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_like_with_the_token_of_the_front_end_counts(load):
    client = load("wrong_front_end.py").test_client()
    assert "API" in client.get("/", **OURS).text
    token = client.get("/csrf-token", **OURS).text
    headers = ORIGIN | {"X-CSRFToken": token}
    assert client.post("/likes", headers=headers, **API).text == "Likes: 1"


def test_a_like_without_a_token_or_from_another_site_is_rejected(load):
    client = load("wrong_front_end.py").test_client()
    response = client.post("/likes", **OURS)
    assert (response.status_code, response.text) == (400, "The CSRF token is missing.")
    token = client.get("/csrf-token", **OURS).text
    headers = {"Origin": "https://evil.example", "X-CSRFToken": token}
    assert client.post("/likes", headers=headers, **API).status_code == 403
