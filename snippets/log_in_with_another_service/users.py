import sqlite3
from contextlib import closing


def query(command, *values):
    with closing(sqlite3.connect("users.db")) as database, database:
        database.execute(
            "CREATE TABLE IF NOT EXISTS users"
            " (id INTEGER PRIMARY KEY, issuer, subject, name,"
            " UNIQUE (issuer, subject))"
        )
        return database.execute(command, values).fetchone()


def remember(claims):
    """Add the user at the first login; the id comes back."""
    (user,) = query(
        "INSERT INTO users (issuer, subject, name) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id",
        claims["iss"],
        claims["sub"],
        claims.get("name", "friend"),
    )
    return user


def name_of(user):
    """The name of the user with this id, or None."""
    row = query("SELECT name FROM users WHERE id = ?", user)
    return row[0] if row else None
