"""The chain page - snippet - test - output: what can be missing from it, found by reading the files.

Each function returns its faults, one line each: the file, the fault, the mend.
"""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from extensions import fences, page_tests, snippets

# A mark: a link to a test of the page.
MARK = re.compile(r"\]\(#(test_\w+)\)")
CONTENT = ("learn", "understand", "recipes", "reference")

# All exemptions of the chain, with their reasons. A test holds each to be needed, so the list can only shrink.
EXEMPT = {
    "snippets/ruff.toml": "sets the width of listings; no page shows it",
    "snippets/LICENSE": "frees readers from attribution; the foot of each page links to it",
    "make test": "is the run that these tests are part of",
}


def pages(root: Path) -> list[Path]:
    """Every Markdown page of the site."""
    return sorted((root / "docs").rglob("*.md"))


def content_pages(root: Path) -> list[Path]:
    """The pages that need a snippet folder and a test: those in Learn, Understand, Recipes and Reference."""
    return [
        page for page in pages(root) if page.relative_to(root / "docs").parts[0] in CONTENT and page.stem != "index"
    ]


def snippet_files(root: Path) -> list[Path]:
    """Every file under snippets/ that a reader could be shown."""
    return sorted(path for path in (root / "snippets").rglob("*") if path.is_file() and path.suffix != ".pyc")


def shown(root: Path) -> dict[str, set[str]]:
    """Each snippet file that pages include, as "folder/file", with the pages that do."""
    found: dict[str, set[str]] = {}
    for page in pages(root):
        for fence in fences.scan(page.read_text("utf-8")):
            if fence.include:
                found.setdefault(fence.include["path"], set()).add(page.relative_to(root).as_posix())
    return found


def name(path: Path) -> str:
    """The name that walks through the rooms: docs/recipes/count-visits.md and the like give count_visits."""
    return path.stem.replace("-", "_")


def unshown_snippets(root: Path) -> list[str]:
    """1: every snippet file is shown by a page.

    A folder without a page is left to `misnamed`, one whose page includes a file that isn't there to `lost_includes`.
    """
    names, included = {name(page) for page in content_pages(root)}, shown(root)
    lost = {path.partition("/")[0] for path in included if not (root / "snippets" / path).is_file()}
    return [
        f"{path.relative_to(root)}: no page shows it; include it in a page or remove it"
        for path in snippet_files(root)
        if (path.parent == root / "snippets" or path.relative_to(root / "snippets").parts[0] in names - lost)
        and path.relative_to(root / "snippets").as_posix() not in included
        and path.relative_to(root).as_posix() not in EXEMPT
    ]


def misnamed(root: Path) -> list[str]:
    """3: page, snippet folder and test bear one name, and page names are unique."""
    names = [name(page) for page in content_pages(root)]
    tests = {path.stem.removeprefix("test_") for path in (root / "tests/pages").glob("test_*.py")}
    folders = {path.name for path in (root / "snippets").iterdir() if path.is_dir() and path.name != "__pycache__"}
    strays = sorted(tests - {name(page) for page in pages(root)})
    faults = [f"docs: two pages are named {n}; rename one" for n in sorted(set(names)) if names.count(n) > 1]
    for page in content_pages(root):
        where, test = page.relative_to(root), f"tests/pages/test_{name(page)}.py"
        if name(page) not in folders:
            faults.append(f"{where}: there is no folder snippets/{name(page)}; create it, with an app.py")
        if name(page) not in tests:
            rename = f"rename tests/pages/test_{strays[0]}.py, or " if strays else ""
            faults.append(f"{where}: there is no {test}; {rename}write it, a test for each statement")
    expected = {name(Path(page)) for page in nav_of(root / "mkdocs.yml")}  # lost_pages reports those without a file
    without = sorted(folders - set(names) - expected)
    faults += [f"snippets/{n}: no page has this name; write docs/…/{n.replace('_', '-')}.md" for n in without]
    if set(names) <= tests:
        faults += [
            f"tests/pages/test_{n}.py: no page has this name; rename the file, or write the page"
            for n in strays
            if n not in folders
        ]
    return faults


