import sqlite3
from contextlib import closing

from werkzeug.security import check_password_hash

HASH = (
    "scrypt:32768:8:1$kwjwDIeklT8ZQaEv$"
    "a62664461c59c4c353716db28be3201a9d526ed5768113b026a473de28aa5508"
    "3bdbd138eb97efed8f22e66544077169b31cdcff82e3eda623e4b6ac76c586a9"
)


def query(sql, *values):
    with closing(sqlite3.connect("users.db")) as database, database:
        database.row_factory = sqlite3.Row
        return database.execute(sql, values).fetchone()


query(
    "CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY,"
    " password TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1)"
)
query("INSERT OR IGNORE INTO users (name, password) VALUES ('ada', ?)", HASH)


def find(name, version):
    row = query(
        "SELECT name FROM users WHERE name = ? AND version = ?", name, version
    )
    return row and row["name"]


def check(name, password):
    user = query("SELECT * FROM users WHERE name = ?", name)
    # An unknown name takes as long as a known one.
    fits = check_password_hash(user["password"] if user else HASH, password)
    return user if fits else None


def end_sessions(name):
    query("UPDATE users SET version = version + 1 WHERE name = ?", name)
