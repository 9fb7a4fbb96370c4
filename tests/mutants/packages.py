"""Run tests on mutants of what Flask does with a session: `python -m tests.mutants.packages FILE …`, in a copy.

These are all of flask/sessions.py and flask/json/tag.py, and of itsdangerous what runs while Flask opens or saves a
session. The tests are those of the fast loop: of the pages that say how sessions work, and the transcripts of all.

The process collects the tests once, runs them once, and forks for each mutant of a function, which takes the place of
the loaded one. A mutant of anything else is put into a copy of the packages that a new process finds ahead of the
installed ones: there the pages come first whose tests are the likeliest to notice it.
"""

import ast
import gc
import os
import resource
import shutil
import subprocess
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from flask import Flask, session

from tests.lies.lies import PACKAGES
from tests.mutants import mutate, page
from tests.mutants.processes import end_when_asked

NAMES = ("flask/", "itsdangerous/")
FLASK = ("flask/json/tag.py", "flask/sessions.py")
ITSDANGEROUS = tuple(
    f"itsdangerous/{name}.py" for name in ("signer", "timed", "serializer", "encoding", "url_safe", "exc")
)
# The pages that say how sessions work: first those whose tests notice most mutants.
LIKELY = (
    "the_session_object",
    "what_can_be_stored",
    "when_flask_saves_the_session",
    "inside_the_cookie",
    "rotate_the_secret_key",
    "two_clocks",
    "configuration",
)
OTHERS = (
    "the_secret_key",
    "how_long_a_session_lasts",
    "what_clear_does",
    "a_cookie_that_is_never_stored",
    "errors_and_warnings",
    "two_apps_on_one_host",
    "keep_lists_and_dicts_in_a_session",
    "cache_pages_that_use_the_session",
    "before_you_deploy",
    "reading_values_safely",
    "versions",
    "sessions_in_a_database",
    "encrypt_the_session_cookie",
    "use_the_session_from_another_site",
)
ARGUMENTS = ["-q", "-x", "-p", "no:xdist"]
PROCESSOR = 60  # seconds of the processor that a new process may take for its tests
# Flask calls these when it is imported, so a mutant that takes their place later may go unnoticed.
EARLY = ("JSONTag.__init__", "TaggedJSONSerializer.__init__", "TaggedJSONSerializer.register")

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


def left_out(lines: set[int] | None) -> Callable[[ast.AST], set[ast.AST]]:
    """Finds what has no mutants: what has no effect when it runs, and what isn't in these lines, if given."""

    def unused(node: ast.AST, inside: bool) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            function = isinstance(child, ast.FunctionDef)
            runs = isinstance(child, ast.stmt) and (inside or function or isinstance(child, ast.ClassDef))
            if runs and not any(child.lineno <= line <= child.end_lineno for line in lines or ()):
                yield from ast.walk(child)
            else:
                yield from unused(child, inside or function)

    return lambda tree: {*without_effect(tree), *([] if lines is None else unused(tree, False))}


