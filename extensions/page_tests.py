"""Lead from a page's statements to their tests.

An author names the tests of a paragraph, list item or table row at its end, by links to the page's own tests:

    Flask sends the cookie with every response. [test](#test_every_response_carries_it) [test](#test_so_does_a_404)

They become one mark. At the foot of each page that has a test file is a section *Tests* with all of them, made from
that file.
"""

import ast
import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element  # noqa: S405 - the tree that Python-Markdown has made

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from extensions import faults, snippets

TESTS = Path(__file__).resolve().parents[1] / "tests/pages"
# What a test needs beside Python, by pytest marker, in the words of the page.
NEEDS = {
    "package": "a package that this page lacks",
    "source": "the project's own files",
    "process": "another process",
    "server": "a server",
    "site": "the built site",
    "browser": "a browser",
}
MODEL = "a model of a browser"
# What a test ran on, by the marker, fixture, class or function that it uses. One that uses none of them ran on Flask.
EVIDENCE = {
    "gunicorn": "gunicorn",
    "nginx": "nginx",
    "redis": "Redis",
    "redis_url": "Redis",
    "serve": "Werkzeug's server",
    "make_server": "Werkzeug's server",
    "Popen": "another process",
    "process": "another process",
    "visitor": MODEL,
    "Browser": MODEL,
    "engine": "Chromium, Firefox, WebKitGTK",
    "internet": "Chromium",
    "browser": "Chromium",
}


@dataclass(frozen=True)
class PageTest:
    """One test: its function's name, its source with decorators, what it needs and what it ran on, in words."""

    name: str
    source: str
    needs: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The statement that it tests, as its name reads."""
        words = self.name.removeprefix("test_").replace("_", " ")
        if words.startswith("wrong "):
            return f"The wrong app {words.removeprefix('wrong ')}"
        return words[0].upper() + words[1:]


def test_file(src_uri: str) -> Path:
    """The test file that belongs to a page by the name rule; it need not be there."""
    return TESTS / f"test_{Path(src_uri).stem.replace('-', '_')}.py"


def tests_of(path: Path) -> list[PageTest]:
    """The tests of a file, in order; none if there is no such file."""
    return tests_in(path.read_text("utf-8")) if path.is_file() else []


@functools.cache
def tests_in(text: str) -> list[PageTest]:
    """The tests of a file's text."""
    found = []
    lines = text.splitlines()
    whole_file = {m for m in NEEDS if re.search(rf"^pytestmark = .*pytest\.mark\.{m}\b", text, re.MULTILINE)}
    functions = {node.name: node for node in snippets.parsed(text).body if isinstance(node, ast.FunctionDef)}
    used = {name: set(names_in(node)) for name, node in functions.items()}
    for name, node in functions.items():
        if not name.startswith("test_"):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        marks = {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}
        marks |= {f"pytest.mark.{marker}" for marker in whole_file}
        needs = tuple(words for marker, words in NEEDS.items() if f"pytest.mark.{marker}" in marks)
        reached = {mark.rpartition(".")[2] for mark in marks} | closure(name, used)
        ran_on = [one for what, words in EVIDENCE.items() if what in reached for one in words.split(", ")]
        evidence = tuple(dict.fromkeys(ran_on)) or ("Flask",)
        found.append(PageTest(name, "\n".join(lines[first - 1 : node.end_lineno]), needs, evidence))
    return found


def names_in(node: ast.FunctionDef) -> Iterator[str]:
    """The fixtures that a function takes, and all names that it uses."""
    yield from (argument.arg for argument in node.args.args)
    for part in (inner for line in node.body for inner in ast.walk(line)):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def closure(name: str, used: dict[str, set[str]]) -> set[str]:
    """All names that a function uses, itself or through the file's other functions and fixtures."""
    found: set[str] = set()
    left = {name}
    while left:
        one = left.pop()
        new = used.get(one, set()) - found
        found |= new
        left |= new
    return found


def source_html(source: str) -> str:
    """A test's source, which live/page/tests/ colors. It stays out of the search, which finds the sentence above.

    The span is for the theme's script, which measures each `pre > code` at the start, in a closed fold as well.
    """
    code = html.escape(source, quote=False)
    return f'<div class="highlight" data-search-exclude><pre><span><code tabindex="0">{code}</code></span></pre></div>'


def files_of(path: Path, src_uri: str) -> str:
    """The files that a page's tests need to run in the page: its test file, its snippet folder and its Markdown.

    extensions/assets.py puts them into the site, so that a reader's page can fetch them when they are asked for.
    """
    folder = snippets.ROOT / path.stem.removeprefix("test_")
    files = [path, *(file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".pyc")]
    return " ".join([*(file.relative_to(TESTS.parents[1]).as_posix() for file in files), f"docs/{src_uri}"])


