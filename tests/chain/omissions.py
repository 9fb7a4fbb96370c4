"""What a contributor may leave out or get wrong, each in a page like the one that Contributing adds.

    python -m tests.chain.omissions

tries each of them in a copy of the project, and prints what the fast loop says and how long it takes.
"""

import functools
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path

from tests.chain.specimen import APP, INDEX, LINK, NAME, NAV, RECIPE, TEST, TRANSCRIPT, WRONG, add, run, told
from tests.support import forks, site

Seed = Callable[[Path], None]
# What a seed may change.
CHANGED = ("docs/recipes", "snippets/greet_by_name", "tests/pages", "live/page/panel", NAV)
# A test that says nothing about a page: it only runs with all tests.
SCRIPT = "live/page/panel/panel.js"


def replace(path: str, old: str, new: str) -> Seed:
    """Replace a text, which is in the file."""

    def seed(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text, f"{path} has no {old!r}"
        (root / path).write_text(text.replace(old, new), "utf-8")

    return seed


def cut(path: str, start: str, end: str = "\n\n\n") -> Seed:
    """Take out what begins with a text, up to another one."""

    def seed(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        before, found, rest = text.partition(start)
        assert found, f"{path} has no {start!r}"
        (root / path).write_text(f"{before.rstrip()}\n\n\n{rest.partition(end)[2]}".rstrip() + "\n", "utf-8")

    return seed


def append(path: str, text: str) -> Seed:
    """Add a text."""

    def seed(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return seed


def both(*seeds: Seed) -> Seed:
    """Several changes that are one slip."""

    def seed(root: Path) -> None:
        for one in seeds:
            one(root)

    return seed


def gone(path: str) -> Seed:
    """Delete a file or a folder."""
    return lambda root: shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink()


def fence(header: str, code: str = "print(1)") -> Seed:
    """Add a fence to the page."""
    return append(RECIPE, f"\n```{header}\n{code}\n```\n")


def include(path: str) -> str:
    """A fence with an include."""
    return f'\n```python\n--8<-- "greet_by_name/{path}"\n```\n'


LINE = "      - recipes/greet-by-name.md\n"
STRANGER = "test_a_new_visitor_is_a_stranger"
WRONGS = "test_wrong_greets_everyone_by_the_last_name"
APP_SHOWN, WRONG_SHOWN = include("app.py"), include("wrong.py")
HTTP_SHOWN = '\n```http\n--8<-- "greet_by_name/app.http"\n```\n'
STRANGE = 'client.get("/").text == "Hello, stranger!"'

# What is left out, how, and what the one line has to contain.
OMISSIONS: dict[str, tuple[Seed, str]] = {
    "the line in the nav": (replace(NAV, LINE, ""), "mkdocs.yml: the nav lacks recipes/greet-by-name.md"),
    "the test file": (gone(TEST), f"{RECIPE}: there is no {TEST}"),
    "a test that a mark names": (
        cut(TEST, f"def {STRANGER}"),
        f"{RECIPE}: the mark #{STRANGER} names no test of {TEST}",
    ),
    "a mark": (replace(RECIPE, f" [test](#{STRANGER})", ""), f"{RECIPE}: {STRANGER} of {TEST} is marked nowhere"),
    "the page": (both(gone(RECIPE), replace(INDEX, LINK, "")), f"mkdocs.yml: there is no {RECIPE}"),
    "the link in the index": (replace(INDEX, LINK, ""), f"{INDEX} has no link to recipes/greet-by-name.md; add one"),
    "the page and its nav line": (
        both(gone(RECIPE), replace(INDEX, LINK, ""), replace(NAV, LINE, "")),
        "snippets/greet_by_name: no page has this name; write docs/…/greet-by-name.md",
    ),
    "app.py": (gone(APP), f"there is no {APP}"),
    "the snippet folder": (
        gone("snippets/greet_by_name"),
        f"{RECIPE}: there is no folder snippets/greet_by_name",
    ),
    "app.http not shown": (replace(RECIPE, HTTP_SHOWN, ""), f"{TRANSCRIPT}: no page shows it"),
    "wrong.py not shown": (replace(RECIPE, WRONG_SHOWN, ""), f"{WRONG}: no page shows it"),
    "app.http": (gone(TRANSCRIPT), f"there is no {TRANSCRIPT}"),
    "wrong.py": (gone(WRONG), f"there is no {WRONG}"),
    "a letter of an include": (
        replace(RECIPE, '"greet_by_name/app.py"', '"greet_by_name/ap.py"'),
        "there is no snippets/greet_by_name/ap.py",
    ),
    "a letter of the wrong app's include": (
        replace(RECIPE, '"greet_by_name/wrong.py"', '"greet_by_name/wrng.py"'),
        "there is no snippets/greet_by_name/wrng.py",
    ),
    "a letter of a region": (replace(RECIPE, ":remember", ":rember"), f"{APP} has no region 'rember'"),
    "a region's marker with a semicolon": (
        replace(APP, "# --8<-- [start", "# ;--8<-- [start"),
        "the semicolon switches this marker off",
    ),
    "the front matter": (cut(RECIPE, "---", "---"), f"{RECIPE}:1: there is no description"),
    "the description": (replace(RECIPE, "description:", "about:"), f"{RECIPE}:1: there is no description"),
    "quotes in the front matter": (
        replace(RECIPE, "description: Greet", "description: Greet: visitors"),
        "the front matter isn't valid YAML",
    ),
    "the title": (replace(RECIPE, "\n# Greet visitors by name\n", ""), f"{RECIPE}: there is no title"),
    "the wrong app's test": (cut(TEST, f"def {WRONGS}"), f"{RECIPE}: the mark #{WRONGS} names no test"),
    "the wrong app's test and its mark": (
        both(cut(TEST, f"def {WRONGS}"), replace(RECIPE, f"\n[test](#{WRONGS})", "")),
        f"{TEST}: nothing shows wrong.py fail; add a test named test_wrong_…",
    ),
    "test_wrong_ in the name": (
        both(replace(TEST, WRONGS, "test_everyone_is_Ada"), replace(RECIPE, WRONGS, "test_everyone_is_Ada")),
        f"{TEST}: nothing shows wrong.py fail",
    ),
    "load(): the wrong app is not loaded": (
        replace(TEST, 'load("wrong.py")', 'load("app.py")'),
        "AssertionError",
    ),
    "a line of the transcript": (
        replace(TRANSCRIPT, "Hello, Ada!", "Hello, Alan!"),
        f"{TRANSCRIPT}:16: the app now responds with 'Hello, Ada!', the transcript has 'Hello, Alan!'",
    ),
    "the transcript after a change of the app": (
        replace(APP, 'redirect(url_for("index"))', 'redirect(url_for("index", saved=1))'),
        f"{TRANSCRIPT}:9: the app now responds with 'Location: /?saved=1'",
    ),
    "a test after a change of the app": (replace(APP, "stranger", "nobody"), "AssertionError"),
    "a fence with { .python }": (fence(" { .python }"), "would degrade the block to plain text"),
    "a name in typed Python": (fence("python", "print(term)"), "NameError: name 'term' is not defined"),
    "hl_lines": (fence('python hl_lines="1"'), "would degrade the block to plain text"),
    "lines by number": (replace(RECIPE, "app.py:remember", "app.py:17:20"), "line numbers drift"),
    "the key from the environment": (
        replace(APP, 'os.environ["SECRET_KEY"]', '"a key"'),
        f"{APP}: a key in the code",
    ),
    "a test of a route": (
        append(APP, '\n\n@app.get("/forget")\ndef forget():\n    session.clear()\n    return ""\n'),
        f"{TEST}: no test requests GET /forget of {APP}",
    ),
    "a letter of the docstring's path": (
        replace(TEST, "greet-by-name.md", "greet-by-nam.md"),
        f"{TEST}: begin it with a docstring that names {RECIPE}",
    ),
    "the docstring": (cut(TEST, '"""', "\n\n\n"), f"{TEST}: begin it with a docstring"),
    "the test file's name": (
        lambda root: (root / TEST).rename(root / "tests/pages/test_greet_by_nam.py") and None,
        f"{RECIPE}: there is no {TEST}; rename tests/pages/test_greet_by_nam.py",
    ),
    "the end of a sentence": (append(RECIPE, f"\nThe {'very ' * 40}end.\n"), "a sentence of 42 words"),
    "a word that belittles": (append(RECIPE, "\nSimply press the button.\n"), "'Simply' belittles"),
    "the authors": (append(RECIPE, "\nWe press the button.\n"), "'We' belittles or includes"),
    "a word of the list": (append(RECIPE, "\nThe session is begun anew.\n".replace(" anew", "")), "'begun' is there"),
    "a letter of a link": (append(RECIPE, "\nSee [it](remeber-me.md).\n"), "there is no remeber-me.md"),
    "a letter of an anchor": (
        append(RECIPE, "\nSee [it](count-visits.md#nxet).\n"),
        "count-visits.md has no heading #nxet",
    ),
    "an image": (append(RECIPE, "\n![A figure](../assets/figures/greet.svg)\n"), "there is no ../assets/figures/greet"),
    "the mark of a new test": (
        append(TEST, '\n\ndef test_a_name_is_kept(client):\n    assert client.get("/").text\n'),
        "test_a_name_is_kept of tests/pages/test_greet_by_name.py is marked nowhere",
    ),
    "a mark inside a paragraph": (
        both(
            replace(RECIPE, f" [test](#{STRANGER})", ""),
            replace(RECIPE, "Until then,", f"[test](#{STRANGER}) Until then,"),
        ),
        f"[test](#{STRANGER}) is within its paragraph; move all of its marks to its end",
    ),
    "a test in a class": (
        append(TEST, '\n\nclass TestMore:\n    def test_more(self, client):\n        assert client.get("/")\n'),
        "the tests of class TestMore get no mark",
    ),
    "what a test asserts": (
        replace(TEST, f"assert {STRANGE}", "pass"),
        f"{STRANGER} asserts nothing",
    ),
    "assert before a comparison": (
        replace(
            TEST, 'assert client.get("/").text == "Hello, stranger!"', 'client.get("/").text == "Hello, stranger!"'
        ),
        f"{STRANGER} asserts nothing",
    ),
    "the number of a test": (
        replace(RECIPE, "Until then,", "It is kept for the last four visits. Until then,"),
        "the number 4 (It is kept for the last four visits.",
    ),
    "a header of a test": (
        replace(RECIPE, "Until then,", "The response has a `Cache-Control` header. Until then,"),
        ": Cache-Control (The response has a",
    ),
    "a quotation of a test": (
        replace(RECIPE, "Until then,", 'The page says "Good morning, Ada". Until then,'),
        '"Good morning, Ada" (The page says',
    ),
    "a colon in app.py": (replace(APP, "def index():", "def index()"), f"{APP}:11: expected ':'; fix the syntax"),
    "a colon in wrong.py": (replace(WRONG, "def index():", "def index()"), f"{WRONG}:9: expected ':'; fix the syntax"),
    "a bracket in the test": (replace(TEST, "load):", "load:"), f"{TEST}:13: '(' was never closed; fix the syntax"),
    "a name in app.py": (
        replace(APP, "import escape", "import escap"),
        f"{APP}:12: Undefined name `escape` (F821); correct the line",
    ),
    "an import that nothing needs": (
        replace(APP, "import os\n", "import os\nimport re\n"),
        f"{APP}:2: `re` imported but unused (F401); make format fixes it",
    ),
    "the spaces of a line": (
        replace(APP, 'session["name"] =', 'session["name"]='),
        f"{APP}: ruff would format this file differently; run make format",
    ),
    "a name in wrong.py": (replace(WRONG, "import escape", "import escap"), "Undefined name `escape` (F821)"),
    "a step's word in the transcript": (
        replace(TRANSCRIPT, "Another visitor", "Anoter visitor"),
        "'Anoter visitor' is neither a request, such as GET / or POST /login, nor a step",
    ),
    "### after a step": (
        replace(TRANSCRIPT, "Another visitor\n###\n", "Another visitor\n"),
        "expected ### after the step 'Another visitor'",
    ),
    "a bracket in JavaScript": (replace(SCRIPT, "export ", "export ( "), f"{SCRIPT}:"),
}
# What only the loop of all tests finds.
OF_ALL = ("a bracket in JavaScript", "the link in the index")
# What is right now, or can't be wrong: each of these gives no line.
HARMLESS: dict[str, Seed] = {
    "blank lines around ###": replace(TRANSCRIPT, "\n###\n", "\n\n###\n\n"),
    "the first word of the docstring": replace(TEST, "Tests of", "Statements of"),
    "a reason without a test": append(RECIPE, "\nA name is short, so it fits into a cookie.\n"),
}


def one_line(output: str) -> str:
    """The line with which a run reports its only failure; AssertionError if there are more or none."""
    lines = told(output)
    errors = [line for line in lines if re.match(r"E +\w*Error", line)]
    if errors:  # a test that fails: its error is the line, and its source is above it
        lines = errors
    summary = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert len(lines) == len(summary), output
    # An app that can't be loaded fails each of its tests, with the same line.
    assert len(set(lines)) == 1, output
    return lines[0]


class Copy:
    """A copy of the project, whose changed places can be restored after each change, and where commands are forked."""

    def __init__(self, root: Path, changed: Collection[str] = CHANGED) -> None:
        self.root, self.changed = root, changed
        self.kept = self.files()

    @functools.cached_property
    def forks(self) -> forks.Forks:
        """Runs commands; it has read the files as they were when it was asked for first."""
        return forks.Forks(self.root)

    def close(self) -> None:
        """End the process that forks."""
        if "forks" in self.__dict__:
            self.forks.close()

    def files(self) -> dict[Path, bytes]:
        """The contents of the files that a seed may change."""
        places = [self.root / name for name in self.changed]
        paths = [path for place in places for path in ([place] if place.is_file() else place.rglob("*"))]
        return {path: path.read_bytes() for path in paths if path.is_file() and path.suffix != ".pyc"}

    def restore(self) -> None:
        """Undo what a seed did."""
        now = self.files()
        for path in now.keys() - self.kept.keys():
            path.unlink()
            if not any(other.is_file() and other.suffix != ".pyc" for other in path.parent.rglob("*")):
                shutil.rmtree(path.parent)
        for path, data in self.kept.items():
            if now.get(path) != data:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


def copied(target: Path) -> Path:
    """Copy the project, except for what is built; the copy shares the environment."""
    built = {".git", ".venv", ".cache", "node_modules", "site"}

    def ignored(folder: str, names: list[str]) -> set[str]:
        return built & set(names) if Path(folder) == site.ROOT else {"__pycache__"}

    shutil.copytree(site.ROOT, target, ignore=ignored, symlinks=True)
    for shared in (".venv", "node_modules"):
        (target / shared).symlink_to(site.ROOT / shared)
    return target


def main() -> None:
    """Try all that the arguments name, or everything, and print a table."""
    chosen = sys.argv[1:] or [*OMISSIONS, *HARMLESS]
    clear = 0
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder) / "project")
        add(root)
        copy = Copy(root)
        sys.stdout.write("| Left out or wrong | Fast loop | One page | The line |\n|---|---|---|---|\n")
        for name in chosen:
            seed, expected = OMISSIONS.get(name) or (HARMLESS[name], "")
            seed(copy.root)
            cells = []
            for option in ("", f"--page {NAME}"):
                start = time.perf_counter()
                output = run(copy.root, f"{sys.executable} -m pytest -q {option}").stdout
                try:
                    line = one_line(output) if expected else "; ".join(told(output)) or "nothing"
                except AssertionError:
                    line = f"{len(told(output))} lines: {' / '.join(told(output)[:3])}"
                good = expected in line if expected else line == "nothing"
                cells.append((good, f"{time.perf_counter() - start:.1f} s", line))
            copy.restore()
            alone = name in OF_ALL  # no file of this page
            clear += cells[0][0] and (cells[1][0] or alone)
            shown = [f"{seconds}{'' if good else ' NO'}" for good, seconds, _ in cells]
            if alone:
                shown[1] = "-"
            worst = next((line for good, _, line in cells[: 1 if alone else 2] if not good), cells[0][2])
            sys.stdout.write(f"| {name} | {shown[0]} | {shown[1]} | {worst[:200].replace('|', '/')} |\n")
            sys.stdout.flush()
    sys.stdout.write(f"\n{clear} of {len(chosen)} as expected\n")


if __name__ == "__main__":
    main()
