"""Run the tests of a challenge on versions of its app: right, wrong, and without each of its views."""

import ast
import contextlib
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from extensions import challenges, page_tests, snippets
from extensions.challenges import Challenge
from tests import conftest
from tests.support import recorder

LIMIT = 60  # seconds for all versions of one challenge
LOADED = (conftest,)  # imported here for every fork


class Outcomes:
    """A pytest plugin: which tests passed, and which apps each has loaded."""

    def __init__(self) -> None:
        self.passed: dict[str, bool] = {}
        self.loaded: dict[str, set[str]] = {}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note what it loads from here."""
        files = self.loaded.setdefault(name_of(item.nodeid), set())
        recorder.loaded = lambda _, path: files.add(path.name)  # type: ignore[assignment]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of one case."""
        name = name_of(report.nodeid)
        self.passed[name] = self.passed.get(name, True) and report.passed


def name_of(nodeid: str) -> str:
    """The function of a test."""
    return nodeid.rpartition("::")[2].partition("[")[0]


def run(challenge: Challenge, names: Iterable[tuple[Path, str]], changes: dict[str, str], root: Path) -> dict:
    """Run tests on one version, in this process."""
    folder = root / "snippets" / challenge.folder
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(challenges.PROJECT / "snippets" / challenge.folder, folder, dirs_exist_ok=True)
    for path, text in challenge.placed(changes).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    outcomes = Outcomes()
    ids = [f"{file}::{name}" for file, name in names]
    whole = ["-q", "-m", "", f"--rootdir={challenges.PROJECT}"]
    true, snippets.ROOT = snippets.ROOT, root / "snippets"
    try:
        pytest.main([*whole, *ids], plugins=[outcomes])
    finally:
        snippets.ROOT = true
    return {"passed": outcomes.passed, "loaded": {name: sorted(files) for name, files in outcomes.loaded.items()}}


def versions(challenge: Challenge, names: list[tuple[Path, str]], all_changes: list[dict[str, str]]) -> list[dict]:
    """Run tests on several versions in a fork; what `run` gives for each that ended in time."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        child = os.fork()
        if not child:
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            signal.alarm(LIMIT)
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # none is needed, and they take half of the time
            sys.dont_write_bytecode = True
            gc.freeze()  # pytest looks for garbage after each run, which isn't to be among all that the parent has
            with contextlib.suppress(BaseException), report.open("w", encoding="utf-8") as lines:
                for changes in all_changes:
                    lines.write(json.dumps(run(challenge, names, changes, Path(folder) / "project")) + "\n")
                    lines.flush()
            os._exit(0)
        os.waitpid(child, 0)
        return [json.loads(line) for line in report.read_text("utf-8").splitlines()]


def without(text: str) -> Iterator[tuple[str, str]]:
    """An app without each of its decorated functions, which are its views and guards: names and texts."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            first = node.decorator_list[0].lineno - 1
            yield node.name, "".join([*lines[:first], *lines[node.end_lineno :]])


def all_versions(challenge: Challenge) -> dict[str, dict[str, str]]:
    """The versions: right, wrong, and without something, by what readers of a fault need to know."""
    fixed = challenge.fixed
    text = fixed.get(challenge.name, challenge.files[challenge.name])
    less = {f"the right app without {name}()": {**fixed, challenge.name: rest} for name, rest in without(text)}
    return {"the right app": fixed, "the wrong app": {}, **less}


def choose(challenge: Challenge) -> list[str]:
    """The page's tests that judge a challenge, unless it has tests of its own.

    They are those that fail on the wrong app. Where an app without one of its views would pass, one more is added.
    """
    own = page_tests.tests_of(challenge.own_file)
    if challenge.fix or any(f'"{challenge.name}"' in test.source for test in own):
        return []
    tests = page_tests.tests_of(challenge.page_file)
    names = [(challenge.page_file, test.name) for test in tests if not test.needs]
    changes = all_versions(challenge)
    (right,) = versions(challenge, names, [changes.pop("the right app")])
    fit = [name for name, passed in right["passed"].items() if passed and right["loaded"][name] == [challenge.right]]
    wrong, *less = versions(challenge, [one for one in names if one[1] in fit], list(changes.values()))
    found = [name for name in fit if not wrong["passed"].get(name)]
    for one in less:
        if not any(not one["passed"].get(name) for name in found):
            found += [name for name in fit if not one["passed"].get(name)][:1]
    order = [test.name for test in tests]
    return sorted(set(found), key=order.index)


def faults(challenge: Challenge) -> list[str]:
    """What keeps a challenge from judging solutions rightly."""
    names = [(file, test.name) for file, test in challenge.tests]
    if not names:
        return [f"{challenge.app}: no test judges it; write one in tests/challenges/{challenge.folder}.py"]
    changes = all_versions(challenge)
    found = versions(challenge, names, list(changes.values()))
    if len(found) < len(changes):
        return [f"{challenge.app}: its tests did not end within {LIMIT} seconds on {list(changes)[len(found)]}"]
    lines = []
    for version, outcome in zip(changes, found, strict=True):
        failed = [name for _, name in names if not outcome["passed"].get(name)]
        if version == "the right app" and failed:
            lines.append(f"{challenge.app}: {failed[0]} fails on the right app")
        elif version != "the right app" and not failed:
            lines.append(f"{challenge.app}: {version} passes; add a test to tests/challenges/{challenge.folder}.py")
    return lines
