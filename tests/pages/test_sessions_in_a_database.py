"""Tests of docs/recipes/sessions-in-a-database.md."""

import base64
import pickle

import pytest
from flask import Flask, current_app, session
from werkzeug.routing import Rule

pytestmark = pytest.mark.package
HOURS = 3600


@pytest.fixture
def load(load, tmp_path, monkeypatch):
    """Load an app of the page's folder, with a database in a file that it shares with the others of the test."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'shop.db'}")
    return load


@pytest.fixture
def rows(app):
    """The rows of a table, by the name of its model: `rows("Order")`."""
    database = app.extensions["sqlalchemy"]
    models = {model.class_.__name__: model.class_ for model in database.Model.registry.mappers}

    def rows(name):
        with app.app_context():
            return database.session.query(models[name]).all()

    return rows


def sid(client):
    """The id that a visitor's cookie contains."""
    return client.get_cookie("session").value


def with_cart(client):
    """The same visitor, with tea in the cart."""
    client.post("/cart", data={"item": "tea"})
    return client


def with_cookie(app, value):
    """Another visitor who sends this id."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def another(app, endpoint):
    """What the app's factory makes when it is called again in the same process; `endpoint` is a view beside it."""
    return app.view_functions[endpoint].__globals__["create_app"]()


def view(app, name, function):
    """Add a page to an app that has answered already."""
    app.url_map.add(Rule(f"/{name}", endpoint=name))
    app.view_functions[name] = function


def test_the_cookie_contains_an_id_and_nothing_else(app, monkeypatch):
    ids = {sid(with_cart(app.test_client())) for _ in range(20)}
    assert len(ids) == 20
    assert {len(base64.urlsafe_b64decode(each + "=")) for each in ids} == {32}
    monkeypatch.setattr("secrets.token_bytes", lambda size: b"x" * size)
    assert base64.urlsafe_b64decode(sid(with_cart(app.test_client())) + "=") == b"x" * 32


def test_the_cart_is_in_the_table(client, rows):
    with_cart(client)
    [row] = rows("StoredSession")
    assert row.__tablename__ == "stored_session"
    assert b"tea" in row.data
    other = client.application.test_client()
    for item in ("milk", "rice"):
        other.post("/cart", data={"item": item})
    assert "Cart: tea." in client.get("/").text
    assert "Cart: milk, rice." in other.get("/").text
    other.post("/order")
    assert [order.items for order in rows("Order")] == ["milk, rice"]


def test_a_value_from_the_table_is_no_cookie(app, client, rows):
    with_cart(client)
    [row] = rows("StoredSession")
    assert sid(client) not in row.id
    assert "tea" in with_cookie(app, sid(client)).get("/").text
    assert "tea" not in with_cookie(app, row.id).get("/").text


def test_what_a_view_leaves_uncommitted_is_not_stored(client, rows):
    with_cart(client)
    assert client.post("/order").status_code == 302
    assert client.post("/order").status_code == 400
    assert [order.items for order in rows("Order")] == ["tea"]


def test_what_a_view_commits_is_stored(client, rows):
    with_cart(client).post("/order")
    assert "Cart: empty. Orders: 1." in client.get("/").text
    assert [order.items for order in rows("Order")] == ["tea"]


def test_a_view_that_raises_leaves_nothing_uncommitted_behind(app, client, rows):
    database = app.extensions["sqlalchemy"]
    [order] = [one.class_ for one in database.Model.registry.mappers if one.class_.__name__ == "Order"]

    def fails():
        session["seen"] = True
        database.session.add(order(items="half-finished"))
        database.session.flush()
        raise RuntimeError

    view(app, "fails", fails)
    assert with_cart(client).get("/fails").status_code == 500
    assert rows("Order") == []
    with client.session_transaction() as stored:
        assert stored["seen"]


def test_the_tables_are_made_with_the_app(load, tmp_path):
    assert not (tmp_path / "shop.db").exists()
    client = load("app.py").test_client()
    assert "Orders: 0" in client.get("/").text
    with_cart(client).post("/order")
    assert "Orders: 1" in load("app.py").test_client().get("/").text


def test_two_workers_that_make_the_tables_at_once_collide(app):
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    database = app.extensions["sqlalchemy"]

    @event.listens_for(database.metadata.tables["stored_session"], "before_create")
    def another_worker_is_quicker(table, connection, **_):
        connection.exec_driver_sql("CREATE TABLE stored_session (id TEXT)")

    with app.app_context():
        database.drop_all()
        with pytest.raises(OperationalError, match="stored_session already exists"):
            database.create_all()


def test_a_second_app_works_beside_the_first(app):
    second = another(app, "shop.index")
    client = with_cart(second.test_client())
    assert "tea" in client.get("/").text
    assert "tea" in with_cookie(app, sid(client)).get("/").text


def test_clear_deletes_the_row(app, client, rows):
    thief = with_cookie(app, sid(with_cart(client)))
    assert "tea" in thief.get("/").text
    client.post("/leave")
    assert rows("StoredSession") == []
    assert "tea" not in thief.get("/").text


