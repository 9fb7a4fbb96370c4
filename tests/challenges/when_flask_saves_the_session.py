"""Tests of the challenges of docs/understand/when-flask-saves-the-session.md."""


def test_the_second_apple_is_in_the_cart(load):
    client = load("wrong.py").test_client()
    for _ in range(2):
        client.post("/add")
    assert "Cart: apple, apple" in client.get("/").text


def test_the_session_can_be_made_permanent(load):
    client = load("wrong.py").test_client()
    client.post("/add")
    assert "Expires" in client.post("/keep").headers["Set-Cookie"]


def test_the_count_is_kept_for_the_next_page(load):
    client = load("wrong_stream.py").test_client()
    for count in (1, 2):
        assert f"Counted: {count}" in client.post("/").text
        assert f"Counted: {count}" in client.get("/").text


def test_the_response_is_still_a_stream(load):
    response = load("wrong_stream.py").test_client().post("/")
    assert response.is_streamed
    assert "Counted: 1" in response.text
