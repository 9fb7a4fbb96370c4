"""Tests of docs/reference/what-browsers-do.md."""

import pytest
from flask import session

DAY = 24 * 3600


@pytest.mark.browser
def test_each_engine_does_what_the_table_says(engine):
    from tests.bench import browsers
    from tests.support import cookie_runs

    head, *rows = browsers.rows()
    column = next(at for at, cell in enumerate(head) if cell.startswith(engine.name))
    assert cookie_runs.answers(engine) == {row[0]: row[column] for row in rows}


@pytest.mark.source
def test_no_cell_claims_a_run_in_safari():
    from tests.bench import browsers

    head, *rows = browsers.rows()
    assert head[-1] == "Safari"
    assert rows
    assert {row[-1] for row in rows} == {"not run"}


def test_the_cookie_is_secure_and_lax(client):
    header = client.get("/").headers["Set-Cookie"]
    assert "Secure" in header
    assert "SameSite=Lax" in header


def test_in_debug_mode_the_cookie_is_not_secure(load, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    header = load("app.py").test_client().get("/").headers["Set-Cookie"]
    assert "Secure" not in header
    assert "SameSite=Lax" in header


def test_the_server_accepts_a_cookie_for_longer_than_browsers_keep_it(app, clock):
    app.config["PERMANENT_SESSION_LIFETIME"] = 800 * DAY
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.add_url_rule("/login", "login", view_func=lambda: session.update(user="ada", _permanent=True) or "")
    app.add_url_rule("/user", "user", view_func=lambda: session.get("user", "nobody"))
    client = app.test_client()
    client.get("/login")
    stolen = client.get_cookie("session").value
    for seconds, user in ((400 * DAY + 1, "ada"), (400 * DAY - 1, "ada"), (1, "nobody")):
        clock.tick(seconds)
        thief = app.test_client()
        thief.set_cookie("session", stolen)
        assert thief.get("/user").text == user
