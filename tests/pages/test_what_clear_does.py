"""Proofs for docs/understand/what-clear-does.md."""

from datetime import timedelta

from flask import flash, session

DELETION = "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/"


def press(client, *actions):
    """Press these buttons one after another; the last answer comes back."""
    return [client.post("/", data={"action": action}) for action in actions][-1]


def test_clear_in_a_fresh_browser_creates_nothing_and_sends_a_deletion(client):
    assert press(client, "clear").headers.getlist("Set-Cookie") == [DELETION]
    assert client.get_cookie("session") is None


def test_clear_empties_the_dictionary(app):
    with app.test_request_context():
        session["name"] = "Ada"
        session.clear()
        assert dict(session) == {}


def test_an_emptied_session_deletes_the_cookie_in_this_browser(client):
    assert press(client, "enter", "clear").headers.getlist("Set-Cookie") == [DELETION]
    assert client.get_cookie("session") is None
    assert "Signed in: nobody" in client.get("/").text


def test_a_copy_of_the_old_cookie_still_works_after_clear(client):
    press(client, "enter", "copy", "clear")
    assert "Signed in: nobody" in client.get("/").text
    press(client, "replay")
    assert "Signed in: Ada" in client.get("/").text


def test_the_copy_works_in_another_browser_too(app, client):
    press(client, "enter")
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    press(client, "clear")
    assert "Signed in: Ada" in thief.get("/").text


def test_the_copy_ends_with_the_lifetime(app, client, clock):
    press(client, "enter", "copy", "clear")
    clock.tick(timedelta(days=31, seconds=1))
    press(client, "replay")
    assert "Signed in: nobody" in client.get("/").text


def test_a_new_key_ends_the_copy_and_everybody_elses_session(app, client):
    other = app.test_client()
    press(other, "enter")
    press(client, "enter", "copy", "clear")
    app.secret_key = "another key"  # noqa: S105
    press(client, "replay")
    assert "Signed in: nobody" in client.get("/").text
    assert "Signed in: nobody" in other.get("/").text


def test_a_session_has_no_id_so_two_visitors_can_have_the_same_cookie(app, clock):
    ada, other = app.test_client(), app.test_client()
    press(ada, "enter")
    press(other, "enter")
    assert ada.get_cookie("session").value == other.get_cookie("session").value


def test_clear_and_a_write_in_one_request_send_a_new_cookie(client):
    headers = press(client, "enter").headers.getlist("Set-Cookie")
    assert len(headers) == 1
    assert headers[0].startswith("session=eyJ")


def test_clear_before_signing_in_drops_what_was_there(client):
    with client.session_transaction() as stored:
        stored["left_by"] = "somebody else"
    press(client, "enter")
    with client.session_transaction() as stored:
        assert dict(stored) == {"name": "Ada"}


def test_clear_takes_permanent_and_waiting_messages_along(app):
    with app.test_request_context():
        session.permanent = True
        flash("saved")
        assert set(session) == {"_permanent", "_flashes"}
        session.clear()
        assert not session.permanent
        assert set(session) == set()


def test_opening_a_page_cannot_sign_out(client):
    press(client, "enter")
    client.get("/?action=clear")
    assert "Signed in: Ada" in client.get("/").text


def test_wrong_is_not_permanent_after_clear(load):
    client = load("wrong.py").test_client()
    assert "Expires" not in client.post("/").headers["Set-Cookie"]
    assert "Signed in: Ada, not permanent" in client.get("/").text


def test_permanent_after_clear_stays_permanent(app):
    with app.test_request_context():
        session.clear()
        session.permanent = True
        assert session.permanent


def test_wrong_start_never_gets_beyond_the_first_step(load):
    client = load("wrong_start.py").test_client()
    for _ in range(3):
        client.post("/")
        assert "Steps: 0" in client.get("/").text


def test_a_session_needs_no_start(app):
    with app.test_request_context():
        session["name"] = "Ada"
        assert session["name"] == "Ada"
