"""Slips of a contributor that would otherwise end the tests' collection or only stop the build: one line each."""

import ast
import contextlib
import functools
import re
from pathlib import Path

import yaml
from markdown import Markdown

from extensions import fences, snippets, transcripts
from tests.chain import chain

LINK = re.compile(r"(?<!`)\]\((?P<target>[^)#\s]*)(?:#(?P<anchor>[\w-]+))?\)")
MARKER = re.compile(r";-+8<-+ \[(?:start|end): ?(?P<name>[\w-]+)")
FRONT_MATTER = re.compile(r"---\n(.*?\n)?---\n", re.DOTALL)
# Lines that a page's build fills in with headings.
FILLED_IN = re.compile(r"^\[(?:ledger|questions)\]$", re.MULTILINE)
# Calls that make a test fail: pytest.raises(…), expect(…) of Playwright, and what is named assert_….
ASSERTING = re.compile(r"^(raises|warns|fail|expect|assert\w*|wait_for\w*)$")


def lost_includes(root: Path) -> list[str]:
    """Each file and each region that a page includes is there; a missing file is reported once a page."""
    faults = []
    for page in chain.pages(root):
        missing = set()
        for fence in fences.scan(page.read_text("utf-8")):
            if not fence.include:
                continue
            where, path = f"{page.relative_to(root)}:{fence.line + 1}", root / "snippets" / fence.include["path"]
            region = fence.include["region"]
            if not path.is_file():
                # chain.misnamed reports a page without a folder.
                if path.parent.is_dir() and path not in missing:
                    faults.append(f"{where}: there is no {path.relative_to(root)}; create it, or correct the path")
                missing.add(path)
            elif region and region[:1].isalpha() and not has_region(path, region):
                faults.append(f"{where}: {path.relative_to(root)} has no region {region!r}; mark it, or fix the name")
    return faults


def has_region(path: Path, name: str) -> bool:
    """Whether a file marks a region; one whose marker is switched off is left to `escaped_regions`."""
    text = path.read_text("utf-8")
    return f"--8<-- [start:{name}]" in text or name in MARKER.findall(text)


def escaped_regions(root: Path) -> list[str]:
    """No marker of a region begins with a semicolon, which switches the marker off."""
    return [
        f"{path.relative_to(root)}:{number}: the semicolon switches this marker off; delete the semicolon"
        for path in chain.snippet_files(root)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MARKER.search(line)
    ]


def broken_python(root: Path) -> list[str]:
    """Each Python file of the snippets and of the pages' tests can be parsed."""
    faults = []
    for path in [*chain.snippet_files(root), *sorted((root / "tests/pages").glob("*.py"))]:
        if path.suffix != ".py":
            continue
        try:
            snippets.parsed(path.read_text("utf-8"))
        except SyntaxError as error:
            faults.append(f"{path.relative_to(root)}:{error.lineno}: {error.msg}; fix the syntax")
    return faults


def broken_transcripts(root: Path) -> list[str]:
    """Each transcript has a request or a step in each of its parts."""
    faults = []
    for path in chain.snippet_files(root):
        if path.suffix == ".http":
            try:
                transcripts.parse(path.read_text("utf-8"))
            except ValueError as error:
                faults.append(f"{path.relative_to(root)}:{error}")
    return faults


def broken_front_matter(root: Path) -> list[str]:
    """Each content page has a description of its own and one title."""
    faults = []
    for page in chain.content_pages(root):
        where, text = page.relative_to(root), page.read_text("utf-8")
        front = FRONT_MATTER.match(text)
        try:
            meta = yaml.safe_load(front[1] or "") if front else {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 1
            faults.append(f"{where}:{line}: the front matter isn't valid YAML; fix it, for example with quotes")
            continue
        if not isinstance(meta, dict) or not meta.get("description"):
            faults.append(f"{where}:1: there is no description; add one to the front matter, between two lines ---")
        elif not 80 <= (length := len(str(meta["description"]))) <= 170:
            line = text[: text.index("description:")].count("\n") + 1
            faults.append(f"{where}:{line}: the description has {length} characters; write 80 to 170")
        if not any(re.match(r"# \S", line) for _, line in prose_lines(text)):
            faults.append(f"{where}: there is no title; add a line that begins with '# '")
    return faults


def prose_lines(text: str) -> list[tuple[int, str]]:
    """The lines of a page that are outside of fences, with their numbers."""
    fenced = {n for fence in fences.scan(text) for n in range(fence.line, fence.last_line + 1)}
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if number not in fenced]


