"""Challenges: an app that is wrong on purpose, which readers fix in the page until the tests of the right app pass.

Each `wrong*.py` that runs in the page is one, unless tests/challenges/challenges.toml leaves it out. The right app is
`fixed_x.py` for `wrong_x.py`, else `app.py`; where that does something else, the file has the `fix` itself. Which tests
of the page judge it is found by running them: `python -m tests.challenges` writes live/challenges.json.
"""

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extensions import page_tests, snippets

PROJECT = Path(__file__).resolve().parents[1]
TESTS = PROJECT / "tests/challenges"
DECLARED = TESTS / "challenges.toml"
CHOSEN = PROJECT / "live/challenges.json"


@dataclass(frozen=True)
class Challenge:
    """A wrong app, by its path below snippets/, and how it becomes right."""

    app: str
    hint: str
    fix: tuple[tuple[str, str, str], ...]  # a file, a string in it, and what takes its place
    names: tuple[str, ...]  # of the page's tests, as they were chosen

    @property
    def folder(self) -> str:
        """The snippet folder."""
        return self.app.partition("/")[0]

    @property
    def name(self) -> str:
        """The wrong app's file."""
        return self.app.partition("/")[2]

    @property
    def right(self) -> str:
        """The file of the right app, whose place the edited one takes in the page's tests; its own if it has a fix."""
        if self.fix:
            return self.name
        fixed = self.name.replace("wrong", "fixed")
        return fixed if (snippets.ROOT / self.folder / fixed).is_file() else "app.py"

    @property
    def files(self) -> dict[str, str]:
        """The wrong app and what it needs."""
        return snippets.files_of(snippets.ROOT / self.app)

    @property
    def fixed(self) -> dict[str, str]:
        """The files that the fix changes, with it; ValueError if a string of the fix is not there once."""
        if not self.fix:
            return {self.name: snippets.read(snippets.ROOT / self.folder / self.right)}
        files = self.files
        for file, old, new in self.fix:
            if files[file].count(old) != 1:
                raise ValueError(f"tests/challenges/challenges.toml: {self.app}: {old!r} must be in {file} once")
            files[file] = files[file].replace(old, new)
        return {path: text for path, text in files.items() if text != self.files[path]}

    def placed(self, changes: dict[str, str]) -> dict[str, str]:
        """Where the tests find a solution: paths below the project, mapped to texts."""
        files = {path: changes.get(path, text) for path, text in self.files.items()}
        return {
            f"snippets/{self.folder}/{path}": text for path, text in {**files, self.right: files[self.name]}.items()
        }

    @property
    def page_file(self) -> Path:
        """The page's test file."""
        return page_tests.TESTS / f"test_{self.folder}.py"

    @property
    def own_file(self) -> Path:
        """The file with tests for the challenges of a page alone; it need not be there."""
        return TESTS / f"{self.folder}.py"

    @property
    def tests(self) -> list[tuple[Path, page_tests.PageTest]]:
        """What judges a solution: the tests of its own, then those of the page."""
        own = [test for test in page_tests.tests_of(self.own_file) if f'"{self.name}"' in test.source]
        chosen = [test for test in page_tests.tests_of(self.page_file) if test.name in self.names]
        return [(self.own_file, test) for test in own] + [(self.page_file, test) for test in chosen]

    @property
    def hash(self) -> str:
        """What tells this challenge from what it was in another build."""
        parts = [self.files, self.fixed, [test.source for _, test in self.tests]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]

    @property
    def page(self) -> str:
        """The address of its page, from the site's root."""
        (path,) = (PROJECT / "docs").glob(f"*/{self.folder.replace('_', '-')}.md")
        return f"{path.parent.name}/{path.stem}/"

    @property
    def data(self) -> bytes:
        """All that the reader's page needs, as JSON."""
        tests = self.tests
        paths = page_tests.files_of(self.page_file, f"{self.page.rstrip('/')}.md").split()
        paths += [file.relative_to(PROJECT).as_posix() for file in {file for file, _ in tests} - {self.page_file}]
        own = [[file.relative_to(PROJECT).as_posix(), test.name, test.sentence] for file, test in tests]
        files = {path: (PROJECT / path).read_text("utf-8") for path in sorted(set(paths))}
        found = {"app": self.app, "hash": self.hash, "hint": self.hint, "right": self.right, "fixed": self.fixed}
        return json.dumps({**found, "tests": own, "files": files}, ensure_ascii=False).encode()

    @property
    def address(self) -> str:
        """The name of its file in the site, without the ending."""
        stem = f"{self.folder}-{self.name.removesuffix('.py')}"
        return f"{stem}-{hashlib.sha256(self.data).hexdigest()[:8]}"


def declared() -> dict[str, dict]:
    """What tests/challenges/challenges.toml says of each app."""
    return parsed(DECLARED.read_text("utf-8"))


parsed = functools.cache(tomllib.loads)


def chosen() -> dict[str, dict]:
    """What was written into live/challenges.json."""
    return json.loads(CHOSEN.read_text("utf-8")) if CHOSEN.is_file() else {}


def wrong_apps() -> list[str]:
    """The apps that are wrong on purpose."""
    paths = sorted(snippets.ROOT.glob("*/wrong*.py"))
    return [path.relative_to(snippets.ROOT).as_posix() for path in paths if snippets.is_app(path)]


def read() -> list[Challenge]:
    """Each challenge."""
    written, about_all, found = chosen(), declared(), []
    for app in wrong_apps():
        about = about_all.get(app, {})
        if not about.get("hint"):
            continue
        fix = tuple((one.get("file", app.partition("/")[2]), one["old"], one["new"]) for one in about.get("fix", []))
        found.append(Challenge(app, about["hint"], fix, tuple(written.get(app, {}).get("tests", []))))
    return found


def of(app: str) -> Challenge | None:
    """The challenge of an app, if it is one."""
    return next((challenge for challenge in read() if challenge.app == app), None)


def files() -> Iterator[tuple[str, bytes]]:
    """What the site has of the challenges: paths and contents."""
    for challenge in read():
        yield f"assets/fix/{challenge.address}.json", challenge.data
