from flask import session


def test_forget_takes_the_name_out(client):
    with client:
        client.get("/")
        session["name"] = "Ada"
        client.post("/forget")
        assert "name" not in session
