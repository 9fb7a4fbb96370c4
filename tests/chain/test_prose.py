"""A number in a proven paragraph occurs in its test."""

import shutil
from pathlib import Path

import pytest

from tests.chain import prose

ROOT = Path(__file__).parents[2]


def test_each_number_is_in_a_test_or_was_left_before():
    found, left = set(prose.unproven(ROOT)), set(prose.LEFT.read_text("utf-8").splitlines())
    lines = [
        f"{fault}: the test doesn't contain this number; correct the sentence or the test" for fault in found - left
    ]
    lines += [f"tests/chain/prose_left.txt: take out the line {line!r}" for line in left - found]
    if lines:
        pytest.fail("\n".join(sorted(lines)), pytrace=False)


@pytest.mark.parametrize("name", ["understand/two-clocks", "learn/how-long-a-session-lasts"])
def test_another_lifetime_than_31_days_is_found(tmp_path, name):
    page, test = f"docs/{name}.md", f"tests/pages/test_{name.split('/')[1].replace('-', '_')}.py"
    for path in (page, test):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    text = (tmp_path / page).read_text("utf-8")
    before = set(prose.unproven(tmp_path))
    (tmp_path / page).write_text(text.replace("31 days", "30 days"), "utf-8")
    assert any(": 30: " in fault for fault in set(prose.unproven(tmp_path)) - before)
