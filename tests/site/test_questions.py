"""The questions that people asked in public are settled on the pages, where tests/site/questions.toml says."""

import re
import tomllib
from collections import Counter
from urllib.parse import urlsplit

import pytest
from markdown.extensions.toc import slugify

from extensions import fences, page_tests, questions
from tests.support import site

DOCS = site.ROOT / "docs"
QUESTIONS = tomllib.loads((site.ROOT / "tests/site/questions.toml").read_text("utf-8"))["question"]

HEADING = re.compile(r"(?P<level>#{1,6}) (?P<title>.+?)(?: \{ *#(?P<id>[\w-]+) *\})?$")
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
TEST = re.compile(r"\[test\]\(#(test_\w+)\)")


def sections(text: str) -> dict[str, set[str]]:
    """The anchors of a page's headings, in order, each with the tests that are named below it and its subheadings.

    The title's section ends where the first heading begins.
    """
    code = {n for fence in fences.scan(text) for n in range(fence.line, fence.last_line + 1)}
    found: dict[str, set[str]] = {}
    within: list[tuple[int, str]] = []  # the headings above a line, with their levels
    for number, line in enumerate(text.splitlines(), 1):
        if number in code:
            continue
        if heading := HEADING.match(line):
            level = len(heading["level"])
            within = [(above, anchor) for above, anchor in within if 1 < above < level]
            within.append((level, heading["id"] or slugify(heading["title"].replace("`", ""), "-")))
            found.setdefault(within[-1][1], set())
        for _, anchor in within:
            found[anchor].update(TEST.findall(line))
    return found


def fault(asked: dict) -> str:
    """What is wrong with the place that an entry names, or nothing."""
    page = DOCS / f"{asked['page']}.md"
    if not page.is_file():
        return f"{asked['id']}: there is no page {asked['page']}"
    found = sections(page.read_text("utf-8"))
    if asked["section"] not in found:
        return f"{asked['id']}: {asked['page']} has no section {asked['section']}; it has {', '.join(found)}"
    known = {test.name for test in page_tests.tests_of(page_tests.test_file(page.name))}
    for test in asked["tests"]:
        if test not in known:
            return f"{asked['id']}: the tests of {asked['page']} have no {test}"
        if test not in found[asked["section"]]:
            return f"{asked['id']}: {test} isn't named in the section {asked['section']} of {asked['page']}"
    return "" if asked["tests"] else f"{asked['id']}: no test proves it"


@pytest.mark.source
def test_each_question_is_settled_where_the_list_says():
    assert [line for line in map(fault, QUESTIONS) if line] == []


def test_each_question_is_listed_once_with_a_public_source():
    assert [id for id, count in Counter(asked["id"] for asked in QUESTIONS).items() if count > 1] == []
    keys = {"id", "question", "source", "page", "section", "tests"}
    for asked in QUESTIONS:
        assert set(asked) - {"answers"} == keys, asked["id"]
        assert urlsplit(asked["source"]).scheme == "https", asked["id"]
        assert "." in urlsplit(asked["source"]).netloc, asked["id"]


@pytest.mark.source
def test_a_page_names_its_own_sections_and_questions():
    for page in DOCS.glob("*/*.md"):
        named = questions.settled(page)
        assert set(named.values()) <= set(questions.asked(page)), page.name
        assert set(named) <= set(sections(page.read_text("utf-8"))), page.name


@pytest.mark.source
def test_the_sentences_that_settle_a_question_are_on_its_page():
    found = [asked for asked in QUESTIONS if "answers" in asked]
    assert len(found) >= 20
    for asked in found:
        text = (DOCS / f"{asked['page']}.md").read_text("utf-8")
        plain = " ".join(LINK.sub(r"\1", text).replace("`", "").replace("**", "").split())
        assert [answer for answer in asked["answers"] if answer not in plain] == [], asked["id"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"page": "recipes/none"}, "there is no page"),
        ({"section": "none"}, "has no section"),
        ({"section": "next"}, "isn't named in the section"),
        ({"tests": ["test_none"]}, "have no test_none"),
        ({"tests": []}, "no test proves it"),
    ],
)
def test_a_wrong_place_is_found(change, told):
    assert not fault(QUESTIONS[0])
    assert told in fault(QUESTIONS[0] | change)


def test_a_section_has_the_tests_of_its_subheadings_and_the_title_only_its_own():
    text = """
# A `title`
One. [test](#test_one)
## Two { #second }
Two. [test](#test_two)
```python
# Not a heading
```
### What's three?
Three. [test](#test_three)
## Four
"""
    assert sections(text) == {
        "a-title": {"test_one"},
        "second": {"test_two", "test_three"},
        "whats-three": {"test_three"},
        "four": set(),
    }
