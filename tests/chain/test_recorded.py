"""The recorded first state of an app comes from its transcript, and the build names what the transcript lacks."""

import pytest

from extensions import recorded
from tests.support import site

COOKIE = "Set-Cookie: session=a.b.c; Path=/\nsession: "
GOOD = f'GET /\n200 OK\n{COOKIE}{{"n": 1}}\n\n<1>\n###\nGET /\n200 OK\n{COOKIE}{{"n": 2}}\n\n"2"\n'


def test_both_states_are_those_of_the_transcript():
    states = recorded.states(site.ROOT / "snippets/count_visits/app.http")
    assert states == [("Visits: 1", '{"visits":1}'), ("Visits: 2", '{"visits":2}')]


def test_what_an_app_writes_is_text_in_the_page(tmp_path):
    path = tmp_path / "app.http"
    path.write_text(GOOD, "utf-8")
    markup = "".join(recorded.markup(path, "../"))
    assert "&lt;1&gt;" in markup
    assert r"data-next=\"[&quot;\&quot;2\&quot;&quot;".replace('\\"', '"') in markup


@pytest.mark.parametrize(
    "broken",
    [
        None,
        GOOD.partition("###")[0],
        GOOD.replace("###\nGET /", "###\nGET /x"),
        GOOD.replace(f'{COOKIE}{{"n": 2}}', ""),
    ],
)
def test_a_transcript_that_begins_differently_stops_the_build_with_one_line(tmp_path, broken):
    path = tmp_path / "app.http"
    if broken:
        path.write_text(broken, "utf-8")
    with pytest.raises(
        ValueError, match=r"^a recorded state needs the transcript app\.http, which begins with [^\n]*$"
    ):
        recorded.states(path)


def test_the_mark_is_taken_from_above_the_app():
    lines = ["Text.", "", recorded.MARK, ""]
    assert recorded.asked(lines)
    assert lines == ["Text.", "", ""]
    assert not recorded.asked(lines)