def untold_tests(root: Path) -> list[str]:
    """Each page's test file begins with a docstring that names the page."""
    return [
        f"tests/pages/test_{name(page)}.py: begin it with a docstring that names {page.relative_to(root)}"
        for page in content_pages(root)
        if (test := root / "tests/pages" / f"test_{name(page)}.py").is_file()
        and page.relative_to(root).as_posix() not in test.read_text("utf-8").partition("\n")[0]
    ]


def broken_fences(root: Path) -> list[str]:
    """5, 11: every fence is understood, every include stands in one."""
    faults = []
    for page in pages(root):
        text = page.read_text("utf-8")
        found = list(fences.scan(text))
        faults += [f"{page.relative_to(root)}:{fence.line}: {fence.fault}" for fence in found if fence.fault]
    return faults


def drifting_numbers(root: Path) -> list[str]:
    """8: no line numbers, which drift. A fence header that isn't understood is left to `broken_fences`."""
    pattern = re.compile(r'hl_lines|linenums=|--8<-- "[^"]*:\d')
    faults = []
    for page in pages(root):
        text = page.read_text("utf-8")
        broken = {fence.line for fence in fences.scan(text) if fence.fault}
        faults += [
            f"{page.relative_to(root)}:{number}: line numbers drift; mark a region in the snippet and name it"
            for number, line in enumerate(text.splitlines(), 1)
            if number not in broken and pattern.search(line)
        ]
    return faults


def lost_pages(root: Path) -> list[str]:
    """9: every page is in the nav of mkdocs.yml, and every page of the nav is there."""
    nav, there = nav_of(root / "mkdocs.yml"), {page.relative_to(root / "docs").as_posix() for page in pages(root)}
    return [
        *(f"mkdocs.yml: the nav lacks {page}; add a line for it" for page in sorted(there - nav)),
        *(f"mkdocs.yml: there is no docs/{page}; write it, or delete its line" for page in sorted(nav - there)),
    ]


def nav_of(config: Path) -> set[str]:
    """The pages that the nav names. Only the nav is read: the rest has tags of MkDocs' own."""
    text = re.search(r"^nav:\n(?:[ #].*\n|\n)+", config.read_text("utf-8"), re.MULTILINE)[0]
    found = set()

    def collect(entry: object) -> None:
        if isinstance(entry, str):
            found.add(entry)
        for part in entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ():
            collect(part)

    collect(yaml.safe_load(text)["nav"])
    return found


def untested_wrongs(root: Path) -> list[str]:
    """12: each documented mistake has a test whose name says so. One that a mark names is left to `unmarked_tests`."""
    marks = {name(page): MARK.findall(page.read_text("utf-8")) for page in content_pages(root)}
    faults = []
    for path in snippet_files(root):
        folder = path.relative_to(root / "snippets").parts[0]
        test = root / "tests/pages" / f"test_{folder}.py"
        if not path.name.startswith("wrong") or not path.name.endswith(".py") or not test.is_file():
            continue
        wanted = f"test_{path.stem}_"
        if f"def {wanted}" in test.read_text("utf-8") or any(m.startswith(wanted) for m in marks.get(folder, ())):
            continue
        faults.append(f"{test.relative_to(root)}: nothing shows {path.name} fail; add a test named {wanted}…")
    return faults


