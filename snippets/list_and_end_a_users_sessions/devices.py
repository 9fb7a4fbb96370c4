import sqlite3
import time
from contextlib import closing
from secrets import token_hex

MINUTE = 60
LIFETIME = 31 * 24 * 60 * MINUTE


def query(sql, *values):
    with closing(sqlite3.connect("devices.db")) as database, database:
        database.row_factory = sqlite3.Row
        return database.execute(sql, values).fetchall()


query(
    "CREATE TABLE IF NOT EXISTS devices ("
    "number INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT UNIQUE NOT NULL,"
    " user TEXT NOT NULL, name TEXT NOT NULL, seen REAL NOT NULL)"
)


def add(user, name, only=False):
    token, now = token_hex(), time.time()
    # One transaction, so that two logins at once can't both stay.
    with closing(sqlite3.connect("devices.db")) as database, database:
        old = "DELETE FROM devices WHERE seen <= ?"
        database.execute(old, (now - LIFETIME,))
        if only:
            others = "DELETE FROM devices WHERE user = ?"
            database.execute(others, (user,))
        database.execute(
            "INSERT INTO devices (token, user, name, seen)"
            " VALUES (?, ?, ?, ?)",
            (token, user, name[:100], now),
        )
    return token


def by_token(token):
    found = query("SELECT * FROM devices WHERE token = ?", token)
    if not found:
        return None
    now = time.time()
    if found[0]["seen"] <= now - MINUTE:
        query("UPDATE devices SET seen = ? WHERE token = ?", now, token)
    return found[0]


def of(user):
    return query("SELECT * FROM devices WHERE user = ? ORDER BY number", user)


def end(user, number):
    query("DELETE FROM devices WHERE user = ? AND number = ?", user, number)


def online():
    since = time.time() - 5 * MINUTE
    return query("SELECT DISTINCT user FROM devices WHERE seen > ?", since)
