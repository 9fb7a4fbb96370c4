"""The ledger: every test of the site, by page, with what it ran on.

An author puts a line `[ledger]` into a page. All of it is read from the pages and their test files, so there is no
list to keep.
"""

import html
import os.path
import re
from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from extensions import faults, page_tests

DOCS = Path(__file__).resolve().parents[1] / "docs"
CONFIG = DOCS.parent / "mkdocs.yml"


def title_of(page: Path) -> str:
    """The first heading of a page."""
    heading = re.search(r"^# (.+)", page.read_text("utf-8"), re.MULTILINE)
    assert heading, f"{page} has no heading"
    return heading[1]


def tested_pages() -> list[tuple[Path, list[page_tests.PageTest]]]:
    """Each page in a folder that has tests, with them, in the order of the navigation."""
    nav = re.findall(r"^ +- (?:[^:\n]+: )?(\S+/\S+\.md)$", CONFIG.read_text("utf-8"), re.MULTILINE)
    found = [(DOCS / name, page_tests.tests_of(page_tests.test_file(name))) for name in nav if (DOCS / name).is_file()]
    return [(page, tests) for page, tests in found if tests]


def rows(page: Path, tests: list[page_tests.PageTest], start: str) -> str:
    """The table of a page's tests; `start` leads from the ledger to the site's root.

    The rows are HTML at once: Markdown would take longer over some hundred links than over the rest of the site.
    """
    address = f"{start}{page.relative_to(DOCS).with_suffix('').as_posix()}/"
    path = page_tests.test_file(page.name)
    body = "".join(
        f'<tr data-needs="{", ".join(test.needs)}"><td><a href="{address}#{test.name}">{html.escape(test.sentence)}</a>'
        f"</td><td>{', '.join(test.evidence)}</td></tr>"
        for test in tests
    )
    files = page_tests.files_of(path, page.relative_to(DOCS).as_posix())
    return (
        f'<div class="ledger" data-search-exclude data-test="tests/pages/{path.name}" data-files="{files}">'
        f"<table><thead><tr><th>Statement</th><th>Ran on</th></tr></thead><tbody>{body}</tbody></table></div>"
    )


class Ledger(Preprocessor):
    """Fills in the line. It runs behind the fences, whose rules are not for it, and ahead of raw HTML."""

    def run(self, lines: list[str]) -> list[str]:
        return [new for line in lines for new in (self.ledger() if line.strip() == "[ledger]" else [line])]

    def ledger(self) -> list[str]:
        """The count, and a heading and a table a page."""
        page = faults.page_of(self.md)
        here = page.src_uri if page else "ledger.md"
        start = faults.root_from(page)
        found = tested_pages()
        tests = [test for _, own in found for test in own]
        here_too = sum(not test.needs for test in tests)
        lines = [f"**{len(tests)} tests on {len(found)} pages.** {here_too} of them run in this page too.", ""]
        for path, own in found:
            link = os.path.relpath(path.relative_to(DOCS), Path(here).parent).replace(os.sep, "/")
            anchor = path.stem  # it stays if the title changes
            lines += [
                f"## [{title_of(path)}]({link}) {{ #{anchor} }}",
                "",
                self.md.htmlStash.store(rows(path, own, start)),
                "",
            ]
        return lines


class LedgerExtension(Extension):
    """Registers the preprocessor between fenced code (25) and raw HTML (20)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Ledger(md), "ledger", 23)


def makeExtension(**options: object) -> LedgerExtension:
    """Python-Markdown's entry point."""
    return LedgerExtension(**options)