def unmarked_tests(root: Path) -> list[str]:
    """Marks and tests of a page correspond one to one: each test is named once, at the end of its paragraph.

    `misnamed` reports a page without a test file, `slips.broken_python` one that can't be parsed.
    """
    faults = []
    for page in content_pages(root):
        where, test = page.relative_to(root), f"tests/pages/test_{name(page)}.py"
        marks = MARK.findall(page.read_text("utf-8"))
        try:
            tests = [test.name for test in page_tests.tests_of(root / test)]
        except SyntaxError:
            continue
        if (root / test).is_file() and not marks:
            faults.append(f"{where}: no test is named; end each paragraph with [test](#test_…), and write it in {test}")
            continue
        if not tests:
            continue
        for mark in sorted(set(marks) - set(tests)):
            faults.append(f"{where}: the mark #{mark} names no test of {test}; fix the mark or write the test")
        for one in tests:
            if marks.count(one) != 1 and f"{test}::{one}" not in EXEMPT:
                found = "twice; keep one" if marks.count(one) else f"nowhere; put [test](#{one}) behind its paragraph"
                faults.append(f"{where}: {one} of {test} is marked {found}")
    return faults


MARKS = re.compile(r"\s*\[test\]\(#test_\w+\)")
BLOCK = re.compile(r"\s*(?:[-*] |\d+\. |\||=== |!!! |\?\?\? |#)")


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs, list items, table rows and headings of a page, each with the number of its first line."""
    hidden = {n for fence in fences.scan(text) for n in range(fence.line, fence.last_line + 1)}
    start, found = 0, ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        line = "" if number in hidden else line
        if found and (not line.strip() or BLOCK.match(line)):
            yield start, found
            found = ""
        if line.strip():
            start = start if found else number
            found += f"{line}\n"


def marks_inside(root: Path) -> list[str]:
    """A paragraph, list item or table row names its tests at its end, in one mark, so that no sentence is cut."""
    faults = []
    for page in content_pages(root):
        for number, block in blocks(page.read_text("utf-8")):
            before = re.sub(rf"(?:{MARKS.pattern})+\s*\|?\s*(?:\{{[^}}]*\}}\s*)?$", "", block)
            if mark := MARKS.search(before):
                where = f"{page.relative_to(root)}:{number}"
                faults.append(f"{where}: {mark[0].strip()} is within its paragraph; move all of its marks to its end")
    return faults


def keys_in_the_open(root: Path) -> list[str]:
    """Recipes and reference apps read the key from the environment; only other pages may say "dev"."""
    faults = []
    for page in content_pages(root):
        if page.relative_to(root / "docs").parts[0] not in ("recipes", "reference"):
            continue
        for path in sorted((root / "snippets" / name(page)).rglob("*.py")):
            if re.search(r"""secret_key\s*=\s*["']|SECRET_KEY=["']|"SECRET_KEY"\] = ["']""", path.read_text("utf-8")):
                faults.append(f'{path.relative_to(root)}: a key in the code; read os.environ["SECRET_KEY"]')
    return faults


def needless_exemptions(root: Path) -> list[str]:
    """13: each exemption is needed: its file is there, and would be a fault without it."""
    included, commands = shown(root), shell_commands(root)
    return [
        f"tests/chain/chain.py: {path} needs no exemption any more; take its line out"
        for path in EXEMPT
        if path not in commands
        and "::" not in path
        and (not (root / path).is_file() or path.removeprefix("snippets/") in included)
    ]


def shell_commands(root: Path) -> list[str]:
    """The texts of all `sh` fences on the pages and in the README; a file that is included has tests of its own.

    Those of Contributing belong to its steps: tests/pages/test_contributing.py takes both in their order.
    """
    return sorted(
        {
            "\n".join(fence.body)
            for page in [*pages(root), root / "README.md"]
            if page != root / "docs/contributing.md"
            for fence in fences.scan(page.read_text("utf-8"))
            if fence.language in ("sh", "bash", "shell", "console") and not fence.include
        }
    )


def apps(root: Path) -> list[Path]:
    """Every snippet file that holds an app. Files that Python can't parse are left to slips.broken_python."""
    found = []
    for path in snippet_files(root):
        with contextlib.suppress(SyntaxError):
            if snippets.is_app(path):
                found.append(path)
    return found
