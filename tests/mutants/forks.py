"""Run tests of this process in children, each of which ends with the first test that fails."""

import contextlib
import gc
import itertools
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import freezegun.api
import pytest

LIMIT = 180  # seconds that a child may take, also if it waits
PROCESSOR = 10  # seconds of the processor that it may take, beside five times what its tests took before
STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec")


@contextlib.contextmanager
def starts() -> Iterator[list[str]]:
    """The processes that are started from here on; for children only, since nothing ends it."""
    found: list[str] = []
    sys.addaudithook(lambda event, _: found.append(event) if event in STARTS else None)
    yield found


class Tests:
    """Runs tests, here or in a child."""

    def __init__(self) -> None:
        self.seconds: dict[pytest.Item, float] = {}
        self.fault = ""  # the first test that failed in this process
        self.told = 0  # where a child says which test failed; 0 in the parent

    def run(self, items: list[pytest.Item]) -> None:
        """Run tests here; what they share within a module doesn't outlive the last."""
        for item, after in itertools.zip_longest(items, items[1:]):
            started = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after or item.session)
            self.seconds[item] = time.process_time() - started

    def failed(self, item: pytest.Item, why: str) -> None:
        """End a child; remember a failure in its parent."""
        if self.told:
            os.write(self.told, item.nodeid.encode())
            os._exit(1)
        self.fault = self.fault or f"{item.nodeid} fails without a mutant, or where comments are lost: {why}"

    def freeze(self) -> None:
        """Let children take over what this process has: no search for garbage in it, nor for clocks to stop."""
        modules = {id(module): module for module in list(sys.modules.values())}
        digest = freezegun.api._get_module_attributes_hash
        vars(freezegun.api)["_get_module_attributes_hash"] = lambda module: (
            str(id(module)) if modules.get(id(module)) is module else digest(module)
        )
        with freezegun.freeze_time():
            gc.collect()
        gc.freeze()

    def failing(self, items: list[pytest.Item], action: Callable[[], None]) -> str:
        """The first test that fails in a child, "" if there is none; the last one, if the child doesn't end in time."""
        if not items:
            return ""
        start = time.monotonic()
        output, told = os.pipe()
        with TemporaryDirectory() as name:
            child = os.fork()
            if not child:
                self.child(items, told, Path(name), action)
            os.close(told)
            try:
                failed = os.read(output, 4096).decode()
                _, status = os.waitpid(child, 0)
            except KeyboardInterrupt:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                raise
            finally:
                os.close(output)
                with contextlib.suppress(ProcessLookupError):  # what a failing test left running
                    os.killpg(child, signal.SIGKILL)
        self.seconds.setdefault(items[0], time.monotonic() - start)
        return failed or (items[-1].nodeid if status else "")

    def child(self, items: list[pytest.Item], told: int, folder: Path, action: Callable[[], None]) -> None:
        """Run tests in this child, then end it."""
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.set_inheritable(told, False)
        self.told = told
        signal.alarm(LIMIT)
        limit = PROCESSOR + int(5 * sum(self.seconds.get(item, LIMIT) for item in items))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        items[0].config._tmp_path_factory._basetemp = folder  # the parent deletes it
        action()
        os._exit(0)
