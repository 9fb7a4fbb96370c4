"""Questions above an app: the transcript knows the right answer, and the build names what is wrong in one line."""

import re

import pytest
from markdown import Markdown

from extensions import predict
from extensions.examples import ExamplesExtension
from extensions.faults import PageFault
from tests.chain import chain
from tests.support import site

APP = '\n```python\n--8<-- "count_visits/app.py"\n```\n'
QUESTION = """**Predict:** you open the page twice, and somebody else opens it.
Which visit is theirs?

- The first <!-- "visits":1 in 1 3 -->
- The second <!-- "visits":3 in 3 -->
"""


def converted(text: str) -> str:
    """A page's HTML."""
    return Markdown(extensions=["md_in_html", "pymdownx.superfences", ExamplesExtension()]).convert(text)


def test_a_question_is_above_the_code_of_its_app():
    page = converted(f"# Page\n\n{QUESTION}{APP}")
    assert page.index("example-bar") < page.index('class="predict"') < page.index('class="highlight"')
    assert "<li>The second</li>" in page
    assert "<!--" not in page
    assert page.count("Which visit is theirs?") == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("- The second.*\n", "", "3: a question has 2 to 4 answers, not 1"),
        ("(- The second.*\n)", r"\1\1\1\1", "3: a question has 2 to 4 answers, not 5"),
        (" <!-- .* in 3 -->", "", "3: the answer '- The second' doesn't say when it is true"),
        ('<!-- "visits":3 in 3', '<!-- "visits":3 at 3', "3: the answer '- The second <"),
        ("in 3 -->", "in 4 -->", "3: 'The second' names exchange 4, and the transcript has 3"),
        ('"visits":3 in 3', '"visits":2 in 2', "3: exactly one answer must be true .*'The first' and 'The second' is"),
        ("in 1 3", "in 1", "3: exactly one answer must be true in the transcript, and none is"),
        (r"\Z", "\nA paragraph.\n", "3: a question is right above its app"),
    ],
)
def test_a_question_that_cant_be_read_stops_the_build_with_one_line(old, new, fault):
    broken = re.sub(old, new, QUESTION)
    assert broken != QUESTION
    with pytest.raises(PageFault, match=f"^page:{fault}") as raised:
        converted(f"# Page\n\n{broken}{APP}")
    assert "\n" not in str(raised.value)


def test_a_question_above_an_app_without_a_transcript_stops_the_build():
    app = next(app for app in chain.apps(site.ROOT) if not app.with_suffix(".http").exists())
    name = app.relative_to(site.ROOT / "snippets").as_posix()
    with pytest.raises(
        PageFault, match=f"^page:3: a question needs the transcript snippets/{name[:-3]}.http; record it"
    ):
        converted(f"# Page\n\n{QUESTION}{APP.replace('count_visits/app.py', name)}")


@pytest.mark.parametrize("answers", [("gray in none", "gray in 1")])
def test_no_exchange_may_have_the_text_of_an_answer_with_none(answers):
    text = "**Predict:** what?\n\n" + "".join(f"- {answer} <!-- {answer} -->\n" for answer in answers)
    (question,) = predict.find(text.splitlines())
    assert predict.right(question, "GET /\n200 OK\n\nblue").text == "gray in none"
    assert predict.right(question, "GET /\n200 OK\n\ngray").text == "gray in 1"


def test_the_request_is_not_part_of_what_an_answer_is_looked_for_in():
    text = "**Predict:** what?\n\n- a <!-- gray in 1 -->\n- b <!-- gray in none -->\n"
    (question,) = predict.find(text.splitlines())
    assert predict.right(question, "POST /\ncolor=gray\n200 OK\n\nblue").text == "b"


def test_each_learn_page_asks_a_question_that_its_transcript_answers():
    pages = [page for page in chain.pages(site.ROOT) if page.parent.name == "learn" and page.stem != "index"]
    assert len(pages) >= 6
    for page in pages:
        lines = page.read_text("utf-8").splitlines()
        assert predict.find(lines), page.name
        converted("\n".join(lines).partition("\n---\n")[2])
