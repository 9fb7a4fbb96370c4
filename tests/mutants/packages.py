"""The mutants of what Flask does with a session: all of flask/sessions.py and flask/json/tag.py, and of itsdangerous
the functions that run while Flask opens or saves one.

A mutant is put into a copy of the two packages that Python finds ahead of the installed ones. First the pages meet it
whose tests are the likeliest to notice it, then all others. Each time one process runs the tests of the fast loop, and
ends with the first that fails.
"""

import ast
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from flask import Flask, session

from tests.lies.lies import PACKAGES
from tests.mutants import mutate
from tests.mutants.processes import Processes

NAMES = ("flask/", "itsdangerous/")
FLASK = ("flask/json/tag.py", "flask/sessions.py")
ITSDANGEROUS = tuple(
    f"itsdangerous/{name}.py" for name in ("signer", "timed", "serializer", "encoding", "url_safe", "exc")
)
# The pages whose tests notice most mutants.
LIKELY = (
    "the_session_object",
    "what_can_be_stored",
    "when_flask_saves_the_session",
    "inside_the_cookie",
    "rotate_the_secret_key",
    "two_clocks",
    "configuration",
)
ARGUMENTS = ["-q", "-x", "-p", "no:xdist"]
PROCESSOR = 10  # seconds of the processor that the tests may take, beside five times what they take without a mutant
LIMIT = 300  # seconds that they may take, also if they wait

Lines = dict[str, set[int]]  # the lines that run, of each file


def used() -> Lines:
    """The lines of itsdangerous that run while Flask opens or saves a session."""
    found: Lines = {}
    start = f"{PACKAGES / 'itsdangerous'}{os.sep}"

    def note(frame: FrameType, event: str, _: object) -> Callable | None:
        path = frame.f_code.co_filename
        if not path.startswith(start):
            return None
        if event == "line":
            found.setdefault(Path(path).relative_to(PACKAGES).as_posix(), set()).add(frame.f_lineno)
        return note

    app = Flask("app")
    app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"])  # noqa: S106
    app.add_url_rule("/", "read", lambda: str(session))
    app.add_url_rule("/<int:size>", "write", lambda size: str(session.update(text="a" * size)))
    before = sys.gettrace()
    sys.settrace(note)
    try:
        for size in (1, 500):  # a long one is compressed
            client = app.test_client()
            client.get(f"/{size}")
            value = client.get_cookie("session").value
            # Whole, cut off, altered, and without parts.
            for cookie in (value, value[:-9], f"a{value}", value.replace(".", "", 1), "a.b.c", "a", "."):
                client.set_cookie("session", cookie)
                client.get("/")
            app.config["PERMANENT_SESSION_LIFETIME"] = -1  # too old
            client.set_cookie("session", value)
            client.get("/")
    finally:
        sys.settrace(before)
    return found


def files() -> list[str]:
    """The files with mutants, large ones first."""
    return sorted([*FLASK, *ITSDANGEROUS], key=lambda file: (PACKAGES / file).stat().st_size, reverse=True)


def left_out(lines: set[int] | None) -> Callable[[ast.AST], set[ast.AST]]:
    """Finds what has no mutants: imports, what type checkers read, and what isn't in these lines, if given."""

    def unused(node: ast.AST, inside: bool) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            function = isinstance(child, ast.FunctionDef)
            runs = isinstance(child, ast.stmt) and (inside or function or isinstance(child, ast.ClassDef))
            if runs and not any(child.lineno <= line <= child.end_lineno for line in lines or ()):
                yield from ast.walk(child)
            else:
                yield from unused(child, inside or function)

    return lambda tree: {*for_types(tree), *([] if lines is None else unused(tree, False))}


def for_types(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of imports and of what only type checkers read."""
    for node in ast.walk(tree):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        match node:
            case ast.Import() | ast.ImportFrom():
                parts.append(node)
            case ast.If(test=ast.Attribute(attr="TYPE_CHECKING")):
                parts.append(node)
            case ast.FunctionDef(decorator_list=[ast.Attribute(attr="overload")]):
                parts.append(node)
            case ast.Call(func=ast.Attribute(attr="cast")):
                parts.append(node.args[0])
        for part in parts:
            yield from ast.walk(part) if isinstance(part, ast.AST) else ()


class Copy:
    """A copy of the project, and beside it one of the packages, in which mutants can be tried."""

    def __init__(self, project: Path, processes: Processes) -> None:
        self.project, self.processes = project, processes
        self.packages = project.with_name(f"{project.name}-packages")
        self.seconds: dict[bool, float] = {}  # that the likeliest tests and the others take without a mutant

    def tests(self, likely: bool) -> list[str]:
        """The files of the likeliest tests, or of the others."""
        first = [f"tests/pages/test_{page}.py" for page in LIKELY]
        if likely:
            return first
        found = sorted(path.relative_to(self.project).as_posix() for path in self.project.glob("tests/pages/test_*.py"))
        return ["tests/chain/test_shown_output.py", *(path for path in found if path not in first)]

    def passes(self, likely: bool, **environment: str) -> bool:
        """Whether these tests pass; False too if they don't end."""
        limit = PROCESSOR + int(5 * self.seconds.get(likely, LIMIT))
        process = self.processes.start(
            [sys.executable, "-m", "pytest", *ARGUMENTS, *self.tests(likely)],
            cwd=self.project,
            env=os.environ | {"PYTHONPATH": f"{self.packages}{os.pathsep}{self.project}"} | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
        )
        try:
            return process.wait(LIMIT) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False

    def first_run(self) -> str:
        """Copy the packages and run all tests without a mutant, which writes their bytecode; what is wrong."""
        for name in NAMES:
            shutil.copytree(PACKAGES / name, self.packages / name)
        for likely in (True, False):
            started = time.monotonic()
            if not self.passes(likely, PYTHONDONTWRITEBYTECODE=""):
                return f"a test of {' '.join(self.tests(likely))} fails without a mutant; run them"
            self.seconds[likely] = time.monotonic() - started
        return ""

    def try_file(self, file: str, lines: set[int] | None) -> list[dict]:
        """Try all mutants of a file: a line for each that no test notices, and one with their number."""
        if not self.seconds and (fault := self.first_run()):
            return [{"fault": f"{file}: {fault}"}]
        target = self.packages / file
        text = target.read_text("utf-8")
        found: list[dict] = []
        counts: Counter[str] = Counter()
        for cached in (target.parent / "__pycache__").glob(f"{target.stem}.*"):
            cached.unlink()  # a mutant of the same second and size would not be read
        try:
            for mutant in mutate.mutants(text, left_out(lines)):
                counts[mutant.operator] += 1
                target.write_text(mutant.text, "utf-8")
                if all(self.passes(likely, PYTHONDONTWRITEBYTECODE="1") for likely in (True, False)):
                    found.append({"file": file, "line": mutant.line, "name": mutant.name})
        finally:
            target.write_text(text, "utf-8")
        return [*found, {"file": file, "counts": counts}]
