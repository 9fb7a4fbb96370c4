"""Tests of docs/reference/what-can-be-stored.md."""

import base64
import dataclasses
import enum
import html
import json
import zlib
from collections import Counter, OrderedDict, deque, namedtuple
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from flask import Flask, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from markupsafe import Markup

Color = enum.IntEnum("Color", {"RED": 1})
Size = enum.StrEnum("Size", {"BIG": "big"})
Shape = enum.Enum("Shape", {"ROUND": "round"})
Point = dataclasses.make_dataclass("Point", ["x", "y"])
Pair = namedtuple("Pair", "x y")
NAMES = {"deque": deque, "time": time, "timedelta": timedelta, "Fraction": Fraction, "UUID": UUID, "Shape": Shape}
NAMES |= {"UTC": UTC, "date": date, "datetime": datetime, "timezone": timezone, "Decimal": Decimal, "Markup": Markup}
NAMES |= {"Color": Color, "Size": Size, "Point": Point, "Pair": Pair, "OrderedDict": OrderedDict, "Counter": Counter}

SAME = [
    *('"Ada"', '"é😀"', "1", "2**70", "1.5", "True", "None", '[1, [2, {"a": None}]]', '{"a": {"b": [1]}}'),
    *("(1, 2)", "[(1,), (2,)]", r'b"\x00\xff"', 'Markup("<b>bold</b>")', "UUID(int=1)"),
    "datetime(2026, 11, 22, 12, tzinfo=UTC)",
]
CIRCLE = []
CIRCLE.append(CIRCLE)
NOON = "datetime(2026, 11, 22, 12, tzinfo=UTC)"
CHANGED = {
    '{1: "a"}': '{"1": "a"}',
    '{1.5: "a", 2.5: "b"}': '{"1.5": "a", "2.5": "b"}',
    '{True: "a"}': '{"true": "a"}',
    '{None: "a"}': '{"null": "a"}',
    "datetime(2026, 11, 22, 12)": NOON,
    "datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=1)))": NOON.replace("12, t", "11, t"),
    "datetime(2026, 11, 22, 12, 0, 0, 999999, tzinfo=UTC)": NOON,
    "date(2026, 11, 22)": '"Sun, 22 Nov 2026 00:00:00 GMT"',
    'Decimal("1.10")': '"1.10"',
    "Point(1, 2)": '{"x": 1, "y": 2}',
    "Pair(1, 2)": "(1, 2)",
    "Color.RED": "1",
    "Size.BIG": '"big"',
    "OrderedDict(a=1)": '{"a": 1}',
    'Counter("a")': '{"a": 1}',
}
NO_JSON = "Object of type {} is not JSON serializable"
FAILING = {
    "{1, 2}": NO_JSON.format("set"),
    "frozenset({1})": NO_JSON.format("frozenset"),
    'bytearray(b"a")': NO_JSON.format("bytearray"),
    "timedelta(hours=1)": NO_JSON.format("timedelta"),
    "time(12, 30)": NO_JSON.format("time"),
    "Fraction(1, 2)": NO_JSON.format("Fraction"),
    "deque([1])": NO_JSON.format("deque"),
    "range(3)": NO_JSON.format("range"),
    "Shape.ROUND": NO_JSON.format("Shape"),
    "object()": NO_JSON.format("object"),
    '{1: "a", "b": 2}': "'<' not supported between instances of 'str' and 'int'",
    '{(1, 2): "a"}': "keys must be str, int, float, bool or None, not tuple",
}
TAGS = {
    "(1, 2)": '{" t":[1,2]}',
    'b"a"': '{" b":"YQ=="}',
    'Markup("<b>")': '{" m":"<b>"}',
    "UUID(int=1)": '{" u":"00000000000000000000000000000001"}',
    "datetime(2026, 11, 22, 12)": '{" d":"Sun, 22 Nov 2026 12:00:00 GMT"}',
    '{" t": 1}': '{" di":{" t__":1}}',
}


@pytest.fixture(autouse=True)
def flasks_own_serializer(monkeypatch):
    """A fresh serializer for the default interface, whatever another app of this process has registered."""
    monkeypatch.setattr(SecureCookieSessionInterface, "serializer", TaggedJSONSerializer())


def value(text):
    """The value that a row of the page shows."""
    return eval(text, NAMES)  # noqa: S307


def app_with(change):
    """An app whose view function makes this change, and answers with what the session holds in its end."""
    app = Flask("storing")
    app.config.update(SECRET_KEY="dev", TESTING=True)  # noqa: S106
    app.add_url_rule("/", view_func=lambda: f"{change()}{dict(session)}")
    return app


def stored(change, app=None):
    """What the next request finds in the session."""
    client = (app or app_with(change)).test_client()
    client.get("/")
    with client.session_transaction() as found:
        return dict(found)


def back(stored_value):
    """What comes back of a value."""
    return stored(lambda: session.update(value=stored_value))["value"]


def payload(values):
    """Whether the payload of a cookie is compressed, and its bytes."""
    client = app_with(lambda: session.update(values)).test_client()
    client.get("/")
    text = client.get_cookie("session").value.rsplit(".", 2)[0]
    return text[0] == ".", base64.urlsafe_b64decode(text.lstrip(".") + "=" * (-len(text.lstrip(".")) % 4))