def anchors(page: Path) -> set[str]:
    """The anchors that a page's Markdown makes: of its headings, and those that it names."""
    text = "\n".join(line for _, line in prose_lines(page.read_text("utf-8")))
    md = Markdown(extensions=["toc", "attr_list"])
    made = md.convert("\n\n".join(re.findall(r"^#{1,6} .+$", text, re.MULTILINE)))
    return {*re.findall(r' id="([^"]+)"', made), *re.findall(r' id="([^"]+)"', text)}


def dead_links(root: Path) -> list[str]:
    """Each relative link or image of a page leads to a file, and to an anchor of it."""
    faults: list[str] = []
    known: dict[Path, set[str]] = {}
    for page in chain.pages(root):
        for number, line in prose_lines(page.read_text("utf-8")):
            where = f"{page.relative_to(root)}:{number}"
            for link in LINK.finditer(re.sub(r"`[^`]*`", "``", line)):
                name, anchor = link["target"], link["anchor"]
                target = page.parent / name if name else page
                if re.match(r"[a-z]+:|/", name):
                    continue
                if not target.exists():
                    if name.endswith((".md", ".png", ".svg", ".webp")):
                        faults.append(f"{where}: there is no {name}; correct the link")
                    continue
                # chain.unmarked_tests and the site's own tests look at links to tests.
                if not anchor or anchor.startswith("test_") or target.suffix != ".md":
                    continue
                if target not in known:
                    known[target] = anchors(target) | {"proofs", "tests"}
                if FILLED_IN.search(target.read_text("utf-8")) is None and anchor not in known[target]:
                    faults.append(f"{where}: {name or 'this page'} has no heading #{anchor}; correct the link")
    return faults


def calls(node: ast.AST) -> set[str]:
    """The names that a piece of code calls, and the parameters of a function, which are fixtures in a test."""
    found = {argument.arg for argument in getattr(getattr(node, "args", None), "args", [])}
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            found.add(part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", ""))
    return found


def asserts(test: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> bool:
    """Whether a test can fail by an assertion: its own, or one of a function or fixture of its file."""
    seen: set[str] = set()
    left = [test]
    while left:
        node = left.pop()
        if any(isinstance(part, ast.Assert) for part in ast.walk(node)):
            return True
        called = calls(node)
        if any(ASSERTING.match(name) for name in called):
            return True
        left += [functions[name] for name in called - seen if name in functions]
        seen |= called
    return False


def empty_tests(root: Path) -> list[str]:
    """Each test is a function of its file, and asserts something."""
    faults = []
    for path in sorted((root / "tests/pages").glob("test_*.py")):
        with contextlib.suppress(SyntaxError):  # broken_python reports it
            faults += [f"{path.relative_to(root)}:{fault}" for fault in empty_tests_in(path.read_text("utf-8"))]
    return faults


@functools.cache
def empty_tests_in(text: str) -> list[str]:
    """The faults of a test file's text, each after the number of its line."""
    tree, faults = snippets.parsed(text), []
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            faults.append(f"{node.lineno}: the tests of class {node.name} get no mark; make them functions")
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not asserts(node, functions):
            faults.append(f"{node.lineno}: {node.name} asserts nothing; assert its statement")
    return faults


CHECKS = [
    lost_includes,
    escaped_regions,
    broken_python,
    broken_transcripts,
    broken_front_matter,
    dead_links,
    empty_tests,
]
