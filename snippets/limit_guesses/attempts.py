import sqlite3
import time
from contextlib import closing

LIMIT = 5
SECONDS = 15 * 60


def change(sql, *values):
    with closing(sqlite3.connect("attempts.db")) as database, database:
        return database.execute(sql, values).rowcount


change("CREATE TABLE IF NOT EXISTS attempts (name TEXT, at REAL)")


def attempt_allowed(name):
    now, name = time.time(), name[:100]
    change("DELETE FROM attempts WHERE at <= ?", now - SECONDS)
    # Counting and adding are one statement, so attempts that arrive at the
    # same time can't all be the fifth.
    added = change(
        "INSERT INTO attempts SELECT ?, ?"
        " WHERE (SELECT COUNT(*) FROM attempts WHERE name = ?) < ?",
        *(name, now, name, LIMIT),
    )
    return added == 1


def forget_attempts(name):
    change("DELETE FROM attempts WHERE name = ?", name[:100])
