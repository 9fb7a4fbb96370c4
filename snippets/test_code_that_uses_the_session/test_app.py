from flask import session


def test_a_visitor_is_greeted_by_the_name_in_the_session(client):
    with client.session_transaction() as stored:
        stored["name"] = "Ada"
    assert "Hello, Ada!" in client.get("/").text


def test_the_form_puts_the_name_into_the_session(client):
    with client:
        client.post("/", data={"name": "Ada"})
        assert session["name"] == "Ada"


def test_forget_takes_the_name_out(client):
    with client.session_transaction() as stored:
        stored["name"] = "Ada"
    client.post("/forget")
    with client.session_transaction() as stored:
        assert "name" not in stored
