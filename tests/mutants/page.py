"""Run a page's own tests on every mutant of its snippets: `python -m tests.mutants.page NAME [FILE …]`, in a copy.

The process collects the tests once, runs them once, and forks for each mutant. A mutant meets the tests that ran the
changed function, until one fails. It prints a line of JSON for each mutant that no test notices, and one with the
counts of each file.
"""

import contextlib
import hashlib
import itertools
import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import ClassVar

import pytest
import werkzeug.security

from extensions import snippets
from tests.mutants import forks, mutate
from tests.mutants.processes import end_when_asked
from tests.support import redis_server

# A page's tests are those of its file and its transcripts. What drives a browser is left out, and so is what tries
# copies of the project or other versions of Flask.
ARGUMENTS = ["-q", "-p", "no:xdist", "--assert=plain", "-m", "not browser and not site and not slow"]
# Tests that take seconds. What survives the others meets them.
SLOW = ("server", "process")

Function = tuple[str, str]  # a file, and a function's qualified name in it; "" for the file's own statements
ANY = "*"  # instead of a function's name


class Steady:
    """The salts of password hashes: random ones would let each process compute its hashes again."""

    def __init__(self) -> None:
        self.numbers = itertools.count()
        werkzeug.security.gen_salt = self.salt

    def salt(self, length: int) -> str:
        """Another one each time, the same ones in each test."""
        return hashlib.sha256(b"%d" % next(self.numbers)).hexdigest()[:length]

    def pytest_runtest_setup(self) -> None:
        """Start again."""
        self.numbers = itertools.count()


class Calls:
    """The functions of folders that are called meanwhile; all of a file, if it is read by more than its import.

    Such a file may be copied, and run from elsewhere.
    """

    watching: ClassVar[list["Calls"]] = []

    def __init__(self, *folders: Path) -> None:
        self.start = tuple(f"{folder}/" for folder in folders)
        self.found: set[Function] = set()
        self.read: Counter[str] = Counter()

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Called by Python at each call."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(self.start):
            function = code.co_qualname.replace("<module>", "")
            self.found.add((code.co_filename, function))
            self.read[code.co_filename] -= not function

    @classmethod
    def audit(cls, event: str, arguments: tuple[object, ...]) -> None:
        """Called by Python at each event, such as reading a file."""
        if event == "open" and cls.watching and isinstance(arguments[0], str | os.PathLike):
            path, calls = os.fspath(arguments[0]), cls.watching[-1]
            if isinstance(path, str) and path.startswith(calls.start):
                calls.read[path] += 1

    def __enter__(self) -> set[Function]:
        self.watching.append(self)
        threading.setprofile(self.note)
        sys.setprofile(self.note)
        return self.found

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)
        self.watching.remove(self)
        self.found |= {(path, ANY) for path, number in self.read.items() if number > 0}