def test_the_app_shows_what_comes_back(client):
    client.post("/")
    page = html.unescape(client.get("/").text)
    assert "(1, 2) -> (1, 2)" in page
    assert "{1: 'one'} -> {'1': 'one'}" in page
    assert "Decimal('1.10') -> '1.10'" in page


@pytest.mark.parametrize("text", SAME)
def test_these_come_back_as_they_were(text):
    found = back(value(text))
    assert found == value(text)
    assert type(found) is type(value(text))


def test_keys_come_back_sorted():
    assert list(back({"b": 1, "a": 2})) == ["a", "b"]


@pytest.mark.parametrize("text", CHANGED)
def test_these_come_back_changed(text):
    assert repr(back(value(text))) == repr(value(CHANGED[text]))


def test_the_change_shows_in_the_next_request():
    client = app_with(lambda: session.setdefault("price", Decimal("1.10"))).test_client()
    assert "{'price': Decimal('1.10')}" in client.get("/").text
    assert "{'price': '1.10'}" in client.get("/").text


def test_the_keys_of_the_session_become_strings_too():
    assert stored(lambda: session.update({1: "a"})) == {"1": "a"}


def test_a_datetime_from_the_session_cannot_be_compared_with_a_naive_one():
    at = back(datetime.now())
    assert at <= datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(TypeError, match="can't compare offset-naive and offset-aware datetimes"):
        _ = at < datetime.now()


@pytest.mark.parametrize("text", FAILING)
def test_these_raise_type_error(text):
    with pytest.raises(TypeError) as raised:
        back(value(text))
    assert str(raised.value) == FAILING[text]


@pytest.mark.parametrize(("value", "error"), [(10**5000, ValueError), (CIRCLE, RecursionError)], ids=["int", "list"])
def test_these_raise_other_errors(value, error):
    with pytest.raises(error):
        TaggedJSONSerializer().dumps({"value": value})


@pytest.mark.parametrize("base", [object, str, int, float, set, deque, date, Fraction, dict, list, tuple, bytes])
def test_an_object_with_html_comes_back_as_markup(base):
    arguments = (2026, 11, 22) if base is date else ()
    icon = type("Icon", (base,), {"__html__": lambda self: "<svg>"})(*arguments)
    found = back(icon)
    if base in (dict, list, tuple, bytes):
        assert found == icon
        assert type(found) is base
    else:
        assert found == Markup("<svg>")
        assert type(found) is Markup


def test_the_view_function_has_run_to_its_end():
    ended = []
    with pytest.raises(TypeError):
        stored(lambda: (session.update(value={1}), ended.append(True)))
    assert ended


def test_a_value_that_fails_loses_the_others():
    app = app_with(lambda: session.update(good=1, bad={1}))
    app.testing = False
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "Set-Cookie" not in answer.headers


def test_integers_and_floats_can_be_keys_of_one_dict():
    assert back({2: "b", 1.5: "a"}) == {"1.5": "a", "2": "b"}
    with pytest.raises(TypeError, match="not supported between instances"):
        back({2: "b", "1.5": "a"})


def test_a_number_as_key_fails_once_there_is_a_string_too():
    assert stored(lambda: session.update({1: "a"})) == {"1": "a"}
    with pytest.raises(TypeError, match="'<' not supported"):
        stored(lambda: (session.update({1: "a"}), setattr(session, "permanent", True)))


def test_the_payload_is_compact_json():
    assert payload({"b": 1, "a": "é"}) == (False, rb'{"a":"\u00e9","b":1}')


def test_the_payload_is_compressed_if_that_saves_two_bytes():
    for length in range(40):
        plain = json.dumps({"a": "x" * length}, separators=(",", ":")).encode()
        small = zlib.compress(plain)
        assert payload({"a": "x" * length}) == ((True, small) if len(small) <= len(plain) - 2 else (False, plain))


@pytest.mark.parametrize("text", TAGS)
def test_these_are_the_tags(text):
    app = Flask("tags")
    with app.app_context():
        serializer = app.session_interface.serializer
        assert serializer.dumps(value(text)) == TAGS[text]
        assert serializer.dumps(serializer.loads(TAGS[text])) == TAGS[text]


def test_without_sorting_keys_keep_their_order_and_may_be_mixed():
    app = app_with(lambda: session.update(value={"b": 1, "a": 2, 1: 3}))
    app.json.sort_keys = False
    assert list(stored(None, app)["value"]) == ["b", "a", "1"]


def test_sessions_with_sets_store_sets(folder):
    names = {}
    exec((folder / "sets.py").read_text("utf-8"), names)  # noqa: S102
    app = app_with(lambda: session.update(value={1, 2}, nested=[{(1, 2)}]))
    app.session_interface = names["SessionsWithSets"]()
    assert stored(None, app) == {"value": {1, 2}, "nested": [{(1, 2)}]}


def test_other_apps_do_not_learn_the_tag(folder):
    exec((folder / "sets.py").read_text("utf-8"), {})  # noqa: S102
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        back({1, 2})


def test_wrong_cannot_make_a_second_app(load):
    assert "A second app can't be made" in load("wrong.py").test_client().get("/").text
    with pytest.raises(KeyError, match="Tag ' s' is already registered."):
        load("wrong.py")


def test_wrong_changes_all_other_apps(load):
    load("wrong.py")
    assert back({1, 2}) == {1, 2}
