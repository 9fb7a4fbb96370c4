"""Contributing keeps its word: its own steps, taken in a copy of the project, give a green run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from extensions import fences
from tests.support import site

pytestmark = [pytest.mark.slow, pytest.mark.process]

NAME = "greet_by_name"
FILES = {
    fence.title: "\n".join(fence.body) + "\n"
    for fence in fences.scan((site.ROOT / "docs/contributing.md").read_text("utf-8"))
    if fence.title
}
LEFT_OUT = {
    "snippets/greet_by_name/app.py": "there is no folder snippets/greet_by_name",
    "tests/pages/test_greet_by_name.py": "docs/recipes/greet-by-name.md: there is no tests/pages/test_greet_by_name.py",
    "docs/recipes/greet-by-name.md": "snippets/greet_by_name: no page bears this name",
    "mkdocs.yml": "mkdocs.yml: the nav lacks recipes/greet-by-name.md",
}


def take_steps(root: Path, left_out: str = "") -> None:
    """Write the files that the page shows, and its line into the nav, all but one."""
    for path, text in FILES.items():
        if path == left_out:
            continue
        if path == "mkdocs.yml":
            last = "      - recipes/count-visits.md\n"
            text = (root / path).read_text("utf-8").replace(last, last + text)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def run(root: Path, *command: str) -> subprocess.CompletedProcess:
    """A command in the copy."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        # A pytest of its own: not a process of the one that runs this test.
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        | {"PYTHONPATH": str(root), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_page_shows_three_files_and_a_line_for_the_navigation():
    assert set(FILES) == set(LEFT_OUT)


def test_the_steps_give_a_green_run(project_copy):
    take_steps(project_copy)
    for command in (
        ("pytest", "-q"),
        ("pytest", "-q", "-m", "site", "tests/site/test_site.py"),
        ("ruff", "format", "--check"),
        ("ruff", "check"),
    ):
        result = run(project_copy, *command)
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", LEFT_OUT)
def test_a_step_left_out_is_told_in_one_line(project_copy, path):
    take_steps(project_copy, left_out=path)
    result = run(project_copy, "pytest", "-q", "tests/chain/test_chain.py")
    assert result.returncode
    assert LEFT_OUT[path] in result.stdout, result.stdout
    assert result.stdout.count("FAILED") == 1, result.stdout
