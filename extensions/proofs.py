"""Lead from a page's claims to the tests that prove them.

An author puts a mark behind a claim, an ordinary link that names a test of the page's own test file:

    Flask sends a new cookie with every answer. [proof](#test_every_answer_carries_a_new_cookie)

At the foot of each page that has a test file stands a section *Proofs* with all its tests, made from that file.
"""

import ast
import functools
import html
import re
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True)
class Proof:
    """One test: its function's name, its source with decorators, and what it needs, in words."""

    name: str
    source: str
    needs: tuple[str, ...]

    @property
    def claim(self) -> str:
        """The claim in words, as the name reads."""
        words = self.name.removeprefix("test_").replace("_", " ")
        if words.startswith("wrong "):
            return f"The wrong app {words.removeprefix('wrong ')}"
        return words[0].upper() + words[1:]


def test_file(src_uri: str) -> Path:
    """The test file that belongs to a page by the name rule; it need not be there."""
    return TESTS / f"test_{Path(src_uri).stem.replace('-', '_')}.py"


def proofs_of(path: Path) -> list[Proof]:
    """The tests of a file, in order; none if there is no such file."""
    return tests_in(path.read_text("utf-8")) if path.is_file() else []


@functools.cache
def tests_in(text: str) -> list[Proof]:
    """The tests of a file's text."""
    found = []
    lines = text.splitlines()
    whole_file = {m for m in NEEDS if re.search(rf"^pytestmark = .*pytest\.mark\.{m}\b", text, re.MULTILINE)}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            source = "\n".join(lines[first - 1 : node.end_lineno])
            marks = {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}
            marks |= {f"pytest.mark.{marker}" for marker in whole_file}
            needs = tuple(words for marker, words in NEEDS.items() if f"pytest.mark.{marker}" in marks)
            found.append(Proof(node.name, source, needs))
    return found


def source_html(source: str) -> str:
    """A test's source, which live/page/proofs/ colors. It stays out of the search, which finds the claim above.

    The span is for the theme's script, which measures each `pre > code` at the start, in a closed fold as well.
    """
    code = html.escape(source, quote=False)
    return f'<div class="highlight" data-search-exclude><pre><span><code tabindex="0">{code}</code></span></pre></div>'


def files_of(path: Path, src_uri: str) -> str:
    """The files that a page's proofs need to run in the page: its test file, its snippet folder and its Markdown.

    extensions/assets.py puts them into the site, so that a reader's page can fetch them when they are asked for.
    """
    folder = snippets.ROOT / path.stem.removeprefix("test_")
    files = [path, *(file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".pyc")]
    return " ".join([*(file.relative_to(TESTS.parents[1]).as_posix() for file in files), f"docs/{src_uri}"])


def section(path: Path, src_uri: str, proofs: list[Proof], md: Markdown) -> list[str]:
    """The lines of the section *Proofs*; the sources are stashed, since parsing all their tags takes long."""
    count = f"{len(proofs)} tests prove" if len(proofs) > 1 else "One test proves"
    lines = [
        "",
        "## Proofs",
        "",
        f"{count} this page. They are the functions of `tests/pages/{path.name}`, as they stand there.",
        "",
        f'<div class="proofs" data-test="tests/pages/{path.name}" data-files="{files_of(path, src_uri)}">',
    ]
    for proof in proofs:
        needs = ", ".join(proof.needs)
        told = f' <span class="proof-needs">needs {needs}</span>' if needs else ""
        lines += [
            f'<details class="proof" id="{proof.name}" data-needs="{needs}">'
            f"<summary>{html.escape(proof.claim)}{told}</summary>",
            md.htmlStash.store(source_html(proof.source)),
            "</details>",
        ]
    return [*lines, "</div>", ""]


class ProofsSection(Preprocessor):
    """Appends the section. It runs behind the fences (25), whose rules are not for this code, and ahead of raw HTML."""

    def run(self, lines: list[str]) -> list[str]:
        page = faults.page_of(self.md)
        if not page:
            return lines
        path = test_file(page.src_uri)
        proofs = proofs_of(path) if path else []
        return lines + section(path, page.src_uri, proofs, self.md) if path and proofs else lines


class Marks(Treeprocessor):
    """Turns each link to a test into a mark with a name; stops the build on one that names no test of the page."""

    def run(self, root) -> None:
        page = faults.page_of(self.md)
        proofs = {proof.name: proof for proof in proofs_of(test_file(page.src_uri))} if page else {}
        for link in root.iter("a"):
            name = link.get("href", "").removeprefix("#")
            if not link.get("href", "").startswith("#test_"):
                continue
            if name not in proofs:
                raise faults.PageFault(
                    f"{faults.name_of(page)}: the mark #{name} names no test of "
                    f"tests/pages/{test_file(page.src_uri).name if page else ''}; mend the mark or write the test"
                )
            link.text = "\N{CHECK MARK}"
            link.set("class", "proof-mark")
            link.set("data-search-exclude", "")
            link.set("aria-label", f"Proof: {proofs[name].claim}")


class ProofsExtension(Extension):
    """Registers the section at 24, between fenced code and MkDocs' look at anchors, and the marks before toc (5)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(ProofsSection(md), "proofs", 24)
        md.treeprocessors.register(Marks(md), "proof_marks", 6)


def makeExtension(**options: object) -> ProofsExtension:
    """Python-Markdown's entry point."""
    return ProofsExtension(**options)
