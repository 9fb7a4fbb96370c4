"""The shape of the code: which module imports which, and how long each part is. Each function returns its faults."""

import ast
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

# A static import or export, or a dynamic import, of a module by its relative path.
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+\.js)["']""")
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
START = re.compile(r"^(?P<indent>\s*)(?:export )?(?:default )?(?P<kind>class|(?:async )?function\*?) (?P<name>\w+)")
METHOD = re.compile(r"^(?P<indent>  )(?:async |get |static )*(?!if|for|while|switch|catch)(?P<name>\w+)\(.*\) \{$")
LONGEST = {"module": 300, "class": 150, "function": 60}
# What is longer, with its reason. A test holds each to be needed, so the list can only shrink.
EXEMPT = {
    "live/page/tests/popover.js: function addPopover": "one popover, whose handlers share its mark",
    "live/inspector/inspector.js: class CookieInspector": "one form, whose parts share its state",
    "live/inspector/inspector-worker.js: function inspect": "one list of what the form can show, in its order",
    "live/worker/browser.py: function parse_set_cookie": "RFC 6265bis, section 5.6, step by step",
    "live/inspector/zlib.js: function inflate": "one state machine, as RFC 1951 describes it",
    "live/inspector/json.js: function parseJson": "one state machine without recursion, so that nesting can't overflow",
}


def scripts(root: Path) -> dict[str, str]:
    """The text of each module of live/, without comments, by its path from the project's folder."""
    paths = sorted(path for path in (root / "live").rglob("*.js") if "runtime" not in path.parts)
    return {path.relative_to(root).as_posix(): COMMENT.sub("", path.read_text("utf-8")) for path in paths}


def imports(root: Path) -> dict[str, set[str]]:
    """The modules that each module imports, at once or later."""
    return {
        name: {posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in IMPORT.findall(text)}
        for name, text in scripts(root).items()
    }


def circles(root: Path) -> list[str]:
    """A module that leads back to itself."""
    graph = imports(root)
    faults = []

    def walk(name: str, way: list[str]) -> None:
        if name in way:
            circle = way[way.index(name) :]
            if name == min(circle):
                faults.append(f"{' - '.join([*circle, name])}: a circle of imports; move what they share into a module")
            return
        for other in sorted(graph.get(name, ())):
            walk(other, [*way, name])

    for name in graph:
        walk(name, [])
    return sorted(set(faults))


def strays(root: Path) -> list[str]:
    """An import that leads the wrong way: the worker and the inspector know nothing of the page."""
    return [
        f"{name}: imports {other}; what runs in {name.split('/')[1]}/ knows nothing of the page"
        for name, others in imports(root).items()
        for other in sorted(others)
        if not name.startswith("live/page/") and other.startswith("live/page/")
    ]


def blocks(text: str) -> Iterator[tuple[str, str, int]]:
    """The classes and functions of a module as Biome formats it: kind, name, and number of lines."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        start = START.match(line) or METHOD.match(line)
        if not start:
            continue
        end = next((n for n in range(at, len(lines)) if lines[n].startswith(start["indent"] + "}")), at)
        kind = start.groupdict().get("kind", "function")
        yield kind.split()[-1].rstrip("*"), start["name"], end - at + 1


def python_blocks(text: str) -> Iterator[tuple[str, str, int]]:
    """The classes and functions of a Python module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield kind, node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def long_parts(root: Path) -> list[str]:
    """Modules, classes and functions of live/ and extensions/ that are too long to be read at once."""
    found = {}
    sources = [*(root / "live").rglob("*.js"), *(root / "live").rglob("*.py"), *(root / "extensions").glob("*.py")]
    for path in sorted(path for path in sources if "runtime" not in path.parts):
        name, text = path.relative_to(root).as_posix(), path.read_text("utf-8")
        parts = [("module", "", len(text.splitlines()))]
        parts += python_blocks(text) if path.suffix == ".py" else blocks(text)
        for kind, what, lines in parts:
            if lines > LONGEST[kind]:
                found[f"{name}: {kind} {what}".strip()] = f"{lines} lines, {LONGEST[kind]} allowed; take it apart"
    faults = [f"{part} has {fault}" for part, fault in found.items() if part not in EXEMPT]
    needless = sorted(EXEMPT.keys() - found)
    return faults + [f"tests/chain/shape.py: {part} needs no exemption any more; take it out" for part in needless]
