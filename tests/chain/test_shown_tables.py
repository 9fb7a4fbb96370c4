"""What the tables of the reference pages say is read from the pages, and compared with Flask itself."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from markdown.extensions.toc import slugify

REFERENCE = Path(__file__).parents[2] / "docs/reference"


def rows(page: str, first: str) -> list[list[str]]:
    """The rows of the one table of a page whose head begins with the cell `first`, without their marks."""
    text = re.sub(r" ?\[test\]\([^)]*\)", "", (REFERENCE / page).read_text("utf-8"))
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


OBJECT = "the-session-object.md"
NAMES = {name for name in dir(SecureCookieSessionInterface) if not name.startswith("_")}


def test_the_shown_attributes_are_the_sessions():
    shown = [code(cell)[0] for cell, *_ in rows(OBJECT, "Attribute")]
    assert sorted(shown) == sorted(name for name in vars(SessionMixin) if not name.startswith("_"))
    assert {name for name in dir(SecureCookieSession) if name not in dir(dict)} - set(shown) <= {
        name for name in dir(SecureCookieSession) if name.startswith("_") or name == "on_update"
    }


@pytest.mark.parametrize(("row", "tried", "modified"), [(0, "READ", False), (1, "SEEN", True), (2, "LOST", False)])
def test_the_shown_statements_have_the_shown_effect(row, tried, modified):
    from tests.pages import test_the_session_object as tests

    statements = code(rows(OBJECT, "Effect")[row][1])
    assert statements == getattr(tests, tried)
    for statement in statements:
        session = SecureCookieSession({"a": 1, "list": [], "dict": {}})
        exec(statement, {"session": session})  # noqa: S102
        assert session.modified == modified, statement


def test_the_shown_hooks_and_constants_are_all_of_the_interface():
    signatures = [code(cell)[0] for cell, *_ in rows(OBJECT, "Hook")]
    for signature in signatures:
        name, arguments = re.fullmatch(r"(\w+)\((.*)\)", signature).groups()
        function = getattr(SecureCookieSessionInterface, name).__code__
        assert function.co_varnames[1 : function.co_argcount] == tuple(arguments.split(", ")), signature
    shown = [signature.partition("(")[0] for signature in signatures]
    assert sorted([*shown, *(code(cell)[0] for cell, *_ in rows(OBJECT, "Constant"))]) == sorted(NAMES)


def test_the_shown_hooks_read_the_shown_settings():
    app = Flask("configured")
    for cell, does in rows(OBJECT, "Hook"):
        for key in re.findall(r"`(SESSION_COOKIE_\w+)`", does):
            app.config[key] = object()
            assert getattr(app.session_interface, code(cell)[0].partition("(")[0])(app) is app.config[key]


def test_the_shown_constants_have_the_shown_values():
    for name, shown, _ in rows(OBJECT, "Constant"):
        found = getattr(SecureCookieSessionInterface, code(name)[0])
        if code(name) == ["digest_method"]:
            assert f"{found().name} is SHA-1" == f"sha1 is {shown}"
        else:
            names = {getattr(found, "__name__", repr(found)), type(found).__name__}
            assert code(shown)[0] in names, name


STORED = "what-can-be-stored.md"


def test_the_shown_values_are_those_that_the_page_stores():
    from tests.pages import test_what_can_be_stored as tests

    assert [text for _, cell in rows(STORED, "Type") for text in code(cell)] == tests.SAME
    changed = {text: code(back)[0] for cell, back, _ in rows(STORED, "Stored") for text in code(cell)}
    assert changed == tests.CHANGED
    assert {code(cell)[0]: code(error)[0] for cell, error in rows(STORED, "Value")} == tests.FAILING
    assert {code(cell)[0]: code(written)[0] for _, cell, written in rows(STORED, "Tag")} == tests.TAGS


def test_the_shown_tags_are_all_of_flasks():
    shown = [code(tag)[0].strip('"') for tag, *_ in rows(STORED, "Tag")]
    assert sorted(shown) == sorted(tag.key for tag in TaggedJSONSerializer.default_tags if tag.key)


ERRORS = REFERENCE / "errors-and-warnings.md"
SECTIONS = re.split(r"^### ", ERRORS.read_text("utf-8"), flags=re.MULTILINE)[1:]


def literals(test: str) -> set[str]:
    """The texts in a test of the page of errors, and in the constants that it names; N stands for each number."""
    tree = ast.parse((REFERENCE.parents[1] / "tests/pages/test_errors_and_warnings.py").read_text("utf-8"))
    named = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    [function] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == test]
    used = [named[node.id] for node in ast.walk(function) if isinstance(node, ast.Name) and node.id in named]
    constants = [node.value for part in [function, *used] for node in ast.walk(part) if isinstance(node, ast.Constant)]
    return {re.sub(r"\d+", "N", text) for text in constants if isinstance(text, str)}


def told(section: str) -> tuple[str, str]:
    """The kind of error and the whole message that a section of the page of errors shows."""
    heading, _, body = section.partition("\n")
    fence = re.search(r"^```text title=\"(\w+)\"\n(.*?)\n```$", body, re.MULTILINE | re.DOTALL)
    if fence:
        return fence[1], fence[2]
    kind = re.search(r"^- Raised by: `(\w+)`", body, re.MULTILINE)
    return kind[1] if kind else "", heading


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition("\n")[0])
def test_each_shown_message_is_the_one_that_its_test_compares(section):
    kind, message = told(section)
    assert message.startswith(section.partition("\n")[0])
    message = re.sub(r"\d+", "N", message)
    found = literals(re.search(r"#(test_\w+)", section)[1])
    assert found & {f"{kind}: {message}", message}, found


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.partition("\n")[0])
def test_each_message_has_the_three_parts_and_a_line_in_the_index(section):
    heading = section.partition("\n")[0]
    assert re.findall(r"^- (Raised by|Cause|Fix): ", section, re.MULTILINE) == ["Raised by", "Cause", "Fix"]
    assert f"- [{heading}](#{slugify(heading, '-')})\n" in ERRORS.read_text("utf-8").partition("\n## ")[0]


def test_each_fix_that_is_tried_is_shown():
    from tests.pages import test_errors_and_warnings as tests

    text = re.sub(r"\s+", " ", ERRORS.read_text("utf-8"))
    assert [fix for fix in tests.FIXES if f"`{fix}`" not in text] == []
    parts = re.search(r" ## Values (.*) ## Forms with Flask-WTF ", text)[1]
    shown = [fix for part in re.findall(r"- Fix: (.*?) (?=#|Flask counts)", parts) for fix in code(part)]
    assert set(shown) - set(tests.FIXES) == {"None", "from datetime import UTC, datetime"}


@pytest.mark.browser
def test_search_finds_each_message_by_its_first_words(page, site_url):
    from playwright.sync_api import expect

    page.goto(site_url + "reference/errors-and-warnings/")
    anchors = page.locator("article h3").evaluate_all("headings => headings.map(heading => heading.id)")
    page.keyboard.press("/")
    for section, anchor in zip(SECTIONS, anchors, strict=True):
        words = f"{told(section)[0]}: {section.partition(chr(10))[0]}".removeprefix(": ")
        page.get_by_role("textbox", name="Search").fill(words)
        page.keyboard.press("End")  # the theme searches when a key goes up
        first = page.locator(".md-search-result__item").first
        expect(first.locator(f'a[href$="#{anchor}"]'), words).to_be_attached()


def test_every_statement_that_sets_no_key_is_tried():
    from tests.pages import test_errors_and_warnings as tests

    shown = [code(cell)[0] for cell, _ in rows(ERRORS.name, "What was written")]
    [mark] = [mark for mark in tests.test_these_set_no_key.pytestmark if mark.name == "parametrize"]
    assert shown == mark.args[1]


def test_the_shown_numbers_of_the_warning_add_up():
    [numbers] = re.findall(r"the value was (\d+) .* required (\d+) .* size was (\d+) .* is (\d+)", ERRORS.read_text())
    value, extra, size, limit = map(int, numbers)
    assert value + extra == size > limit == Flask("untouched").config["MAX_COOKIE_SIZE"]
