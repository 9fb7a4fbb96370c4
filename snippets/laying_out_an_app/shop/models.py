import sqlite3
from contextlib import closing, contextmanager

from flask import current_app

TABLES = """
CREATE TABLE IF NOT EXISTS product (id INTEGER PRIMARY KEY, name, price);
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, total);
INSERT OR IGNORE INTO product VALUES (1, 'Apples', 3), (2, 'Bread', 4);
"""


@contextmanager
def database():
    path = current_app.config["DATABASE"]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection


def create_tables():
    with database() as db:
        db.executescript(TABLES)


def products():
    with database() as db:
        return db.execute("SELECT id, name, price FROM product").fetchall()


def chosen(numbers):
    by_number = {product["id"]: product for product in products()}
    return [by_number[n] for n in numbers if n in by_number]


def count_orders():
    with database() as db:
        return db.execute("SELECT count(*) FROM orders").fetchone()[0]


def place_order(numbers):
    total = sum(product["price"] for product in chosen(numbers))
    with database() as db:
        db.execute("INSERT INTO orders (total) VALUES (?)", [total])
