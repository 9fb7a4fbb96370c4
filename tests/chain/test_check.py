"""`make check` finds the pages that a change touches."""

import pytest

from tests.support import check

pytestmark = pytest.mark.source

PAGE = "recipes/count-visits/"


@pytest.mark.parametrize(
    "file",
    [
        "docs/recipes/count-visits.md",
        "snippets/count_visits/app.http",
        "snippets/count_visits/a_file_that_is_new.py",
        "tests/pages/test_count_visits.py",
    ],
)
def test_a_file_touches_the_page_that_it_belongs_to(file):
    assert check.touched([file]) == [PAGE]


def test_a_snippet_touches_each_page_that_shows_it():
    shown = check.chain.shown(check.site.ROOT)
    snippet, pages = next((snippet, pages) for snippet, pages in shown.items() if len(pages) > 1)
    assert len(check.touched([f"snippets/{snippet}"])) == len(pages)


def test_what_all_pages_share_touches_one_page_of_each_section():
    pages = check.touched(["live/page/live.js"])
    assert [address.partition("/")[0] + "/" for address in pages] == list(check.SECTIONS)


def test_other_files_touch_no_page():
    assert check.touched(["LICENSE", "tests/site/test_site.py"]) == []


@pytest.mark.process
def test_the_tests_of_a_page_are_found_by_its_address():
    tests = check.tests_of([PAGE], check.collected(check.BY_ADDRESS))
    assert [test.partition("[")[0] for test in tests[:-1]] == list(check.BY_ADDRESS)
    assert tests[-1] == "tests/pages/test_count_visits.py"
