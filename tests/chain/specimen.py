"""The page that Contributing adds as its example: its files and commands, taken from the page in their order."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from extensions import fences
from tests.support import forks, site

PAGE = "docs/contributing.md"
NAME = "greet-by-name"
RECIPE, TEST = "docs/recipes/greet-by-name.md", "tests/pages/test_greet_by_name.py"
APP, WRONG = "snippets/greet_by_name/app.py", "snippets/greet_by_name/wrong.py"
TRANSCRIPT, NAV = "snippets/greet_by_name/app.http", "mkdocs.yml"
INDEX, LINK = "docs/recipes/index.md", f"- [Greet visitors by name]({NAME}.md)\n"
BIN = site.ROOT / ".venv/bin"


def steps() -> Iterator[tuple[str, str]]:
    """What the page shows: a file's path with a text to write, or "" with a command to run."""
    for fence in fences.scan((site.ROOT / PAGE).read_text("utf-8")):
        text = "\n".join(fence.body) + "\n"
        if fence.title:
            yield fence.title, text
        elif fence.language == "sh":
            yield "", text.strip()


def write(root: Path, path: str, text: str) -> None:
    """Take a step: a line into the navigation, a new file, or more of a file that is there."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    if path == NAV:
        last = "      - recipes/index.md\n"
        text = (root / path).read_text("utf-8").replace(last, last + text)
        (root / path).write_text(text, "utf-8")
    else:
        with (root / path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def run(root: Path, command: str) -> subprocess.CompletedProcess:
    """Run a command of the page in a copy of the project."""
    return subprocess.run(
        ["sh", "-ec", command],
        cwd=root,
        env=forks.environment(root) | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def add(root: Path) -> None:
    """Add the whole page, with its responses and with a part of the app shown on its own."""
    for path, text in steps():
        if path:
            write(root, path, text)
    # As Contributing says below the line in the navigation.
    write(root, INDEX, LINK)
    start, end = "# --8<-- [start:remember]\n", "# --8<-- [end:remember]\n"
    app = (root / APP).read_text("utf-8")
    (root / APP).write_text(app.replace('@app.post("/")', f'{start}@app.post("/")') + f"\n\n{end}", "utf-8")
    write(root, RECIPE, '\n## The form\n\n```python\n--8<-- "greet_by_name/app.py:remember"\n```\n')
    done = run(root, f"{sys.executable} -m pytest -q --page {NAME} --update-examples")
    assert done.returncode == 0, done.stdout


def told(output: str) -> list[str]:
    """The lines with which pytest reports its failures: what is between the headings and the summary."""
    lines, inside = [], False
    for line in output.splitlines():
        if line.startswith("===="):
            inside = "FAILURES" in line or "ERRORS" in line
        elif inside and line.strip() and not line.startswith("____"):
            lines.append(line)
    return lines
