from .database import connection


def products():
    query = "SELECT id, name, price FROM products ORDER BY id"
    return connection().execute(query).fetchall()


def chosen(numbers):
    by_number = {product["id"]: product for product in products()}
    return [by_number[n] for n in numbers if n in by_number]


def count_orders():
    query = "SELECT count(*) FROM orders"
    return connection().execute(query).fetchone()[0]


# --8<-- [start:order]
def place_order(basket, numbers):
    with connection() as database:
        database.execute("BEGIN IMMEDIATE")
        total = sum(product["price"] for product in chosen(numbers))
        database.execute(
            "INSERT OR IGNORE INTO orders (basket, total) VALUES (?, ?)",
            [basket, total],
        )


# --8<-- [end:order]