class Mutants:
    """A plugin of pytest that runs the collected tests on each mutant."""

    def __init__(self, page: str, files: list[str], results: int) -> None:
        self.folder = Path("snippets", page)
        self.page, self.files, self.results = page, files, results
        self.tests = forks.Tests()
        # Of a test that starts other processes it is not known which functions run there: None.
        self.called: dict[pytest.Item, set[Function] | None] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the transcripts of this page only."""
        own = f"[snippets/{self.page}/", f"[tests/transcripts/{self.page}/"
        items[:] = [
            item for item in items if item.path.parent.name == "pages" or any(name in item.nodeid for name in own)
        ]

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> None:
        """A failure ends a child."""
        if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
            self.tests.failed(item, call.excinfo.exconly())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests on the files as they are, then on each mutant."""
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        quick = [item for item in session.items if not any(map(item.get_closest_marker, SLOW))]
        slow = [item for item in session.items if item not in set(quick)]
        with contextlib.ExitStack() as running:
            if any("redis_url" in item.fixturenames for item in slow) and redis_server.program():
                address = running.enter_context(redis_server.running())
                vars(redis_server)["running"] = lambda: contextlib.nullcontext(address)
            collected = "its tests can't be collected; run them" if session.testsfailed else ""
            if fault := collected or self.first_run(quick, slow):
                self.report({"fault": f"{self.page}: {fault}"})
                return True
            for path in sorted(self.folder.rglob("*.py")):
                if not snippets.of_others(path) and (not self.files or path.as_posix() in self.files):
                    self.try_file(path, quick, slow)
        return True

    def first_run(self, quick: list[pytest.Item], slow: list[pytest.Item]) -> str:
        """Run all tests, and note what they call; what is wrong with one that fails without a mutant.

        Comments are lost in mutants: a test that needs them would notice each one.
        """
        paths = [path for path in self.folder.rglob("*.py") if not snippets.of_others(path)]
        texts = {path: path.read_text("utf-8") for path in paths}
        with contextlib.ExitStack() as later:
            for path, text in texts.items():
                later.callback(path.write_text, text, "utf-8")
                path.write_text(mutate.plain(text), "utf-8")
            for item in quick:
                with Calls(self.folder.resolve()) as found:
                    self.tests.run([item])
                self.called[item] = found
            if self.tests.fault:
                return self.tests.fault
            self.tests.freeze()
            for item in slow:
                if not self.watch(item):
                    return f"{item.nodeid} fails without a mutant, or where comments are lost"
        for items in (quick, slow):
            items.sort(key=self.tests.seconds.__getitem__)
        return ""

    def watch(self, item: pytest.Item) -> bool:
        """Whether a test passes in a fork; note which functions it calls, unless it starts other processes."""

        def look() -> None:
            calls = Calls(self.folder.resolve())
            with calls, forks.starts() as started:
                self.tests.run([item])
            seen.write_text(json.dumps(None if started else sorted(calls.found)))

        with TemporaryDirectory() as name:
            seen = Path(name, "seen.json")
            passed = not self.tests.failing([item], look)
            found = json.loads(seen.read_text()) if passed else None
        self.called[item] = None if found is None else {(file, function) for file, function in found}
        return passed

    def try_file(self, path: Path, quick: list[pytest.Item], slow: list[pytest.Item]) -> None:
        """Try all mutants of one file."""
        text = path.read_text("utf-8")
        counts: Counter[str] = Counter()
        try:
            for mutant in mutate.mutants(text):
                counts[mutant.operator] += 1
                path.write_text(mutant.text, "utf-8")
                changed = (str(path.resolve()), mutant.function)
                # What starts servers may fail for want of time, so a failure there has to come twice.
                if self.notices(quick, changed) or (self.notices(slow, changed) and self.notices(slow, changed)):
                    continue
                self.report({"file": path.as_posix(), "line": mutant.line, "name": mutant.name})
        finally:
            path.write_text(text, "utf-8")
        self.report({"file": path.as_posix(), "counts": counts})

    def notices(self, items: list[pytest.Item], changed: Function, put: Callable[[], None] | None = None) -> bool:
        """Whether one of these tests fails, of those that may run the changed function, once the change is put there.

        It becomes the first of them: it is likely to notice the next mutant too.
        """
        either = {changed, (changed[0], ANY)}
        touched = [item for item in items if (called := self.called[item]) is None or either & called]

        def act() -> None:
            if put:
                put()
            self.tests.run(touched)

        failing = self.tests.failing(touched, act)
        items.sort(key=lambda item: item.nodeid != failing)
        return bool(failing)

    def report(self, line: dict) -> None:
        """Print a line."""
        os.write(self.results, f"{json.dumps(line)}\n".encode())


def main(page: str, files: list[str]) -> None:
    """Try the mutants of all Python files of a page's folder, or of some of them."""
    end_when_asked()
    sys.addaudithook(Calls.audit)
    results = os.dup(1)
    os.dup2(2, 1)
    tests = [f"tests/pages/test_{page}.py", "tests/chain/test_shown_output.py"]
    plugins = [Steady(), Mutants(page, files, results)]
    sys.exit(pytest.main([*ARGUMENTS, *(test for test in tests if Path(test).is_file())], plugins))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
