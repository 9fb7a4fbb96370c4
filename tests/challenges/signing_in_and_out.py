"""Tests of the challenges of docs/learn/signing-in-and-out.md."""

ADA = {"user": "ada", "password": "lovelace"}
ALAN = {"user": "alan", "password": "turing"}


def test_ada_logs_in_with_her_password(load):
    client = load("wrong.py").test_client()
    client.post("/sign-in", data=ADA)
    assert "Signed in as ada." in client.get("/").text


def test_neither_a_link_nor_a_wrong_password_logs_ada_in(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    client.post("/sign-in", data=ADA | {"password": "guessed"})
    assert "Signed in as ada" not in client.get("/").text


def test_the_next_user_does_not_see_the_note_of_the_last(load):
    client = load("wrong.py").test_client()
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "buy flowers"})
    assert "buy flowers" in client.get("/").text
    client.post("/sign-in", data=ALAN)
    page = client.get("/").text
    assert "Signed in as alan." in page
    assert "buy flowers" not in page


def test_a_link_does_not_log_ada_out_but_a_form_does(load):
    client = load("wrong.py").test_client()
    client.post("/sign-in", data=ADA)
    client.get("/sign-out")
    assert "Signed in as ada." in client.get("/").text
    client.post("/sign-out")
    assert "Signed in as ada" not in client.get("/").text
