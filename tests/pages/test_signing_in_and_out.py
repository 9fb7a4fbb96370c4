"""Proofs for docs/learn/signing-in-and-out.md."""

import hashlib

from werkzeug.security import check_password_hash, generate_password_hash

ADA = {"user": "ada", "password": "lovelace"}
ALAN = {"user": "alan", "password": "turing"}


def test_after_signing_in_the_page_is_there(client):
    client.post("/sign-in", data=ADA)
    assert "Signed in as ada." in client.get("/").text


def test_only_the_name_goes_into_the_session(client):
    client.post("/sign-in", data=ADA)
    with client.session_transaction() as stored:
        assert dict(stored) == {"user": "ada"}


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client):
    wrong, unknown = (client.post("/sign-in", data=ADA | {key: "guess"}) for key in ("password", "user"))
    assert wrong.status_code == unknown.status_code == 403
    assert "The name or the password is wrong." in wrong.text
    assert wrong.text == unknown.text
    assert list(wrong.headers) == list(unknown.headers)
    assert "Set-Cookie" not in wrong.headers


def test_no_password_signs_in_an_unknown_name(load, monkeypatch):
    monkeypatch.setattr("werkzeug.security.check_password_hash", lambda *_: True)
    client = load("app.py").test_client()
    assert client.post("/sign-in", data=ADA).status_code in (302, 303)
    assert client.post("/sign-in", data=ADA | {"user": "grace"}).status_code == 403


def test_who_has_not_signed_in_is_sent_to_the_form(client):
    for answer in (client.get("/"), client.post("/", data={"note": "Tea"})):
        assert answer.status_code in (302, 303)
        assert answer.headers["Location"] == "/sign-in"
    assert "Sign in" in client.get("/sign-in").text


def test_a_guarded_view_function_is_not_run(client):
    client.post("/", data={"note": "Tea"})
    with client.session_transaction() as stored:
        assert "note" not in stored


def test_a_name_that_is_no_user_any_more_does_not_get_in(client):
    with client.session_transaction() as stored:
        stored["user"] = "grace"
    assert client.get("/").headers["Location"] == "/sign-in"


def test_each_endpoint_keeps_its_view_function_s_name(app):
    assert {"note", "write"} < set(app.view_functions)


def test_the_next_user_does_not_see_the_note_of_the_last(client):
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "Tea at four"})
    assert "Tea at four" in client.get("/").text
    client.post("/sign-in", data=ALAN)
    assert "Your note: none yet" in client.get("/").text


def test_a_failed_sign_in_clears_nothing(client):
    client.post("/sign-in", data=ADA)
    client.post("/sign-in", data=ALAN | {"password": "guess"})
    assert "Signed in as ada." in client.get("/").text


def test_signing_out_empties_the_session_and_deletes_the_cookie(client):
    client.post("/sign-in", data=ADA)
    client.post("/sign-out")
    assert client.get_cookie("session") is None
    assert client.get("/").headers["Location"] == "/sign-in"


def test_clear_creates_nothing_for_a_newcomer(client):
    assert client.post("/sign-out").headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")


def test_opening_the_address_of_sign_out_signs_nobody_out(client):
    client.post("/sign-in", data=ADA)
    assert client.get("/sign-out").status_code == 405
    assert "Signed in as ada." in client.get("/").text


def test_the_same_password_gives_another_hash_each_time():
    first, second = generate_password_hash("lovelace"), generate_password_hash("lovelace")
    assert first != second
    assert check_password_hash(first, "lovelace")
    assert check_password_hash(second, "lovelace")


def test_the_hash_does_not_show_the_password():
    assert "lovelace" not in generate_password_hash("lovelace")


def test_for_an_unknown_name_a_hash_is_computed_as_well(client, monkeypatch):
    computed, scrypt = [], hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *a, **k: computed.append(k) or scrypt(*a, **k))
    client.post("/sign-in", data={"user": "nobody", "password": "guess"})
    assert len(computed) == 1


def test_wrong_lets_in_whoever_asks(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    assert "Signed in as ada." in client.get("/").text


def test_wrong_shows_the_next_user_the_note_of_the_last(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    client.post("/", data={"note": "Tea at four"})
    client.get("/sign-in/alan")
    assert "Signed in as alan. Your note: Tea at four" in client.get("/").text


def test_wrong_signs_out_whoever_opens_a_link(load):
    client = load("wrong.py").test_client()
    client.get("/sign-in/ada")
    client.get("/sign-out")
    assert "Signed in as None." in client.get("/").text


def test_wrong_order_guards_nothing(load):
    answer = load("wrong_order.py").test_client().get("/")
    assert answer.status_code == 200
    assert "A note for those who have signed in." in answer.text


def test_a_copy_of_the_cookie_still_works_after_signing_out(app, client):
    client.post("/sign-in", data=ADA)
    copy = client.get_cookie("session").value
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copy)
    assert "Signed in as ada." in thief.get("/").text


def test_flask_does_not_ask_where_a_form_came_from(client):
    client.post("/sign-in", data=ADA)
    client.post("/", data={"note": "Hacked"}, headers={"Origin": "https://evil.example"})
    assert "Your note: Hacked" in client.get("/").text


def test_nothing_counts_the_tries(client):
    for guess in ("love", "lace"):
        assert client.post("/sign-in", data=ADA | {"password": guess}).status_code == 403
    assert client.post("/sign-in", data=ADA).headers["Location"] == "/"
