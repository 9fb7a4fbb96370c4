"""The site uses its readers' words: no page, figure, message or test name has one of words.toml beyond those left."""

import shutil
from pathlib import Path

import pytest

from tests.chain import words

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path):
    """What the check reads, in a folder to change."""
    for folder in ("docs", "live/page", "live/inspector", "tests/pages", "tests/challenges", "tests/chain"):
        ignored = shutil.ignore_patterns("assets" if folder == "docs" else "", "__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copytree(ROOT / "docs/assets/figures", tmp_path / "docs/assets/figures")
    return tmp_path


def test_no_file_has_more_of_these_words_than_are_left():
    faults = words.faults(ROOT)
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("docs/learn/your-first-session.md", "\nThe timer starts anew.\n"),
        ("docs/learn/your-first-session.md", "\n| Cause | Mend |\n"),
        ("docs/assets/figures/two-clocks.svg", "<text>begun</text>"),
        ("live/page/panel/panel.js", '\nconst line = "Nothing is amiss here.";\n'),
        ("tests/pages/test_count_visits.py", "\n\ndef test_whoever_comes_again_is_counted():\n    pass\n"),
        ("tests/challenges/remember_me.py", "\n\ndef test_the_cookie_is_sent_anew():\n    pass\n"),
        ("tests/challenges/challenges.toml", '\n["a/wrong.py"]\nhint = "Mend the second line."\n'),
    ],
    ids=["a sentence", "a table", "a figure", "a message", "a test's name", "a statement", "a hint"],
)
def test_a_new_one_is_found(copy, path, more):
    before = words.faults(copy)
    (copy / path).write_text((copy / path).read_text("utf-8") + more, "utf-8")
    [line] = set(words.faults(copy)) - set(before)
    assert line.startswith(f"{path}: ")
    assert "; write: " in line


def test_code_comments_and_addresses_are_no_words(copy):
    before = words.faults(copy)
    page, script = copy / "docs/learn/your-first-session.md", copy / "live/page/panel/panel.js"
    page.write_text(page.read_text("utf-8") + "\n[A link](#anew) and `amiss`.\n\n```python\n# begun\n```\n", "utf-8")
    script.write_text(script.read_text("utf-8") + "\n// whoever comes anew\n", "utf-8")
    assert words.faults(copy) == before


def test_an_exemption_that_nothing_needs_is_a_fault(copy):
    left = copy / "tests/chain/words_left.txt"
    left.write_text(left.read_text("utf-8") + "docs/learn/your-first-session.md: amiss, 1\n", "utf-8")
    assert any("has 'amiss' 0 times; write 0 instead of 1" in line for line in words.faults(copy))
