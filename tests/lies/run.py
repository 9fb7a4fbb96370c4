"""Tell each lie, and see the tests that it names fail. Each runs in a copy of the project."""

import itertools
import os
import shutil
import signal
import subprocess
import xml.etree.ElementTree as ET  # noqa: S405 - reads what pytest has written
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Self, TypeVar

from tests.lies import lies
from tests.support import forks

T = TypeVar("T")
R = TypeVar("R")
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


@dataclass
class Outcomes:
    """What became of each test function: "passed", "skipped", "failure" or "error", of all its cases; their seconds."""

    kinds: dict[str, set[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, report: Path) -> Self:
        """What pytest has written."""
        found = cls()
        for case in ET.parse(report).iter("testcase"):  # noqa: S314
            name = case.get("name", "").partition("[")[0]
            kinds = {child.tag for child in case} & {"failure", "error", "skipped"} or {"passed"}
            found.kinds.setdefault(name, set()).update(kinds)
            found.seconds[name] = found.seconds.get(name, 0) + float(case.get("time", 0))
        return found


class Project:
    """A copy of the project, with a process that has imported what no lie changes and forks for each run of tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.forks = forks.Forks(folder, bare=True)
        # A module's bytecode is known by its file's time, in seconds, and size. No two lies have the same time.
        self.moments = itertools.count(1_000_000_000)

    def run(self, page: str, tests: Iterable[str], limit: int = LIMIT, ahead: Path | None = None) -> Outcomes:
        """Run tests of a page; what became of each. TimeoutExpired if they don't end."""
        with TemporaryDirectory() as name:
            report = Path(name) / "report.xml"
            names = [f"tests/pages/test_{page}.py::{test}" for test in tests]
            arguments = ["-q", "-m", "", f"--junitxml={report}", *names]
            done = self.forks.run("pytest", *arguments, ahead=ahead, limit=limit)
            if done.returncode == -signal.SIGALRM:
                raise subprocess.TimeoutExpired(done.args, limit)
            return Outcomes.read(report) if report.is_file() else Outcomes()

    def tell(self, lie: lies.Lie) -> list[str]:
        """Run the tests of a lie; one line for each that does not fail under it."""
        with TemporaryDirectory() as name:
            text, ahead = lie.patched(self.folder), None
            target = self.folder / lie.file
            if lie.of_package(self.folder):
                ahead = Path(name)
                target = ahead / lie.file
                package = lie.file.partition("/")[0]
                shutil.copytree(lies.PACKAGES / package, ahead / package)
            true, before = target.read_text("utf-8"), target.stat()
            try:
                target.write_text(text, "utf-8")
                os.utime(target, (moment := next(self.moments), moment))
                found = self.run(lie.page, lie.tests, ahead=ahead)
            except subprocess.TimeoutExpired:
                return [f"{lie.place}: its tests did not end within {LIMIT} seconds; choose a lie that ends"]
            finally:
                target.write_text(true, "utf-8")
                os.utime(target, (before.st_atime, before.st_mtime))
        return [
            f"{lie.place}: {fault}"
            for one in lie.tests
            for fault in judged(one, found.kinds.get(lies.function_of(one), set()))
        ]

    def check(self, page: str, tests: set[str]) -> tuple[list[str], Outcomes]:
        """The tests of a page that don't pass without any lie: those would seem to notice each one."""
        try:
            found = self.run(page, sorted(tests), ALL)
        except subprocess.TimeoutExpired:
            fault = f"tests/pages/test_{page}.py: not done within {ALL} seconds without a lie; make it quicker"
            return [fault], Outcomes()
        return [
            f"tests/pages/test_{page}.py: {test} doesn't pass without a lie; make it pass first"
            for test in sorted(tests)
            if found.kinds.get(lies.function_of(test)) != {"passed"}
        ], found


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


class Projects:
    """Copies of the project, at each of which one task at a time is done."""

    def __init__(self, root: Path, number: int) -> None:
        self.root, self.number = root, number
        self.free: SimpleQueue[Project] = SimpleQueue()

    def __enter__(self) -> Self:
        self.folder = TemporaryDirectory()
        self.all = [Project(copy(self.root, Path(self.folder.name) / str(n) / "copy")) for n in range(self.number)]
        for project in self.all:
            self.free.put(project)
        self.pool = ThreadPoolExecutor(self.number)
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(cancel_futures=True)
        for project in self.all:
            project.forks.close()
        self.folder.cleanup()

    def map(self, do: Callable[[Project, T], R], tasks: Iterable[T]) -> Iterator[R]:
        """What each task gives, in their order."""

        def turn(task: T) -> R:
            project = self.free.get()
            try:
                return do(project, task)
            finally:
                self.free.put(project)

        return self.pool.map(turn, tasks)

    def failing(self, wanted: Iterable[lies.Lie]) -> tuple[list[str], Callable[[lies.Lie], float]]:
        """The named tests that don't pass without any lie; how many seconds those of a lie take."""
        tests: dict[str, set[str]] = {}
        for lie in wanted:
            tests.setdefault(lie.page, set()).update(lie.tests)
        pages = sorted(tests, key=lambda page: -len(tests[page]))
        checked = dict(zip(pages, self.map(lambda project, page: project.check(page, tests[page]), pages), strict=True))
        faults = [fault for page in sorted(pages) for fault in checked[page][0]]
        return faults, lambda lie: sum(
            checked[lie.page][1].seconds.get(lies.function_of(test), 0) for test in lie.tests
        )

    def tell(self, wanted: Iterable[lies.Lie]) -> Iterator[list[str]]:
        """Tell lies; gives each one's faults, in order."""
        return self.map(Project.tell, wanted)
