"""What the tables of the reference pages say is read from the pages, and compared with Flask itself."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

REFERENCE = Path(__file__).parents[1] / "docs/reference"


def rows(page: str, first: str) -> list[list[str]]:
    """The rows of the one table of a page whose head begins with the cell `first`, without the marks of proof."""
    text = re.sub(r" ?\[proof\]\([^)]*\)", "", (REFERENCE / page).read_text("utf-8"))
    tables = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    [table] = [table for table in tables if table.startswith(f"| {first} |")]
    lines = table.splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def code(cell: str) -> list[str]:
    """The texts in a cell that are marked as code."""
    return re.findall(r"`([^`]+)`", cell)


def value(text: str) -> object:
    """A Python value as a page shows it."""
    return eval(text, {"timedelta": timedelta})  # noqa: S307


def test_the_shown_defaults_are_flasks():
    config = Flask("untouched").config
    shown = {code(key)[0]: value(code(default)[0]) for key, default, *_ in rows("configuration.md", "Key")}
    assert shown == {key: config[key] for key in shown}
    assert {key for key in config if "SESSION" in key or "COOKIE" in key or "SECRET" in key} == set(shown)


@pytest.mark.package
def test_the_keys_shown_as_flask_sessions_are_its_own():
    from flask_session.defaults import Defaults

    shown = [key for keys, _ in rows("configuration.md", "Keys of Flask-Session 0.8") for key in code(keys)]
    assert sorted(shown) == sorted(key for key in vars(Defaults) if key.isupper())
