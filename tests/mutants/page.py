"""Run a page's own tests on every mutant of its snippets: `python -m tests.mutants.page NAME [FILE …]`, in a copy.

The process collects the tests once, runs them once, and forks for each mutant. A mutant meets the tests that ran the
changed function, quick ones first, until one fails. It prints a line of JSON for each mutant that no test notices, and
one with the counts.
"""

import contextlib
import gc
import hashlib
import itertools
import json
import os
import resource
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import pytest
import werkzeug.security

from extensions import snippets
from tests.mutants import mutate
from tests.support import redis_server

# A page's tests are those of its file and its transcripts. What drives a browser is left out.
ARGUMENTS = ["-q", "-p", "no:xdist", "--assert=plain", "-m", "not browser and not site"]
OTHER_PROCESSES = ("server", "process", "slow")  # tests that take seconds, and of which no function calls are seen
LIMIT = 180  # seconds that one mutant may take, also if it waits
PROCESSOR = 10  # seconds of the processor that one mutant may take, beside five times what the tests take without it

STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec")

Function = tuple[str, int]  # a file, and the line at which a function starts; 0 for the file's own statements


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
    """The functions of a folder that are called meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.start = f"{folder.resolve()}/"
        self.found: set[Function] = set()

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Called by Python."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(self.start):
            self.found.add((code.co_filename, 0 if code.co_name == "<module>" else code.co_firstlineno))

    def __enter__(self) -> set[Function]:
        threading.setprofile(self.note)
        sys.setprofile(self.note)
        return self.found

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)


class Mutants:
    """A plugin of pytest that runs the collected tests on each mutant."""

    def __init__(self, page: str, files: list[str], results: int) -> None:
        self.folder = Path("snippets", page)
        self.page, self.files, self.results = page, files, results
        # Of a test that starts other processes it is not known which functions run there: None.
        self.called: dict[pytest.Item, set[Function] | None] = {}
        self.seconds: dict[pytest.Item, float] = {}
        self.child = False
        self.fault = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the transcripts of this page only."""
        own = f"[snippets/{self.page}/", f"[tests/transcripts/{self.page}/"
        items[:] = [
            item for item in items if item.path.parent.name == "pages" or any(name in item.nodeid for name in own)
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> None:
        """A child ends with the first test that fails."""
        if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
            if self.child:
                os._exit(1)
            self.fault = f"{item.nodeid}: {call.excinfo.exconly()}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests on the files as they are, then on each mutant."""
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        if session.testsfailed:
            self.report({"fault": f"{self.page}: its tests can't be collected; run them"})
            return True
        quick = [item for item in session.items if not any(map(item.get_closest_marker, OTHER_PROCESSES))]
        slow = [item for item in session.items if item not in set(quick)]
        for item in quick:
            started = time.process_time()
            with Calls(self.folder) as found:
                run([item], session)
            self.called[item] = found
            self.seconds[item] = time.process_time() - started
        quick.sort(key=self.seconds.__getitem__)
        gc.collect()
        gc.freeze()
        with contextlib.ExitStack() as running:
            if any("redis_url" in item.fixturenames for item in slow) and redis_server.program():
                address = running.enter_context(redis_server.running())
                vars(redis_server)["running"] = lambda: contextlib.nullcontext(address)
            self.check(session, quick, slow)
            if self.fault:
                self.report({"fault": f"{self.page}: {self.fault}"})
                return True
            for path in sorted(self.folder.rglob("*.py")):
                if not snippets.of_others(path) and (not self.files or path.as_posix() in self.files):
                    self.try_file(session, path, quick, slow)
        return True

    def check(self, session: pytest.Session, quick: list[pytest.Item], slow: list[pytest.Item]) -> None:
        """Find a test that fails without a mutant, or only because comments are lost: it can't tell mutants."""
        paths = [path for path in self.folder.rglob("*.py") if not snippets.of_others(path)]
        texts = {path: path.read_text("utf-8") for path in paths}
        for path, text in texts.items():
            path.write_text(mutate.plain(text), "utf-8")
        if not self.fault and not self.passes(session, quick, len(quick)):
            self.fault = "a test fails once the snippets have lost their comments; test what they do"
        for item in list(slow):
            started = time.monotonic()
            if not self.fault and not self.watch(session, item):
                self.fault = f"{item.nodeid}: it fails once the snippets have lost their comments; test what they do"
            self.seconds[item] = time.monotonic() - started
        slow.sort(key=self.seconds.__getitem__)
        for path, text in texts.items():
            path.write_text(text, "utf-8")

    def try_file(self, session: pytest.Session, path: Path, quick: list[pytest.Item], slow: list[pytest.Item]) -> None:
        """Try all mutants of one file."""
        text = path.read_text("utf-8")
        counts: Counter[str] = Counter()
        try:
            for mutant in mutate.mutants(text):
                counts[mutant.operator] += 1
                path.write_text(mutant.text, "utf-8")
                changed = (str(path.resolve()), mutant.function)
                # What starts servers may fail for want of time, so a failure there has to come twice.
                if self.notices(session, quick, changed) or all(self.notices(session, slow, changed) for _ in "12"):
                    continue
                self.report({"file": path.as_posix(), "line": mutant.line, "name": mutant.name})
        finally:
            path.write_text(text, "utf-8")
        self.report({"file": path.as_posix(), "counts": counts})

    def report(self, line: dict) -> None:
        """Print a line."""
        os.write(self.results, f"{json.dumps(line)}\n".encode())

    def notices(self, session: pytest.Session, items: list[pytest.Item], changed: Function) -> bool:
        """Whether one of these tests fails, of those that may run the changed function."""
        touched = [item for item in items if (called := self.called[item]) is None or changed in called]
        return not self.passes(session, touched, sum(self.seconds[item] for item in touched))

    def watch(self, session: pytest.Session, item: pytest.Item) -> bool:
        """Whether a test passes; note which functions it calls, unless it starts other processes."""

        def look() -> None:
            calls, starts = Calls(self.folder), []
            sys.addaudithook(lambda event, _: starts.append(event) if event in STARTS else None)
            with calls:
                run([item], session)
            seen.write_text(json.dumps(None if starts else sorted(calls.found)))

        with TemporaryDirectory() as name:
            seen = Path(name, "seen.json")
            passed = self.passes(session, [item], LIMIT, look)
            found = json.loads(seen.read_text()) if passed else None
            self.called[item] = None if found is None else {tuple(call) for call in found}
        return passed

    def passes(
        self,
        session: pytest.Session,
        items: list[pytest.Item],
        seconds: float,
        action: Callable[[], None] | None = None,
    ) -> bool:
        """Whether tests pass in a fork. A mutant that doesn't end in time counts as noticed."""
        if not items:
            return True
        with TemporaryDirectory() as name:
            child = os.fork()
            if not child:
                os.setsid()
                self.child = True
                signal.alarm(LIMIT)
                limit = PROCESSOR + int(5 * seconds)
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
                session.config._tmp_path_factory._basetemp = Path(name)
                if action:
                    action()
                else:
                    run(items, session)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            with contextlib.suppress(ProcessLookupError):  # servers that a failing test left running
                os.killpg(child, signal.SIGKILL)
        return status == 0


def run(items: list[pytest.Item], session: pytest.Session) -> None:
    """Run tests; what they share within a module doesn't outlive the last."""
    for item, after in itertools.zip_longest(items, items[1:]):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=after or session)


def main(page: str, files: list[str]) -> None:
    """Try the mutants of all Python files of a page's folder, or of some of them."""
    results = os.dup(1)
    os.dup2(2, 1)
    tests = [f"tests/pages/test_{page}.py", "tests/chain/test_shown_output.py"]
    plugins = [Steady(), Mutants(page, files, results)]
    sys.exit(pytest.main([*ARGUMENTS, *(test for test in tests if Path(test).is_file())], plugins))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
