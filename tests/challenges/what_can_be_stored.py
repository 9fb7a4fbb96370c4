"""Tests of the challenges of docs/understand/what-can-be-stored.md."""


def test_a_second_app_can_be_created(load):
    assert load("wrong.py").test_client().get("/").text == "A second app was made."


def test_a_set_is_a_set_in_the_next_request(load):
    client = load("wrong.py").test_client()
    with client.session_transaction() as session:
        session["names"] = {"ada", "alan"}
    with client.session_transaction() as session:
        assert session["names"] == {"ada", "alan"}
