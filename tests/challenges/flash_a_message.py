"""Tests of the challenges of docs/recipes/flash-a-message.md."""

BAD, GOOD = {"address": "ada"}, {"address": "ada@example.com"}
FAULT, DONE = "An address needs an @.", "You have subscribed."


def test_after_a_bad_address_the_form_is_shown_with_the_message(load):
    page = load("wrong.py").test_client().post("/", data=BAD, follow_redirects=True)
    assert page.status_code == 200
    assert FAULT in page.text
    assert "<form" in page.text


def test_the_message_is_shown_once(load):
    client = load("wrong.py").test_client()
    client.post("/", data=BAD, follow_redirects=True)
    assert FAULT not in client.get("/").text


def test_after_a_good_address_the_page_says_so(load):
    page = load("wrong.py").test_client().post("/", data=GOOD, follow_redirects=True).text
    assert DONE in page
    assert FAULT not in page