def without_effect(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of imports, of what only type checkers read, and of `__slots__`, which only saves memory."""
    for node in ast.walk(tree):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Assign(targets=[ast.Name("__slots__")]):
                parts.append(node)
            case ast.If(test=ast.Attribute(attr="TYPE_CHECKING")):
                parts.append(node)
            case ast.FunctionDef(decorator_list=[ast.Attribute(attr="overload")]):
                parts.append(node)
            case ast.Call(func=ast.Attribute(attr="cast")):
                parts.append(node.args[0])
        for part in parts:
            yield from ast.walk(part) if isinstance(part, ast.AST) else ()


def tests_of(pages: tuple[str, ...]) -> list[str]:
    """The files with the tests of pages; beside them the transcripts, which take longer than the likeliest tests."""
    return [f"tests/pages/test_{name}.py" for name in pages] + ["tests/chain/test_shown_output.py"] * (pages == OTHERS)


Code = tuple[str, types.CodeType]


def codes(text: str, path: Path) -> list[Code]:
    """The code of each function of a module that is in no other function, with its qualified name, in order."""
    found: list[Code] = []

    def visit(code: types.CodeType) -> None:
        for part in code.co_consts:
            if isinstance(part, types.CodeType):
                if part.co_flags & 2:  # CO_NEWLOCALS: a function; a class has none
                    found.append((part.co_qualname, part))
                else:
                    visit(part)

    visit(compile(text, path, "exec", dont_inherit=True))
    return found


class Module:
    """A loaded module, whose functions can be given other code."""

    def __init__(self, file: str) -> None:
        self.path = PACKAGES / file
        self.codes = codes(self.path.read_text("utf-8"), self.path)
        gc.unfreeze()  # what was frozen, for example before a fork, is not listed
        self.functions = {
            (function.__code__.co_qualname, function.__code__.co_firstlineno): function
            for function in gc.get_objects()
            # isinstance() would ask a weak reference for the class of what is gone.
            if type(function) is types.FunctionType and function.__code__.co_filename == str(self.path)
        }

    def patch(self, mutant: mutate.Mutant) -> Callable[[], None] | None:
        """What puts a mutant of a function into its place; None if only a new process can run it."""
        name = mutant.function.partition(".<locals>")[0]
        pairs = [
            (self.functions[qualified, old.co_firstlineno], new)
            for (qualified, old), (_, new) in zip(self.codes, codes(mutant.text, self.path), strict=False)
            if qualified == name and (qualified, old.co_firstlineno) in self.functions
        ]
        if not pairs or any(function.__code__.co_freevars != new.co_freevars for function, new in pairs):
            return None

        def put() -> None:
            for function, new in pairs:
                function.__code__ = new

        return put


class Mutants(page.Mutants):
    """A plugin of pytest that runs the collected tests on each mutant."""

    def __init__(self, files: list[str], results: int) -> None:
        super().__init__("", files, results)
        self.packages = Path.cwd().with_name(f"{Path.cwd().name}-packages")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep all tests."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests without a mutant, here and in a new process, then on each mutant."""
        self.modules = {file: Module(file) for file in self.files}
        for item in session.items:
            with page.Calls(*(PACKAGES / name for name in NAMES)) as found:
                self.tests.run([item])
            self.called[item] = found
        if fault := self.tests.fault or self.first_run_elsewhere():
            self.report({"fault": f"flask: {fault}"})
            return True
        self.tests.freeze()
        quick = sorted(session.items, key=self.tests.seconds.__getitem__)
        lines = used()
        for file in self.files:
            self.try_mutants(file, lines.get(file), quick)
        return True

    def first_run_elsewhere(self) -> str:
        """Copy the packages and run all tests in new processes, which write their bytecode; what is wrong."""
        for name in NAMES:
            shutil.copytree(PACKAGES / name, self.packages / name, dirs_exist_ok=True)
        for file in self.files:
            for cached in (self.packages / file).parent.glob(f"__pycache__/{Path(file).stem}.*"):
                cached.unlink()  # a mutant of the same second and size would not be read
        return "" if self.passes_elsewhere("") else "the tests of pages fail in a new process; run them"

    def passes_elsewhere(self, bytecode: str = "1") -> bool:
        """Whether all tests pass in a new process, with the copied packages; False too if they don't end."""
        path = f"{self.packages}{os.pathsep}{Path.cwd()}"
        return all(
            not subprocess.run(
                [sys.executable, "-m", "pytest", *ARGUMENTS, *tests_of(pages)],
                env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": bytecode},
                capture_output=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR)),
            ).returncode
            for pages in (LIKELY, OTHERS)
        )

    def survives(self, file: str, mutant: mutate.Mutant, quick: list[pytest.Item]) -> bool:
        """Whether no test notices a mutant."""
        if put := self.modules[file].patch(mutant):
            if self.notices(quick, (str(PACKAGES / file), mutant.function), put):
                return False
            if not mutant.function.startswith(EARLY):
                return True
        target = self.packages / file
        text = target.read_text("utf-8")
        target.write_text(mutant.text, "utf-8")
        try:
            return self.passes_elsewhere()
        finally:
            target.write_text(text, "utf-8")

    def try_mutants(self, file: str, lines: set[int] | None, quick: list[pytest.Item]) -> None:
        """Try all mutants of a file."""
        counts: Counter[str] = Counter()
        for mutant in mutate.mutants((PACKAGES / file).read_text("utf-8"), left_out(lines)):
            counts[mutant.operator] += 1
            if self.survives(file, mutant, quick):
                self.report({"file": file, "line": mutant.line, "name": mutant.name})
        self.report({"file": file, "counts": counts})


def main(files: list[str]) -> None:
    """Try the mutants of some files."""
    end_when_asked()
    results = os.dup(1)
    os.dup2(2, 1)
    sys.exit(
        pytest.main(
            ["-q", "-p", "no:xdist", *tests_of(LIKELY), *tests_of(OTHERS)], [page.Steady(), Mutants(files, results)]
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
