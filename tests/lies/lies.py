"""The lies: small patches that make a statement false, each with the tests that must fail under it.

A file tests/lies/<page>.toml lists those of a page:

    [[lie]]
    statement = "The guard lets in only those who signed in."
    file = "snippets/signing_in_and_out/guard.py"  # of the project, or of an installed package: "flask/sessions.py"
    old = '''if "user" not in session:'''  # stands in the file once
    new = '''if False:'''
    tests = ["test_the_note_is_closed_to_strangers"]  # of the page's test file; test_x[a] is one case of test_x
"""

import ast
import functools
import sysconfig
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extensions import page_tests

KEYS = {"statement", "file", "old", "new", "tests"}
PACKAGES = Path(sysconfig.get_path("purelib"))


@dataclass(frozen=True)
class Lie:
    """One lie: the page's name (count_visits), its number in the page's file, and what the file says."""

    page: str
    number: int
    statement: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it is, for a message."""
        return f"tests/lies/{self.page}.toml: lie {self.number} ({self.statement})"

    def source(self, root: Path) -> Path:
        """The file to patch: of the project in `root`, or of an installed package."""
        return root / self.file if (root / self.file).exists() else PACKAGES / self.file

    def of_package(self, root: Path) -> bool:
        """Whether the file is one of an installed package."""
        return not (root / self.file).exists()

    def patched(self, root: Path) -> str:
        """The file's text with the lie in it."""
        return self.source(root).read_text("utf-8").replace(self.old, self.new)


def read(root: Path) -> tuple[list[Lie], list[str]]:
    """All lies of a project, and one line for each entry that can't be read."""
    lies, faults = [], []
    for path in sorted((root / "tests/lies").glob("*.toml")):
        name = path.relative_to(root).as_posix()
        try:
            entries = tomllib.loads(path.read_text("utf-8")).get("lie", [])
        except tomllib.TOMLDecodeError as error:
            faults.append(f"{name}: {error}; see the top of tests/lies/lies.py for the form")
            continue
        for number, entry in enumerate(entries, 1):
            if entry.keys() != KEYS or not entry["tests"] or not isinstance(entry["tests"], list):
                faults.append(
                    f"{name}: lie {number} needs {', '.join(sorted(KEYS))} (tests is a list), and no other key"
                )
            elif entry["old"] == entry["new"]:
                faults.append(f"{name}: lie {number} changes nothing; make `new` another text than `old`")
            else:
                lies.append(Lie(path.stem, number, **entry | {"tests": tuple(entry["tests"])}))
    return lies, faults


def function_of(test: str) -> str:
    """The function of a test that is named with one of its cases: test_x[a] is of test_x."""
    return test.partition("[")[0]


def faults(root: Path, only: str = "") -> list[str]:
    """What keeps lies from being tried: one line each, with the file, the fault and what to do.

    `only` names a page, with _ for -, if the lies of others don't matter.
    """
    lies, found = read(root)
    told = (lie for lie in lies if only in ("", lie.page))
    return found + [f"{lie.place}: {fault}" for lie in told for fault in faults_of(lie, root)]


def faults_of(lie: Lie, root: Path) -> Iterator[str]:
    """What is wrong with one lie."""
    test = root / "tests/pages" / f"test_{lie.page}.py"
    try:
        known = {one.name for one in page_tests.tests_of(test)}
    except SyntaxError:
        return  # tests/chain/slips.py reports it
    for name in lie.tests:
        if function_of(name) not in known:
            yield f"{test.relative_to(root)} has no test {name}; name one that fails under the lie"
    source = lie.source(root)
    if not source.is_file():
        yield f"there is no {lie.file}, neither in the project nor installed; name the file to patch"
        return
    count = source.read_text("utf-8").count(lie.old)
    if count != 1:
        yield f"its `old` is in {lie.file} {count} times, and must be there once; take the text from the file"
    elif source.suffix == ".py" and (fault := syntax_fault(lie.patched(root))):
        yield f"{lie.file} would not parse with it ({fault}); write Python that runs"


@functools.cache
def syntax_fault(text: str) -> str:
    """What keeps a module's text from being parsed, or ""."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return f"{error.msg}, line {error.lineno}"
    return ""