@pytest.mark.parametrize("act", [lambda: session.get("cart"), lambda: session.update(seen=True)])
def test_a_request_in_flight_does_not_bring_the_session_back(app, client, rows, act):
    thief = with_cookie(app, sid(with_cart(client)))

    def slow():
        act()
        client.post("/leave")  # another request, which ends before this one
        return "done"

    view(app, "slow", slow)
    assert with_cookie(app, sid(client)).get("/slow").text == "done"
    assert rows("StoredSession") == []
    assert "tea" not in thief.get("/").text


def test_regenerate_gives_a_new_id_and_deletes_the_old_row(app, client, rows):
    def regenerate():
        session["user"] = "ada"
        current_app.session_interface.regenerate(session)
        return "done"

    view(app, "log-in", regenerate)
    old = sid(with_cart(client))
    client.get("/log-in")
    assert sid(client) != old
    assert len(rows("StoredSession")) == 1
    assert "tea" in client.get("/").text
    assert "tea" not in with_cookie(app, old).get("/").text


class Code:
    """What somebody who can write to the database could store: unpickling it calls a function."""

    def __reduce__(self):
        return print, ("The code ran.",)


def test_a_row_with_a_pickle_runs_no_code(app, client, rows, capsys):
    database = app.extensions["sqlalchemy"]
    value = sid(with_cart(client))
    [row] = rows("StoredSession")
    with app.app_context():
        row.data = pickle.dumps(Code())
        database.session.add(row)
        database.session.commit()
    with_cookie(app, value).get("/")
    assert "The code ran." not in capsys.readouterr().out


def test_an_expired_row_is_no_session(clock, client, rows):
    with_cart(client)
    clock.tick(8 * HOURS - 1)
    with client.session_transaction() as stored:
        assert stored["cart"] == ["tea"]
    clock.tick(8 * HOURS)
    assert "Cart: empty" in client.get("/").text
    assert len(rows("StoredSession")) == 1


def test_the_command_deletes_the_expired_rows_only(clock, app, client, rows):
    with_cart(client)
    clock.tick(8 * HOURS)
    with_cart(app.test_client())
    assert len(rows("StoredSession")) == 2
    assert app.test_cli_runner().invoke(args=["session_cleanup"]).exit_code == 0
    assert len(rows("StoredSession")) == 1
    assert "tea" not in client.get("/").text


def test_each_request_restarts_the_eight_hours(clock, client):
    with_cart(client)
    for _ in range(3):
        clock.tick(7 * HOURS)
        assert "tea" in client.get("/").text
    clock.tick(8 * HOURS)
    assert "tea" not in client.get("/").text


def test_without_refreshing_a_request_only_reads(clock, app, client, rows):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    with_cart(client)
    [before] = rows("StoredSession")
    clock.tick(7 * HOURS)
    assert "tea" in client.get("/").text
    [after] = rows("StoredSession")
    assert after.expires == before.expires
    with_cart(client)
    [written] = rows("StoredSession")
    assert written.expires > before.expires


def test_wrong_stores_the_order_of_an_empty_cart(load):
    client = load("wrong.py").test_client()
    assert client.post("/order", data={"items": ""}).status_code == 400
    assert client.get("/").text == "Orders: 1"


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_wrong_raises_when_a_second_app_is_made(load):
    app = load("wrong.py")
    with pytest.raises(Exception, match="Table 'sessions' is already defined for this MetaData instance"):
        another(app, "index")


@pytest.fixture
def bare():
    """An app with the settings of Flask-Session's own store, and a database object that doesn't know it yet."""
    from flask_sqlalchemy import SQLAlchemy

    app, database = Flask("bare"), SQLAlchemy()
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", SESSION_TYPE="sqlalchemy", SESSION_SQLALCHEMY=database)
    return app


@pytest.mark.filterwarnings("ignore:No valid SQLAlchemy instance provided")
def test_without_session_sqlalchemy_there_are_two_database_objects(bare):
    from flask_session import Session

    bare.config.pop("SESSION_SQLALCHEMY").init_app(bare)
    with pytest.raises(RuntimeError, match="A 'SQLAlchemy' instance has already been registered on this Flask app"):
        Session(bare)


def test_session_needs_a_database_object_that_knows_the_app(bare):
    from flask_session import Session

    message = "The current Flask app is not registered with this 'SQLAlchemy' instance"
    with pytest.raises(RuntimeError, match=message):
        Session(bare)


def test_session_makes_the_table_of_its_own_store(bare):
    from flask_session import Session
    from sqlalchemy import inspect

    database = bare.config["SESSION_SQLALCHEMY"]
    database.init_app(bare)
    with bare.app_context():
        assert inspect(database.engine).get_table_names() == []
        Session(bare)
        assert inspect(database.engine).get_table_names() == ["sessions"]


@pytest.mark.parametrize(("database", "blob"), [("postgresql", "BYTEA"), ("mysql", "BLOB")])
def test_postgresql_and_mysql_can_have_these_tables(app, database, blob):
    from sqlalchemy.dialects import registry
    from sqlalchemy.schema import CreateTable

    tables = app.extensions["sqlalchemy"].metadata.sorted_tables
    assert {table.name for table in tables} == {"order", "stored_session"}
    made = "".join(str(CreateTable(table).compile(dialect=registry.load(database)())) for table in tables)
    assert f"data {blob} NOT NULL" in made
