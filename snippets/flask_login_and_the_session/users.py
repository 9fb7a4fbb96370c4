import sqlite3
from contextlib import closing
from secrets import token_hex

from werkzeug.security import check_password_hash

ADA = (
    "scrypt:32768:8:1$kwjwDIeklT8ZQaEv$"
    "a62664461c59c4c353716db28be3201a9d526ed5768113b026a473de28aa5508"
    "3bdbd138eb97efed8f22e66544077169b31cdcff82e3eda623e4b6ac76c586a9"
)
# The password for an unknown name is checked against this hash. It lets nobody
# in, but the response takes as long as the one for a known name.
DECOY = (
    "scrypt:32768:8:1$CxEqO6R3Dc2JZlcQ$"
    "1b4bd4239d3a1211d9d4840b69933125d50e9ce44fb23d245460fab73d0de7a9"
    "06a17834df17c4936ea6957e9a59e0eeae94088dab2b9b1834d213c7e6af215b"
)


def query(sql, *values):
    with closing(sqlite3.connect("users.db")) as database, database:
        database.row_factory = sqlite3.Row
        return database.execute(sql, values).fetchone()


def add(name, password_hash):
    values = name, password_hash, token_hex()
    query("INSERT OR IGNORE INTO users VALUES (?, ?, ?)", *values)


# Only a new database gets the example's user.
if not query("SELECT name FROM sqlite_master WHERE name = 'users'"):
    query(
        "CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY,"
        " password TEXT NOT NULL, token TEXT NOT NULL)"
    )
    add("ada", ADA)


def by_name(name):
    return query("SELECT * FROM users WHERE name = ?", name)


def by_token(token):
    return query("SELECT * FROM users WHERE token = ?", token)


def check(name, password):
    user = by_name(name)
    known = user["password"] if user else DECOY
    fits = check_password_hash(known, password)
    return user if fits else None


def end_sessions(name):
    query("UPDATE users SET token = ? WHERE name = ?", token_hex(), name)
