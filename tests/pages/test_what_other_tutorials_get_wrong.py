"""Proofs for docs/understand/what-other-tutorials-get-wrong.md."""

import pytest
from flask import Flask, session


@pytest.mark.parametrize("value", [True, False])
def test_flask_ignores_session_permanent(app, value):
    app.config["SESSION_PERMANENT"] = value
    client = app.test_client()
    assert "Expires" not in client.post("/points").headers["Set-Cookie"]
    assert "session.permanent: False" in client.get("/").text


def test_session_permanent_is_no_setting_of_flasks():
    assert "SESSION_PERMANENT" not in Flask("new").config
    assert "PERMANENT_SESSION_LIFETIME" in Flask("new").config


def test_setting_permanent_to_false_adds_a_key_and_changes_no_lifetime(app):
    with app.test_request_context():
        assert session.permanent is False
        session.permanent = False
        assert dict(session) == {"_permanent": False}


def test_get_gives_none_and_never_raises_keyerror(app):
    with app.test_request_context():
        assert session.get("missing") is None
        with pytest.raises(KeyError):
            session["missing"]


def test_a_stored_zero_fails_the_test_for_truth_and_passes_the_one_for_the_key(client):
    client.post("/points")
    page = client.get("/").text
    assert "if session.points: no" in page
    assert 'if "points" in session: yes' in page


def test_a_dot_in_a_template_finds_methods_before_keys(app):
    with app.test_request_context():
        session["items"] = "three apples"
        render = app.jinja_env.from_string
        assert "built-in method" in render("{{ session.items }}").render(session=session)
        assert render("{{ session['items'] }}").render(session=session) == "three apples"


def test_clear_in_a_new_browser_sends_a_deletion_alone(client):
    assert client.post("/clear").headers["Set-Cookie"].startswith("session=; Expires=Thu, 01 Jan 1970")


def test_importing_session_has_given_no_newcomer_a_cookie(client):
    assert "Set-Cookie" not in client.get("/").headers


def parts(folder):
    """The three parts of the broken listing: its import, its function, its view."""
    return (folder / "broken.py.txt").read_text("utf-8").split("\n\n\n")


def test_a_name_with_a_hyphen_cannot_be_imported(folder):
    with pytest.raises(SyntaxError):
        compile(parts(folder)[0], "broken.py", "exec")


def test_a_body_that_is_not_indented_does_not_parse(folder):
    with pytest.raises(IndentationError, match="expected an indented block after function definition"):
        compile(parts(folder)[1], "broken.py", "exec")


def test_a_bracket_that_is_not_closed_does_not_parse(folder):
    indented = parts(folder)[1].replace("return", "    return")
    with pytest.raises(SyntaxError, match="does not match opening parenthesis"):
        compile(indented, "broken.py", "exec")


def test_a_blueprint_that_nobody_created_has_no_name(folder):
    view = compile(parts(folder)[2], "broken.py", "exec")
    with pytest.raises(NameError, match="'views' is not defined"):
        exec(view, {})  # noqa: S102


def test_a_name_that_nobody_imported_fails_once_the_line_runs():
    def view():
        logger("no greeting yet")  # noqa: F821

    with pytest.raises(NameError, match="'logger' is not defined"):
        view()