def section(path: Path, src_uri: str, tests: list[PageTest], md: Markdown) -> list[str]:
    """The lines of the section *Tests*; the sources are stashed, since parsing all their tags takes long.

    The alias is the section's name in the first edition.
    """
    count = f"{len(tests)} tests check" if len(tests) > 1 else "One test checks"
    lines = [
        "",
        "## Tests",
        "",
        f"{count} this page; each line says what the test ran on. They are the functions of `tests/pages/{path.name}`.",
        "",
        f'<div class="page-tests" data-test="tests/pages/{path.name}" data-files="{files_of(path, src_uri)}">',
        '<a id="proofs"></a>',
    ]
    for test in tests:
        evidence = f' <span class="test-evidence">{", ".join(test.evidence)}</span>'
        lines += [
            f'<details class="page-test" id="{test.name}" data-needs="{", ".join(test.needs)}">'
            f"<summary>{html.escape(test.sentence)}{evidence}</summary>",
            md.htmlStash.store(source_html(test.source)),
            "</details>",
        ]
    return [*lines, "</div>", ""]


class TestsSection(Preprocessor):
    """Appends the section. It runs behind the fences (25), whose rules are not for this code, and ahead of raw HTML."""

    def run(self, lines: list[str]) -> list[str]:
        page = faults.page_of(self.md)
        if not page:
            return lines
        path = test_file(page.src_uri)
        tests = tests_of(path)
        return lines + section(path, page.src_uri, tests, self.md) if tests else lines


class Marks(Treeprocessor):
    """Makes one mark of the links to a paragraph's tests; stops the build on one that names no test of the page."""

    def run(self, root: Element) -> None:
        page = faults.page_of(self.md)
        path = test_file(page.src_uri) if page else TESTS
        tests = {test.name for test in tests_of(path)}
        for parent in list(root.iter()):
            for group in groups(parent):
                names = [link.get("href", "").removeprefix("#") for link in group]
                for name in names:
                    if name not in tests:
                        raise faults.PageFault(
                            f"{faults.name_of(page)}: the mark #{name} names no test of "
                            f"tests/pages/{path.name}; fix the mark or write the test"
                        )
                merge(parent, group, names)
        explain(root)


def is_mark(element: Element) -> bool:
    """Whether an element is a link to a test of its own page."""
    return element.tag == "a" and element.get("href", "").startswith("#test_")


def groups(parent: Element) -> Iterator[list[Element]]:
    """The runs of links to tests among an element's children, with nothing but white space between them."""
    run: list[Element] = []
    for child in list(parent):
        if not is_mark(child):
            continue
        index = list(parent).index(child)
        if run and (list(parent)[index - 1] is not run[-1] or (run[-1].tail or "").strip()):
            yield run
            run = []
        run.append(child)
    if run:
        yield run


def merge(parent: Element, group: list[Element], names: list[str]) -> None:
    """Turn the links of a run into one mark, which names all their tests."""
    link = group[0]
    link.tail = group[-1].tail
    for other in group[1:]:
        parent.remove(other)
    bind(parent, link)
    more = len(names) > 1
    link.text = f"\N{CHECK MARK}{len(names)}" if more else "\N{CHECK MARK}"
    link.set("class", "test-mark")
    if more:  # the address of a single one says enough
        link.set("data-tests", " ".join(names))
    link.set("data-search-exclude", "")
    link.set("aria-label", f"{len(names)} tests" if more else "1 test")


def bind(parent: Element, link: Element) -> None:
    """Keep a mark on the line of the word before it: a space that doesn't break, in the place of one that does."""
    index = list(parent).index(link)
    holder, side = (parent[index - 1], "tail") if index else (parent, "text")
    before = getattr(holder, side) or ""
    if before != (bare := before.rstrip()):
        setattr(holder, side, f"{bare}\N{NO-BREAK SPACE}")


def explain(root: Element) -> None:
    """Put one line behind the page's first mark that says what marks are."""
    for index, block in enumerate(root):
        if any(link.get("class") == "test-mark" for link in block.iter("a")):
            line = Element("p", {"class": "marks-explained", "data-search-exclude": ""})
            line.text = "Each \N{CHECK MARK} opens the tests of its paragraph, to read and to run."
            line.tail = "\n"
            root.insert(index + 1, line)
            return


class TestsExtension(Extension):
    """Registers the section at 24, between fenced code and MkDocs' look at anchors, and the marks before toc (5)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(TestsSection(md), "page_tests", 24)
        md.treeprocessors.register(Marks(md), "test_marks", 6)


def makeExtension(**options: object) -> TestsExtension:
    """Python-Markdown's entry point."""
    return TestsExtension(**options)
