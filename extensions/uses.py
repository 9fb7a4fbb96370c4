"""What a page's tests use of their own file and of tests/conftest.py: fixtures, constants and helpers.

A reader who sees a test alone can't judge it: the popover of a mark shows these below it. They come with the files that
the tests need (extensions/assets.py), so no page is larger for them.
"""

import ast
import functools

from extensions import snippets

CONFTEST = "tests/conftest.py"


class Definitions:
    """The functions, classes and constants of a file: of each its source, its arguments and the names that it uses."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines()
        self.named: dict[str, list[tuple[str, bool]]] = {}
        self.nodes: dict[str, ast.stmt] = {}
        self.sources: dict[str, str] = {}
        for node in snippets.parsed(text).body:
            for name in names_of(node):
                first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
                self.nodes[name] = node
                self.sources[name] = "\n".join(lines[first - 1 : node.end_lineno])

    def used(self, name: str) -> list[tuple[str, bool]]:
        """The names that a definition uses, in order, and whether each is an argument, which a fixture gives."""
        if name not in self.named:
            node = self.nodes[name]
            given = [argument.arg for argument in node.args.args] if isinstance(node, ast.FunctionDef) else []
            names = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
            uses = [(argument, True) for argument in given] + [(one, False) for one in names if one not in given]
            self.named[name] = list(dict.fromkeys(uses))
        return self.named[name]


definitions = functools.cache(Definitions)


def names_of(node: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]


@functools.cache  # `make serve` asks after each edit
def uses(text: str, conftest: str) -> dict[str, dict]:
    """By test, the names of what it uses, as "tests"; by name, where it stands and its source, as "sources"."""
    own, shared = definitions(text), definitions(conftest)
    tests: dict[str, list[str]] = {}
    sources: dict[str, list[str]] = {}
    for test in [name for name in own.nodes if name.startswith("test_")]:
        tests[test] = []
        for file, name in reached(test, own, shared):
            source = file.sources[name]
            if source not in (sources[one][1] for one in tests[test]):  # one statement may define several names
                tests[test].append(name)
                sources[name] = [CONFTEST if file is shared else "", source]
    return {"tests": tests, "sources": sources}


def reached(test: str, own: Definitions, shared: Definitions) -> list[tuple[Definitions, str]]:
    """What a test uses, itself or through what it uses; a file's own fixture is taken before the shared one."""
    found: list[tuple[Definitions, str]] = []
    left = [(own, test)]
    while left:
        file, name = left.pop(0)
        for used, is_argument in file.used(name):
            places = (own, shared) if is_argument else (file,)
            place = next((one for one in places if used in one.nodes), None)
            if place and used != test and (place, used) not in found:
                found.append((place, used))
                left.append((place, used))
    return found
