import sqlite3
from contextlib import closing


def query(sql, *values):
    with closing(sqlite3.connect("users.db")) as database, database:
        database.row_factory = sqlite3.Row
        return database.execute(sql, values).fetchone()


# AUTOINCREMENT never gives the id of a deleted user to somebody else.
query(
    "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " issuer TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL,"
    " UNIQUE (issuer, subject))"
)


def remember(claims):
    """Add the user at the first login; the id comes back."""
    row = query(
        "INSERT INTO users (issuer, subject, name) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id",
        claims["iss"],
        claims["sub"],
        claims.get("name") or "friend",
    )
    return row["id"]


def name_of(user):
    """The name of the user with this id, or None."""
    row = query("SELECT name FROM users WHERE id = ?", user)
    return row["name"] if row else None
