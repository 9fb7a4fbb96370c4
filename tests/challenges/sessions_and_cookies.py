"""Tests of the challenges of docs/understand/sessions-and-cookies.md."""


def press(client, *buttons):
    """Press buttons, one after another; what the page shows then."""
    for button in buttons:
        client.post(f"/{button}")
    return client.get("/").text


def test_a_card_pays_for_2_coffees(load):
    page = press(load("wrong_rollback.py").test_client(), "card", "coffee", "coffee", "coffee")
    assert "Points left: 0" in page
    assert "Cards sold: 1. Coffees served: 2." in page


def test_a_copy_of_the_cookie_brings_no_points_back(load):
    client = load("wrong_rollback.py").test_client()
    page = press(client, "card", "copy", "coffee", "coffee", "back", "coffee")
    assert "Coffees served: 2." in page


def test_the_copy_brings_the_card_back(load):
    client = load("wrong_rollback.py").test_client()
    press(client, "card", "copy")
    client.delete_cookie("session")
    assert "Points left: no card" in press(client)
    assert "Points left: 10" in press(client, "back")
