import pytest


@pytest.fixture
def ada(client):
    with client.session_transaction() as stored:
        stored["name"] = "Ada"
    return client


def test_ada_is_greeted(ada):
    assert "Hello, Ada!" in ada.get("/").text


def test_ada_is_forgotten(ada):
    ada.post("/forget")
    assert "Hello, stranger!" in ada.get("/").text
