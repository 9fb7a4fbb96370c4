"""Proofs for docs/recipes/count-visits.md."""



def test_each_visit_adds_one(client):
    assert client.get("/").text == "Visits: 1"
    assert client.get("/").text == "Visits: 2"


def test_each_visitor_has_a_count_of_their_own(app):
    first, second = app.test_client(), app.test_client()
    first.get("/")
    first.get("/")
    assert second.get("/").text == "Visits: 1"
