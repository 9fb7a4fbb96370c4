"""Tests of the challenges of docs/learn/your-first-session.md."""


def test_after_the_button_the_page_shows_green(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_the_response_to_the_button_sets_the_cookie(load):
    assert load("wrong.py").test_client().post("/").headers["Set-Cookie"].startswith("session=")


def test_a_new_visitor_has_not_chosen(load):
    app = load("wrong.py")
    app.test_client().post("/")
    assert "Your color: none yet" in app.test_client().get("/").text
