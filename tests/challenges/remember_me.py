"""Tests of the challenges of docs/recipes/remember-me.md."""

from live.worker.browser import Browser

ADA = {"user": "ada", "password": "lovelace"}
BOX = {"remember": "on"}


def after_closing(app, form):
    """What a browser shows that was closed after this login."""
    visitor = Browser(app)
    visitor.visit("POST", "/", form)
    assert b"Signed in as ada" in visitor.visit("GET", "/")[-1].body
    visitor.close()
    return visitor.visit("GET", "/")[-1].body


def test_with_the_box_ada_is_still_logged_in_after_closing_the_browser(load):
    assert b"Signed in as ada" in after_closing(load("wrong.py"), ADA | BOX)


def test_without_the_box_ada_is_logged_out_by_closing_the_browser(load):
    assert b"Signed in as ada" not in after_closing(load("wrong.py"), ADA)


def test_logging_in_removes_what_an_earlier_user_left(load):
    client = load("wrong.py").test_client()
    https = {"base_url": "https://localhost"}
    with client.session_transaction(**https) as session:
        session["note"] = "from before"
    client.post("/", data=ADA, **https)
    with client.session_transaction(**https) as session:
        assert session["user"] == "ada"
        assert "note" not in session


def test_a_wrong_password_logs_nobody_in_and_ada_can_log_out(load):
    visitor = Browser(load("wrong.py"))
    assert b"Signed in as" not in visitor.visit("POST", "/", ADA | {"password": "x"})[-1].body
    visitor.visit("POST", "/", ADA)
    visitor.visit("POST", "/sign-out")
    assert b"Signed in as" not in visitor.visit("GET", "/")[-1].body
