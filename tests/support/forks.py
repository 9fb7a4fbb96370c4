"""Commands in a copy of the project, each a fork of one process that has imported what they need.

A run of pytest spends most of its seconds on imports and on reading files that are the same as in the run before.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from pathlib import Path


def environment(root: Path) -> dict[str, str]:
    """The environment of commands in a copy of the project.

    A run of pytest there is no process of the one that runs this. Its temporary folders are beside the copy: pytest
    deletes those of earlier runs, which takes long where they contain whole projects. Bytecode spares compiling.
    """
    kept = {n: v for n, v in os.environ.items() if not n.startswith("PYTEST_") and n != "PYTHONDONTWRITEBYTECODE"}
    temporary = root.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    own = {"PYTHONPATH": str(root), "PYTEST_DEBUG_TEMPROOT": str(temporary), "COLUMNS": "400"}
    return kept | own | {"NO_MKDOCS_2_WARNING": "1"}


class Forks:
    """Runs `python -m …` in a folder with a copy of the project.

    A bare one has imported only what has no part in the project and its apps, so that either can be changed later.
    """

    def __init__(self, root: Path, *, bare: bool = False) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forks", *["bare"] * bare],
            cwd=root,
            env=environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, module: str, *arguments: str, ahead: Path | None = None, limit: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run a module as `python -m` does; its output and its status.

        It finds packages in a folder `ahead` of the installed ones. After `limit` seconds it is killed by SIGALRM.
        """
        with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as output:
            order = [output.name, str(ahead or ""), limit, module, *arguments]
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            status = int(self.process.stdout.readline())
            return subprocess.CompletedProcess([module, *arguments], status, output.read())

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def look_at_all_files() -> None:
    """Import what most commands need, and keep what is made of each file's text: see functools.cache."""
    import flask
    import freezegun
    import mkdocs.commands.build
    import playwright.sync_api
    import pytest

    from extensions import snippets
    from tests.chain import look, prose
    from tests.lies import lies

    for package in snippets.PACKAGES:  # the apps import them
        importlib.import_module(package)
    look.faulty()
    prose.faults(look.ROOT)
    lies.faults(look.ROOT)
    look.found.cache_clear()
    assert all((flask, freezegun, mkdocs, playwright, pytest))
    # No child looks for garbage in what it has from here.
    gc.collect()
    gc.freeze()


def import_what_no_lie_changes() -> None:
    """Import what takes the most time of what every run of pytest needs, and neither the project nor Flask does."""
    import email.parser
    import sqlite3

    import freezegun
    import playwright.sync_api
    import pytest

    # This loads the plugins of pytest, but not the project's own conftest.py.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main(["--version", "--version", "--noconftest", "-c", os.devnull])
    assert all((email, freezegun, playwright, sqlite3))
    gc.collect()
    gc.freeze()


def fork(output: str, ahead: str, limit: int, module: str, *arguments: str) -> int:
    """Run a module in a child; its exit status. What it leaves running is killed."""
    child = os.fork()
    if child:
        try:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
    status = 1
    try:
        os.setsid()
        signal.alarm(limit)
        file = os.open(output, os.O_WRONLY | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(file, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if ahead:
            put_ahead(ahead)
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def put_ahead(folder: str) -> None:
    """Let this process, and those that it starts, find packages in a folder first."""
    if loaded := {path.stem for path in Path(folder).iterdir()} & sys.modules.keys():
        raise RuntimeError(f"{loaded} is loaded, so that its file is read no more")
    sys.path.insert(0, folder)
    os.environ["PYTHONPATH"] = os.pathsep.join([folder, os.environ["PYTHONPATH"]])


def main() -> None:
    """Answer each line of commands with its status."""
    if sys.argv[1:] == ["bare"]:
        import_what_no_lie_changes()
    else:
        look_at_all_files()
    for line in sys.stdin:
        status = fork(*json.loads(line))
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
