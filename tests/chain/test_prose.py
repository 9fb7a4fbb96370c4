"""A number, a header's name or a quoted value in a proven paragraph occurs in its test."""

import shutil
from pathlib import Path

import pytest

from tests.chain import prose
from tests.support import choice

ROOT = Path(__file__).parents[2]
PAGE, TEST = "docs/recipes/limits.md", "tests/pages/test_limits.py"


def test_each_number_header_and_quotation_is_in_a_test_or_exempt(pytestconfig):
    if lines := prose.faults(ROOT, choice.wanted(pytestconfig)):
        pytest.fail("\n".join(lines), pytrace=False)


# The names in brackets differ from the pages', because --page leaves this test to the run of all.
@pytest.mark.parametrize("name", ["understand/two-clocks", "learn/how-long-a-session-lasts"], ids=["clocks", "lasts"])
def test_another_lifetime_than_31_days_is_found(tmp_path, name):
    page, test = f"docs/{name}.md", f"tests/pages/test_{name.split('/')[1].replace('-', '_')}.py"
    for path in (page, test):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    text = (tmp_path / page).read_text("utf-8")
    (tmp_path / page).write_text(text.replace("30 days", "31 days"), "utf-8")
    before = {fact.fact for fact in prose.unproven(tmp_path)}
    (tmp_path / page).write_text(text.replace("31 days", "30 days"), "utf-8")
    assert "30" in {fact.fact for fact in prose.unproven(tmp_path)} - before


def test_a_fault_names_the_line_of_its_paragraph_and_what_can_be_done(found):
    page = "# Limits\n\n```python\n8\n```\n\nA list:\n\n- It takes 7 days. [test](#test_a)\n- It takes\n"
    found(
        f"{page}  eight days. [test](#test_b)\n", "def test_a():\n    assert d == 7\n\n\ndef test_b():\n    assert d\n"
    )
    assert prose.faults(found.root) == [
        f"{PAGE}:10: the number 8 (It takes eight days.…) is in none of test_b; "
        "correct the sentence or the test, or exempt it in tests/chain/prose_left.toml"
    ]


@pytest.fixture
def found(tmp_path):
    """The facts that are missing from a test, by the page's text and the test file's."""

    def found(page: str, test: str, left: str = "") -> list[str]:
        for path, text in ((PAGE, page), (TEST, test), (prose.LEFT, left)):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        return sorted(fact.fact for fact in prose.unproven(tmp_path))

    found.root = tmp_path
    return found


MARK = "[test](#test_a)"


@pytest.mark.parametrize(
    ("page", "code", "missing"),
    [
        (f"It takes 7 days. {MARK}\n", "assert days == 7", []),
        (f"It takes seven days. {MARK}\n", "assert days == 7", []),
        (f"It takes 8 days. {MARK}\n", "assert days == 7  # not 8", ["8"]),
        (f"It takes eight days. {MARK}\n", '"""Eight."""\n    assert days == 7', ["8"]),
        (f"Status 404. {MARK}\n", "assert status == 403", ["404"]),
        (f"Flask sends `Set-Cookie`. {MARK}\n", 'assert headers["Location"]', ["Set-Cookie"]),
        (f"Flask sends `Set-Cookie`. {MARK}\n", 'assert headers["Set-Cookie"]', []),
        (f'It shows "Hello, Ada". {MARK}\n', 'assert text == "Hello, Eve"', ['"Hello, Ada"']),
        (f'It shows "Hello, Ada". {MARK}\n', 'assert text == "Hello, Ada!"', []),
        ("It takes 8 days, and no test says so.\n", "assert days == 7", []),
        (f"1. It takes a week. {MARK}\n2. The next.\n", "assert days", []),
        (f"RFC 6265 says so. {MARK}\n", "assert days == 7", []),
        (f"It takes 7 days. Then 8. {MARK} [test](#test_b)\n", "assert days == 7", []),
        (f"| 7 days | yes {MARK} |\n| 9 days | {MARK} |\n", "assert days == 7", ["9"]),
    ],
)
def test_a_fact_is_looked_for_in_the_code_of_the_tests_that_its_paragraph_names(found, page, code, missing):
    assert found(page, f"def test_a():\n    {code}\n\n\ndef test_b():\n    assert left == 8\n") == missing


def test_what_a_test_uses_of_its_file_is_its_code_too(found):
    used = "DAYS = 7\n\n\ndef helper():\n    return DAYS\n\n\n"
    assert found(f"It takes 7 days. {MARK}\n", f"{used}def test_a():\n    assert helper()\n") == []
    assert found(f"It takes 7 days. {MARK}\n", f"{used}def test_a():\n    assert other()\n") == ["7"]


def test_steps_and_statuses_of_the_transcript_that_follows_count_too(found):
    test = "def test_a():\n    assert days == 7\n"
    shown = '\n```http\n--8<-- "limits/app.http"\n```\n'
    (found.root / "snippets/limits").mkdir(parents=True)
    path = found.root / "snippets/limits/app.http"
    path.write_text("GET /\n404 NOT FOUND\n\n8 visits\n###\n9 hours later\n###\nGET /\n200 OK\n", "utf-8")
    assert found(f"After 9 hours it is a 404. {MARK}\n{shown}", test) == []
    assert found(f"It shows 8 visits. {MARK}\n{shown}", test) == ["8"]
    assert found(f"After 9 hours. {MARK}\n\nA paragraph.\n{shown}", test) == ["9"]


EXEMPT = '[[left]]\npage = "docs/recipes/limits.md"\nfact = "8"\nsentence = "It takes 8 days."\nreason = "{}"\n'


@pytest.mark.parametrize("mark", [MARK, "[proof](#test_a) [test](#test_b)"])
def test_an_exemption_survives_that_marks_move_or_get_another_name(found, mark):
    code = "def test_a():\n    assert days == 7\n\n\ndef test_b():\n    assert True\n"
    found(f"The first. It takes\n8 days. {mark}\n", code, EXEMPT.format("a reason"))
    assert prose.faults(found.root) == []


@pytest.mark.parametrize(
    ("page", "reason", "line"),
    [
        (f"It takes 7 days. {MARK}\n", "a reason", "is no longer needed; delete it"),
        (f"It takes 8 days. {MARK}\n", "", "has no reason; write one"),
    ],
)
def test_an_exemption_needs_a_sentence_and_a_reason(found, page, reason, line):
    found(page, "def test_a():\n    assert days == 7\n", EXEMPT.format(reason))
    [fault] = prose.faults(found.root)
    assert fault.endswith(line)
