"""Tell each lie, and see the tests that it names fail. Each runs in a copy of the project."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET  # noqa: S405 - reads what pytest has written
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.lies import lies

COPIED = ("docs", "extensions", "live", "snippets", "tests", "mkdocs.yml", "pyproject.toml", "README.md")
LIMIT = 180  # seconds for one lie
ALL = 600  # seconds for all tests that a page's lies name


def copy(root: Path, target: Path) -> Path:
    """A copy of what the tests of pages need; it shares what npm installed."""
    ignored = shutil.ignore_patterns("__pycache__", "runtime")
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignored)
        elif source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    if (root / "node_modules").exists():
        (target / "node_modules").symlink_to((root / "node_modules").resolve())
    return target


def overlay(lie: lies.Lie, folder: Path) -> Path:
    """A folder with the package that a lie patches, to be found ahead of the installed one."""
    package = lie.file.partition("/")[0]
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(lies.PACKAGES / package, folder / package, ignore=ignored)
    return folder


def outcomes(report: Path) -> dict[str, set[str]]:
    """What became of each test function: "passed", "skipped", "failure" or "error", of all its cases."""
    found: dict[str, set[str]] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314
        name = case.get("name", "").partition("[")[0]
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"} or {"passed"}
        found.setdefault(name, set()).update(kinds)
    return found


def outcomes_of(
    page: str, tests: Iterable[str], project: Path, environment: dict[str, str], limit: int = LIMIT
) -> dict[str, set[str]]:
    """Run tests of a page in a copy of the project; what became of each. TimeoutExpired if they don't end."""
    with TemporaryDirectory() as name:
        report = Path(name) / "report.xml"
        names = [f"tests/pages/test_{page}.py::{test}" for test in tests]
        command = [sys.executable, "-m", "pytest", "-q", "-m", "", f"--junitxml={report}", *names]
        subprocess.run(
            command, cwd=project, env=environment, timeout=limit, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        return outcomes(report) if report.is_file() else {}


def failing(wanted: Iterable[lies.Lie], root: Path) -> list[str]:
    """The named tests that don't pass without any lie: those would seem to notice each one."""
    tests: dict[str, set[str]] = {}
    for lie in wanted:
        tests.setdefault(lie.page, set()).update(lie.tests)
    found = []
    with TemporaryDirectory() as name:
        project = copy(root, Path(name) / "true")
        environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
        for page, names in sorted(tests.items()):
            try:
                became = outcomes_of(page, sorted(names), project, environment, ALL)
            except subprocess.TimeoutExpired:
                found.append(
                    f"tests/pages/test_{page}.py: not done within {ALL} seconds without a lie; make it quicker"
                )
                continue
            found += [
                f"tests/pages/test_{page}.py: {test} doesn't pass without a lie; make it pass first"
                for test in sorted(names)
                if became.get(lies.function_of(test)) != {"passed"}
            ]
    return found


def tell(lie: lies.Lie, project: Path) -> list[str]:
    """Run the tests of a lie in a copy of the project; one line for each that does not fail under it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
        text = lie.patched(project)
        if lie.of_package(project):
            target = overlay(lie, folder) / lie.file
            environment["PYTHONPATH"] = os.pathsep.join([str(folder), str(project)])
        else:
            target = project / lie.file
        true = target.read_text("utf-8")
        target.write_text(text, "utf-8")
        try:
            found = outcomes_of(lie.page, lie.tests, project, environment)
        except subprocess.TimeoutExpired:
            return [f"{lie.place}: its tests did not end within {LIMIT} seconds; choose a lie that ends"]
        finally:
            target.write_text(true, "utf-8")
    return [
        f"{lie.place}: {fault}" for one in lie.tests for fault in judged(one, found.get(lies.function_of(one), set()))
    ]


def judged(test: str, kinds: set[str]) -> Iterator[str]:
    """What is wrong with a test's outcome under a lie. Of a parametrized test one case that fails is enough."""
    if "skipped" in kinds:
        yield f"{test} was skipped, so it says nothing; install what it needs"
    elif not kinds:
        yield f"{test} did not run; its file can't be imported with the lie in it"
    elif "failure" not in kinds and "error" in kinds:
        yield f"{test} can't be set up under it, which proves nothing; choose a lie that lets the app start"
    elif "failure" not in kinds:
        yield f"{test} passes although it is false; make the test fail"


def run(wanted: Iterable[lies.Lie], root: Path, workers: int) -> Iterator[list[str]]:
    """Tell lies, several at once; gives each one's faults, in order."""
    with TemporaryDirectory() as name, ThreadPoolExecutor(workers) as pool:
        projects: SimpleQueue[Path] = SimpleQueue()
        for number in range(workers):
            projects.put(copy(root, Path(name) / str(number)))

        def turn(lie: lies.Lie) -> list[str]:
            project = projects.get()
            try:
                return tell(lie, project)
            finally:
                projects.put(project)

        yield from pool.map(turn, wanted)
