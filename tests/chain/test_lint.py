"""A fault that ruff finds is one line of the fast loop."""

from pathlib import Path

import pytest

from tests.chain import lint, look

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import os\n", "app.py:1: `os` imported but unused (F401); make format fixes it"),
        ("import os\n\nprint(oss)\n", "app.py:3: Undefined name `oss` (F821); correct the line"),
        ("print(  1)\n", "app.py: ruff would format this file differently; run make format"),
        (
            "def f(:\n",
            "app.py:1: Expected a parameter or the end of the parameter list (invalid-syntax); correct the line",
        ),
        ("a = 1\nb = a == None\n", "app.py:2: Comparison to `None` should be `cond is None` (E711); correct the line"),
    ],
)
def test_a_fault_is_one_line(tmp_path, code, line):
    (tmp_path / "ruff.toml").write_text(f'extend = "{(ROOT / "pyproject.toml").as_posix()}"\n')
    (tmp_path / "app.py").write_text(code)
    (tmp_path / "good.py").write_text("print(1)\n")
    assert lint.faults(tmp_path) == [line]
    assert lint.faults(tmp_path, {"app.py"}) == []


def test_the_fast_loop_looks_for_them_and_an_undefined_name_keeps_the_page_s_tests_from_running():
    assert look.unlinted in look.CHECKS
    assert look.STOPPING.search("snippets/count_visits/app.py:3: Undefined name `oss` (F821); correct the line")
