"""Tests of the challenges of docs/recipes/require-login-on-every-page.md."""


def test_the_login_page_opens_for_visitors_who_are_logged_out(load):
    response = load("wrong.py").test_client().get("/login")
    assert (response.status_code, response.text) == (200, "The login form")


def test_the_page_sends_visitors_who_are_logged_out_to_the_login_page(load):
    response = load("wrong.py").test_client().get("/")
    assert (response.status_code, response.location) == (302, "/login")


def test_a_user_who_is_logged_in_sees_the_page(load):
    client = load("wrong.py").test_client()
    with client.session_transaction() as session:
        session["user"] = "ada"
    assert client.get("/").text == "The page for users"
