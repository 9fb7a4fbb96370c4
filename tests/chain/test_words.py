"""The site uses its readers' words: no page, figure, message or test name has one of words.toml beyond those left."""

import shutil
from pathlib import Path

import pytest

from tests.chain import words

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """What the check reads, in a folder of its own."""
    root = tmp_path_factory.mktemp("words")
    for folder in ("docs", "live/page", "live/inspector", "tests/pages", "tests/challenges", "tests/chain"):
        ignored = shutil.ignore_patterns("assets" if folder == "docs" else "", "__pycache__")
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    shutil.copytree(ROOT / "docs/assets/figures", root / "docs/assets/figures")
    return root


@pytest.fixture
def append(copied):
    """Add a text to a file of the folder until the test ends, and look for words: `append(path, text)`."""
    true = {}

    def append(path, text):
        true[path] = (copied / path).read_text("utf-8")
        (copied / path).write_text(true[path] + text, "utf-8")
        return words.faults(copied)

    yield append
    for path, text in true.items():
        (copied / path).write_text(text, "utf-8")


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
def test_a_new_one_is_found(copied, append, path, more):
    before = words.faults(copied)
    [line] = set(append(path, more)) - set(before)
    assert line.startswith(f"{path}: ")
    assert "; write: " in line


def test_code_comments_and_addresses_are_no_words(copied, append):
    before = words.faults(copied)
    more = "\n[A link](#anew) and `amiss`.\n\n```python\n# begun\n```\n"
    assert append("docs/learn/your-first-session.md", more) == before
    assert append("live/page/panel/panel.js", "\n// whoever comes anew\n") == before


def test_an_exemption_that_nothing_needs_is_a_fault(append):
    faults = append("tests/chain/words_left.txt", "docs/learn/your-first-session.md: amiss, 1\n")
    assert any("has 'amiss' 0 times; write 0 instead of 1" in line for line in faults)
