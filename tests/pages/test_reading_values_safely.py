"""Proofs for docs/learn/reading-values-safely.md."""

import pytest
from flask import session


def test_get_with_a_default_reads_any_session(client):
    assert 'session.get("color", "gray"): gray' in client.get("/").text
    client.post("/green")
    assert 'session.get("color", "gray"): green' in client.get("/").text


def test_get_gives_none_for_a_missing_key(app):
    with app.test_request_context():
        assert session.get("color") is None


def test_in_tells_whether_the_key_is_there(client):
    with client.session_transaction() as stored:
        stored["another key"] = 1
    assert '"color" in session: False' in client.get("/").text
    client.post("/green")
    assert '"color" in session: True' in client.get("/").text


def test_the_brackets_raise_keyerror_for_a_missing_key(app):
    with app.test_request_context(), pytest.raises(KeyError, match="color"):
        session["color"]


def test_the_handled_keyerror_becomes_a_sentence(client):
    answer = client.get("/brackets")
    assert answer.status_code == 200
    assert answer.text == "There is no color yet."


def test_the_brackets_give_the_value_once_it_is_there(client):
    client.post("/green")
    assert client.get("/brackets").text == "Your color: green"


def test_none_of_the_reads_changes_the_session(client):
    for path in ("/", "/brackets"):
        assert "Set-Cookie" not in client.get(path).headers


def test_get_cannot_tell_a_stored_none_from_a_missing_key(app):
    with app.test_request_context():
        assert session.get("color", "gray") == "gray"
        session["color"] = None
        assert session.get("color", "gray") is None
        assert "color" in session


def test_a_comparison_with_get_is_false_for_a_newcomer(app):
    with app.test_request_context():
        assert (session.get("color") == "green") is False


def test_wrong_answers_a_newcomer_with_500(load):
    assert load("wrong.py").test_client().get("/").status_code == 500


def test_wrong_works_for_who_has_a_value_already(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_wrong_names_the_missing_key_in_the_log(load, caplog):
    load("wrong.py").test_client().get("/")
    assert "KeyError: 'color'" in caplog.text


def test_wrong_try_never_reaches_its_except(load):
    client = load("wrong_try.py").test_client()
    assert "Your color: None" in client.get("/").text
    client.post("/")
    assert "Your color: green" in client.get("/").text


def test_pop_takes_the_value_out(client):
    client.post("/green")
    client.post("/forget")
    assert '"color" in session: False' in client.get("/").text


def test_pop_returns_the_value_that_it_took(client, capsys):
    client.post("/green")
    client.post("/forget")
    assert capsys.readouterr().out == "Forgotten: green\n"


def test_pop_with_a_default_does_not_mind_a_missing_key(client, capsys):
    assert client.post("/forget").status_code in (302, 303)
    assert capsys.readouterr().out == "Forgotten: None\n"


def test_pop_without_a_default_raises_keyerror(app):
    with app.test_request_context(), pytest.raises(KeyError):
        session.pop("color")


def test_taking_out_the_last_value_deletes_the_cookie(client):
    client.post("/green")
    assert client.post("/forget").headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")


def test_what_print_shows_is_not_in_the_answer(client):
    client.post("/green")
    assert "Forgotten" not in client.post("/forget").text


def test_setdefault_stores_the_first_value_and_keeps_it(app):
    with app.test_request_context():
        assert session.setdefault("color", "green") == "green"
        assert session.setdefault("color", "red") == "green"


def test_setdefault_changes_the_session_only_when_the_key_is_missing(app):
    with app.test_request_context(headers={"Cookie": cookie_with_a_color(app)}):
        session.setdefault("color", "red")
        assert session.modified is False
        session.setdefault("size", "large")
        assert session.modified is True


def cookie_with_a_color(app):
    """The Cookie header of a visitor who chose green."""
    return app.test_client().post("/green").headers["Set-Cookie"].partition(";")[0]
