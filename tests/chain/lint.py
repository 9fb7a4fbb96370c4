"""What ruff finds in the Python files, in lines for the fast loop: one for each file."""

import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

FAULT = re.compile(
    r"(?P<path>\S+?\.py):(?P<line>\d+):\d+: (?P<code>[A-Z]+\d+|invalid-syntax):? (?P<fixable>\[\*\] )?(?P<text>.+)"
)
UNFORMATTED = re.compile(r"(?P<path>\S+?\.py):\d+:\d+: unformatted:")
# An undefined name makes the tests fail too, so it comes first.
UNDEFINED = "F821"


def ruff(root: Path, *arguments: str) -> str:
    """The output of a run of ruff. It must end with 0 or 1, or with 2 if a file can't be parsed."""
    command = [sys.executable, "-m", "ruff", *arguments, "--output-format", "concise", "."]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in (0, 1) or "invalid-syntax" in done.stdout, done.stderr
    return done.stdout.replace("\\", "/")


def faults(root: Path, reported: Collection[str] = ()) -> list[str]:
    """One line for each file that ruff finds fault with, except those that are reported already."""
    found: dict[str, list[tuple[bool, int, str]]] = {}
    for fault in FAULT.finditer(ruff(root, "check", "--quiet")):
        line = f"{fault['path']}:{fault['line']}: {fault['text']} ({fault['code']})"
        line += "; make format fixes it" if fault["fixable"] else "; correct the line"
        found.setdefault(fault["path"], []).append((fault["code"] != UNDEFINED, int(fault["line"]), line))
    lines = {path: min(of_file)[2] for path, of_file in found.items()}
    for path in UNFORMATTED.findall(ruff(root, "format", "--check")):
        lines.setdefault(path, f"{path}: ruff would format this file differently; run make format")
    return sorted(line for path, line in lines.items() if path not in reported)
