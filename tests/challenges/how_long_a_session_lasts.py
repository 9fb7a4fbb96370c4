"""Tests of the challenges of docs/learn/how-long-a-session-lasts.md."""


def test_the_ticket_is_still_there_after_the_browser_is_closed(load):
    from live.worker.browser import Browser

    visitor = Browser(load("wrong.py"))
    visitor.visit("POST", "/")
    visitor.close()
    assert b"Ticket: four hours" in visitor.visit("GET", "/")[-1].body


def test_a_new_visitor_has_no_ticket(load):
    assert "Ticket: none" in load("wrong.py").test_client().get("/").text


def test_the_ticket_ends_after_4_hours(load, clock):
    client = load("wrong.py").test_client()
    client.post("/")
    clock.tick(4 * 3600 + 2)
    assert "Ticket: none" in client.get("/").text
