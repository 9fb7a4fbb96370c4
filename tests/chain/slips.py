"""Slips of a contributor that would otherwise end the tests' collection or only stop the build: one line each."""

import ast
import re
from pathlib import Path

import yaml

from extensions import fences
from tests.chain import chain

LINK = re.compile(r"(?<!`)\]\((?P<target>[^)#\s]+)(?:#[^)\s]*)?\)")


def lost_includes(root: Path) -> list[str]:
    """Each file and each region that a page includes is there."""
    faults = []
    for page in chain.pages(root):
        for fence in fences.scan(page.read_text("utf-8")):
            if not fence.include or page.name == "contributing.md":
                continue
            where, path = f"{page.relative_to(root)}:{fence.line + 1}", root / "snippets" / fence.include["path"]
            region = fence.include["region"]
            if not path.is_file():
                faults.append(f"{where}: there is no {path.relative_to(root)}; create it, or fix the path")
            elif region and f"--8<-- [start:{region}]" not in path.read_text("utf-8"):
                faults.append(f"{where}: {path.relative_to(root)} has no region {region!r}; mark it, or fix the name")
    return faults


def escaped_regions(root: Path) -> list[str]:
    """No marker of a region begins with a semicolon, which switches the marker off."""
    return [
        f"{path.relative_to(root)}:{number}: the semicolon switches this marker off; remove it"
        for path in chain.snippet_files(root)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r";-+8<-+ \[(start|end):", line)
    ]


def broken_python(root: Path) -> list[str]:
    """Each Python file of the snippets and of the pages' tests can be parsed."""
    faults = []
    for path in [*chain.snippet_files(root), *sorted((root / "tests/pages").glob("*.py"))]:
        if path.suffix != ".py":
            continue
        try:
            ast.parse(path.read_text("utf-8"))
        except SyntaxError as error:
            faults.append(f"{path.relative_to(root)}:{error.lineno}: {error.msg}; fix the syntax")
    return faults


def broken_front_matter(root: Path) -> list[str]:
    """Each content page has a description of its own and one title."""
    faults = []
    for page in chain.content_pages(root):
        where, text = page.relative_to(root), page.read_text("utf-8")
        front = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
        try:
            meta = yaml.safe_load(front[1]) if front else {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else 1
            faults.append(f"{where}:{line}: the front matter isn't valid YAML; fix it")
            continue
        if not isinstance(meta, dict) or not meta.get("description"):
            faults.append(f"{where}:1: there is no description; add one to the front matter")
        if not re.search(r"^# \S", text, re.MULTILINE):
            faults.append(f"{where}: there is no title; add a line that begins with '# '")
    return faults


def dead_links(root: Path) -> list[str]:
    """Each relative link or image of a page leads to a file."""
    faults = []
    for page in chain.pages(root):
        text = page.read_text("utf-8")
        fenced = {n for fence in fences.scan(text) for n in range(fence.line, fence.last_line + 1)}
        for number, line in enumerate(text.splitlines(), 1):
            if number in fenced:
                continue
            for link in LINK.finditer(re.sub(r"`[^`]*`", "``", line)):
                target = link["target"]
                if re.match(r"[a-z]+:|/", target) or (page.parent / target).exists():
                    continue
                if target.endswith((".md", ".png", ".svg", ".webp")):
                    faults.append(f"{page.relative_to(root)}:{number}: there is no {target}; fix the link")
    return faults


def empty_tests(root: Path) -> list[str]:
    """Each test that a mark names does more than `pass`."""
    faults = []
    for path in sorted((root / "tests/pages").glob("test_*.py")):
        try:
            tree = ast.parse(path.read_text("utf-8"))
        except SyntaxError:
            continue  # broken_python reports it
        for test in ast.walk(tree):
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                body = [n for n in test.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
                if all(isinstance(n, ast.Pass) for n in body):
                    faults.append(f"{path.relative_to(root)}:{test.lineno}: {test.name} is empty; assert its claim")
    return faults


CHECKS = [lost_includes, escaped_regions, broken_python, broken_front_matter, dead_links, empty_tests]
