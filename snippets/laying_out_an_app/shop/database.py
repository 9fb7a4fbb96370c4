import sqlite3
from pathlib import Path

from flask import current_app, g

TABLES = """
CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    price INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
    basket TEXT PRIMARY KEY,
    total INTEGER NOT NULL
);
INSERT OR IGNORE INTO products VALUES (1, 'Apples', 3), (2, 'Bread', 4);
"""


def connection():
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
    return g.connection


def close_connection(error=None):
    opened = g.pop("connection", None)
    if opened:
        opened.close()


def create_tables():
    path = Path(current_app.config["DATABASE"])
    path.parent.mkdir(parents=True, exist_ok=True)
    connection().executescript(TABLES)


def init_app(app):
    app.teardown_appcontext(close_connection)

    @app.cli.command("init-db")
    def init_db():
        """Create the tables, and the products if they are missing."""
        create_tables()
        print("The database is ready.")
