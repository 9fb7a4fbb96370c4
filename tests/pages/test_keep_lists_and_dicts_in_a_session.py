"""Tests of docs/recipes/keep-lists-and-dicts-in-a-session.md."""

import os

import pytest
from flask import session

TEAS, CUPS = ["mint"], {"mint": 1}


def after(app, change):
    """The lists and dicts that a request finds, after one in which a view made this change to the session."""
    client = app.test_client()
    with client.session_transaction() as stored:
        stored.update(teas=TEAS, cups=CUPS)
    app.add_url_rule("/change", view_func=lambda: str(change()))
    client.get("/change")
    with client.session_transaction() as found:
        return found["teas"], found["cups"]


def assign_after_the_change():
    cups = session["cups"]
    cups["mint"] = 2
    session["cups"] = cups


def plus_equals_on_the_key():
    session["teas"] += ["green"]


def pipe_equals_on_the_key():
    session["cups"] |= {"green": 1}


def say_that_it_changed():
    session["teas"].append("green")
    session.modified = True


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (assign_after_the_change, (TEAS, {"mint": 2})),
        (plus_equals_on_the_key, (["mint", "green"], CUPS)),
        (pipe_equals_on_the_key, (TEAS, {"green": 1, "mint": 1})),
        (say_that_it_changed, (["mint", "green"], CUPS)),
    ],
)
def test_these_changes_are_saved(app, change, found):
    assert after(app, change) == found


def plus_equals_on_a_variable():
    teas = session["teas"]
    teas += ["green"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: session["teas"].append("green"),
        lambda: session["teas"].remove("mint"),
        lambda: session["teas"].sort(reverse=True),
        lambda: session["cups"].update(mint=2),
        lambda: session["cups"].pop("mint"),
        lambda: session["cups"].setdefault("green", 1),
        plus_equals_on_a_variable,
    ],
)
def test_these_changes_are_lost(app, change):
    assert after(app, change) == (TEAS, CUPS)


def test_assigning_what_append_returns_stores_none(app):
    assert after(app, lambda: session.update(teas=session["teas"].append("green"))) == (None, CUPS)


def test_each_tea_is_counted(client):
    for tea in ("mint", "green", "mint"):
        client.post("/", data={"tea": tea})
    assert "Order: 1 green, 2 mint." in client.get("/").text


def test_the_latest_come_first_and_at_most_three_are_kept(client):
    for tea in ("mint", "mint", "green", "mint"):
        client.post("/", data={"tea": tea})
    with client.session_transaction() as stored:
        assert stored["latest"] == ["mint", "green", "mint"]


def test_a_list_keeps_its_order_and_a_dict_is_sorted_by_its_keys(app):
    teas, cups = after(app, lambda: session.update(teas=["b", "a"], cups={"b": 1, "a": 2}))
    assert teas == ["b", "a"]
    assert list(cups) == ["a", "b"]


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")
def test_chromium_rejects_a_session_that_outgrows_its_cookie(app, serve, page):
    def store(size):
        session["order"] = {os.urandom(size).hex(): 1}
        return "stored"

    app.add_url_rule("/store/<int:size>", view_func=store)
    address, pages = f"http://127.0.0.1:{serve(app)}/", []
    for size in (10, 4000):
        page.goto(f"{address}store/{size}")
        page.goto(address)
        pages.append(page.inner_text("p"))
    assert pages[0].startswith("Order: 1 ")
    assert pages[1] == pages[0]


@pytest.mark.parametrize("name", ["app.py", "wrong.py"])
@pytest.mark.parametrize("tea", ["coffee", "", "mint" * 2000])
def test_another_tea_is_rejected(load, name, tea):
    response = load(name).test_client().post("/", data={"tea": tea})
    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


def test_flask_sees_an_assignment_and_nothing_inside_a_value(app):
    with app.test_request_context():
        session.update(teas=["mint"])
        session.modified = False
        session["teas"].append("green")
        assert session.modified is False
        session["teas"] = session["teas"]
        assert session.modified is True


def ordered(app, *teas):
    """A visitor who has ordered these."""
    client = app.test_client()
    for tea in teas:
        client.post("/", data={"tea": tea})
    return client


def test_wrong_keeps_the_first_tea_and_loses_the_second(load):
    client = ordered(load("wrong.py"), "mint")
    assert "Set-Cookie" not in client.post("/", data={"tea": "green"}).headers
    assert "Order: mint." in client.get("/").text


def test_wrong_shows_the_second_tea_within_the_same_request(load):
    app = load("wrong.py")
    with ordered(app, "mint") as client:
        client.post("/", data={"tea": "green"})
        assert session["order"] == ["mint", "green"]


def permanent(app):
    """The same app, in which each session is made permanent."""
    app.before_request(lambda: session.update(_permanent=True) if "_permanent" not in session else None)
    return app


def test_wrong_seems_right_while_the_session_is_permanent(load):
    client = ordered(permanent(load("wrong.py")), "mint", "green", "mint")
    assert "Order: mint, green, mint." in client.get("/").text


def test_wrong_loses_it_again_without_refreshing(load):
    app = permanent(load("wrong.py"))
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    assert "Order: mint." in ordered(app, "mint", "green").get("/").text


@pytest.mark.package
@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize(("refresh", "order"), [(True, "mint, green"), (False, "mint")])
def test_wrong_seems_right_with_flask_session_while_it_refreshes(load, permanent, refresh, order):
    from cachelib import SimpleCache
    from flask_session import Session

    app = load("wrong.py")
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=SimpleCache())
    app.config.update(SESSION_PERMANENT=permanent, SESSION_REFRESH_EACH_REQUEST=refresh)
    Session(app)
    assert f"Order: {order}." in ordered(app, "mint", "green").get("/").text


def test_wrong_is_fixed_by_one_line(load):
    app = load("wrong.py")
    add = app.view_functions["add"]
    app.view_functions["add"] = lambda: setattr(session, "modified", True) or add()
    assert "Order: mint, green." in ordered(app, "mint", "green").get("/").text
