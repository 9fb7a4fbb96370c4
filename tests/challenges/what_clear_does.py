"""Tests of the challenges of docs/understand/what-clear-does.md."""


def test_after_logging_in_ada_has_a_permanent_session(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "Logged in: Ada, permanent" in client.get("/").text


def test_logging_in_removes_what_was_in_the_session(load):
    client = load("wrong.py").test_client()
    with client.session_transaction() as session:
        session["note"] = "from before"
    client.post("/")
    with client.session_transaction() as session:
        assert session["name"] == "Ada"
        assert "note" not in session


def test_the_second_step_counts_as_the_second(load):
    client = load("wrong_start.py").test_client()
    for steps in (1, 2):
        client.post("/")
        assert f"Steps: {steps}" in client.get("/").text


def test_a_new_visitor_has_taken_no_step(load):
    assert "Steps: 0" in load("wrong_start.py").test_client().get("/").text
