"""Proofs for docs/learn/your-first-session.md."""


def test_a_value_written_in_one_request_is_there_in_the_next(client):
    client.post("/")
    assert "green" in client.get("/").text
