"""Run a page's own tests on every mutant of its snippets: `python -m tests.mutants.page NAME [FILE …]`, in a copy.

The process imports pytest and Flask once and forks for each mutant, so one takes a fraction of a second. It prints a
line of JSON for each mutant that no test notices, and one with the counts.
"""

import json
import os
import signal
import sys
from collections import Counter
from importlib.util import cache_from_source
from pathlib import Path

import flask
import freezegun
import pytest

from extensions import snippets
from tests.mutants import mutate

# First the tests that need nothing but Python; what survives them meets the page's transcripts, then servers.
STAGES = (
    ["-m", "not server and not browser and not process and not site and not slow", "tests/pages/test_{page}.py"],
    ["-k", "snippets/{page}/", "tests/chain/test_shown_output.py"],
    ["-m", "(server or process) and not browser and not site", "tests/pages/test_{page}.py"],
)
LIMIT = 120  # seconds for one mutant
LOADED = (flask, freezegun)  # imported here for every fork


def passes(page: str, compiled: bool = False) -> bool:
    """Whether everything that tests a page passes. What is `compiled` meanwhile may be kept."""
    return all(passes_stage([argument.format(page=page) for argument in stage], compiled) for stage in STAGES)


def passes_stage(arguments: list[str], compiled: bool) -> bool:
    """Whether pytest passes in a fork. A mutant that doesn't end in time counts as noticed."""
    child = os.fork()
    if not child:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        signal.alarm(LIMIT)
        sys.dont_write_bytecode = not compiled
        code = pytest.main(["-q", "-x", "-p", "no:xdist", *arguments])
        os._exit(0 if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else 1)
    _, status = os.waitpid(child, 0)
    return status == 0


def survivors(path: Path, page: str, counts: Counter[str]) -> list[mutate.Mutant]:
    """The mutants of one file that the tests don't notice; `counts` gets the number of mutants of each operator."""
    text = path.read_text("utf-8")
    found = []
    try:
        path.write_text(mutate.plain(text), "utf-8")
        if not passes(page, compiled=True):
            sys.exit(
                f"{page}: a test fails on {path} without its comments, so it can't tell mutants; test what it does"
            )
        # The tests stay compiled for all mutants. A mutant may be as long as this file, and of the same second.
        Path(cache_from_source(str(path))).unlink(missing_ok=True)
        for mutant in mutate.mutants(text):
            counts[mutant.operator] += 1
            path.write_text(mutant.text, "utf-8")
            if passes(page):
                found.append(mutant)
    finally:
        path.write_text(text, "utf-8")
    return found


def main(page: str, files: list[str]) -> None:
    """Try the mutants of all Python files of a page's folder, or of some of them."""
    for path in sorted(Path("snippets", page).rglob("*.py")):
        if snippets.of_others(path) or (files and path.as_posix() not in files):
            continue
        counts: Counter[str] = Counter()
        for mutant in survivors(path, page, counts):
            print(json.dumps({"file": path.as_posix(), "line": mutant.line, "name": mutant.name}), flush=True)
        print(json.dumps({"file": path.as_posix(), "counts": counts}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
