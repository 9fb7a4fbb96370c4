"""Each slip of a contributor gives one line that names the file."""

import shutil
from pathlib import Path

import pytest

from tests.chain import chain, slips

ROOT = Path(__file__).parents[2]
PAGE, APP = "docs/recipes/count-visits.md", "snippets/count_visits/app.py"
TEST = "tests/pages/test_count_visits.py"

SLIPS = [
    ("an include without its file", PAGE, '"count_visits/app.py', '"count_visits/ap.py', "there is no snippets/"),
    ("a region misspelt", PAGE, '"count_visits/app.py"', '"count_visits/app.py:lost"', "has no region 'lost'"),
    ("a marker with a semicolon", APP, "", "# ;--8<-- [start:x]\n", "the semicolon"),
    ("a syntax error in an app", APP, "import", "import (", "fix the syntax"),
    ("a syntax error in a test", TEST, "def test_", "def (test_", "fix the syntax"),
    ("no description", PAGE, "description:", "about:", "there is no description"),
    ("a long description", PAGE, "description:", f"description: {'x' * 170}", "characters; write 80 to 170"),
    ("broken front matter", PAGE, "description: ", "description: [", "isn't valid YAML"),
    ("no title", PAGE, "\n# ", "\n", "there is no title"),
    ("a dead link", PAGE, "\n# ", "\n[dead](dead.md)\n# ", "there is no dead.md"),
    ("a missing image", PAGE, "\n# ", "\n![dead](dead.png)\n# ", "there is no dead.png"),
    ("an empty test", TEST, "", "\ndef test_nothing():\n    pass\n", "asserts nothing"),
]


def faults(root: Path) -> list[str]:
    """What all checks find."""
    return [fault for check in slips.CHECKS for fault in check(root)]


@pytest.mark.parametrize(("file", "old", "new", "message"), [s[1:] for s in SLIPS], ids=[s[0] for s in SLIPS])
def test_a_slip_gives_one_line(tmp_path, file, old, new, message):
    for path in [PAGE, TEST, *(p.relative_to(ROOT).as_posix() for p in (ROOT / "snippets/count_visits").rglob("*.*"))]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    before = set(faults(tmp_path))
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1) if old else text + new, "utf-8")
    found = [fault for fault in faults(tmp_path) if fault not in before and message in fault]
    assert len(found) == 1, found
    assert "\n" not in found[0]


def test_a_syntax_error_in_an_app_leaves_the_others_to_the_checks(tmp_path):
    for name, text in (("good", "app = 1\n"), ("bad", "app = (\n")):
        (tmp_path / "snippets" / name).mkdir(parents=True)
        (tmp_path / "snippets" / name / "app.py").write_text(text, "utf-8")
    assert chain.apps(tmp_path) == [tmp_path / "snippets/good/app.py"]
