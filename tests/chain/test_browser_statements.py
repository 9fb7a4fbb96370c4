"""A statement about what browsers do is tested in a browser, not in the runner's model of one."""

import re

import pytest

from extensions import page_tests
from tests.chain import chain, prose

SAYS = re.compile(r"(?i)\bbrowsers? (?:\w+ )?(?:rejects?|accepts?|stores?|keeps?|deletes?|ignores?|sends?)\b")


def resting_on_the_model(page: str, test: str) -> list[tuple[int, str]]:
    """The paragraphs of a page that say what browsers do, and whose tests use a browser only as a model: line, text."""
    evidence = {one.name: one.evidence for one in page_tests.tests_in(test)}
    found = []
    for line, paragraph, _ in prose.paragraphs(page):
        ran_on = {what for name in chain.MARK.findall(paragraph) for what in evidence.get(name, ())}
        sourced = re.sub(r"\[[^\]]*\]\(https?:[^)]*\)", "", paragraph)  # a link that says who requires it
        if page_tests.MODEL in ran_on <= {page_tests.MODEL, "Flask"} and SAYS.search(prose.plain(sourced)):
            found.append((line, prose.plain(paragraph)))
    return found


def test_no_statement_about_browsers_rests_on_the_model_only():
    for path in chain.content_pages(prose.ROOT):
        test = prose.ROOT / f"tests/pages/test_{chain.name(path)}.py"
        if not test.is_file():
            continue  # the first look tells that
        for line, text in resting_on_the_model(path.read_text("utf-8"), test.read_text("utf-8")):
            pytest.fail(
                f"{path.relative_to(prose.ROOT)}:{line}: only the runner's model of a browser tests what a browser "
                f"does here ({text[:80]}…); run it in Chromium, or link who requires it",
                pytrace=False,
            )


MODEL = "def test_a(visitor):\n    assert visitor.cookies == []\n"


@pytest.mark.parametrize(
    ("text", "test", "found"),
    [
        ("The browser rejects it. [test](#test_a)", MODEL, True),
        ("- Browsers then keep both. [test](#test_a)", MODEL.replace("visitor", "Browser"), True),
        ("The browser rejects it. [test](#test_a)", MODEL.replace("visitor", "engine"), False),
        ("[Browsers reject](https://httpwg.org/) it. [test](#test_a)", MODEL, False),
        ("The browser rejects it.", MODEL, False),
        ("The cookie is rejected. [test](#test_a)", MODEL, False),
    ],
)
def test_what_rests_on_the_model_is_found(text, test, found):
    assert bool(resting_on_the_model(f"# A page\n\n{text}\n", test)) is found
