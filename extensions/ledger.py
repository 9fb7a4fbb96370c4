"""The ledger: every claim of the site, by page, with its test and what it needs.

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

from extensions import faults, proofs

DOCS = Path(__file__).resolve().parents[1] / "docs"
CONFIG = DOCS.parent / "mkdocs.yml"


def title_of(page: Path) -> str:
    """The first heading of a page."""
    heading = re.search(r"^# (.+)", page.read_text("utf-8"), re.MULTILINE)
    assert heading, f"{page} has no heading"
    return heading[1]


def proven_pages() -> list[tuple[Path, list[proofs.Proof]]]:
    """Each page in a folder that has proofs, with them, in the order of the navigation."""
    nav = re.findall(r"^ +- (?:[^:\n]+: )?(\S+/\S+\.md)$", CONFIG.read_text("utf-8"), re.MULTILINE)
    found = [(DOCS / name, proofs.proofs_of(proofs.test_file(name))) for name in nav if (DOCS / name).is_file()]
    return [(page, claims) for page, claims in found if claims]


def rows(page: Path, claims: list[proofs.Proof], start: str) -> str:
    """The table of a page's claims; `start` leads from the ledger to the site's root.

    The rows are HTML at once: Markdown would take longer over some hundred links than over the rest of the site.
    """
    address = f"{start}{page.relative_to(DOCS).with_suffix('').as_posix()}/"
    test = proofs.test_file(page.name)
    body = "".join(
        f'<tr data-needs="{", ".join(proof.needs)}"><td><a href="{address}#{proof.name}">{html.escape(proof.claim)}</a>'
        f"</td><td>{', '.join(proof.needs) or 'nothing'}</td></tr>"
        for proof in claims
    )
    files = proofs.files_of(test, page.relative_to(DOCS).as_posix())
    return (
        f'<div class="ledger" data-search-exclude data-test="tests/pages/{test.name}" data-files="{files}">'
        f"<table><thead><tr><th>Claim</th><th>Needs</th></tr></thead><tbody>{body}</tbody></table></div>"
    )


class Ledger(Preprocessor):
    """Fills in the line. It runs behind the fences, whose rules are not for it, and ahead of raw HTML."""

    def run(self, lines: list[str]) -> list[str]:
        return [new for line in lines for new in (self.ledger() if line.strip() == "[ledger]" else [line])]

    def ledger(self) -> list[str]:
        """The count, and a heading and a table a page."""
        page = faults.page_of(self.md)
        here = page.src_uri if page else "ledger.md"
        start = "../" * page.url.count("/") if page else ""
        found = proven_pages()
        claims = [proof for _, proofs_ in found for proof in proofs_]
        alone = sum(not proof.needs for proof in claims)
        lines = [f"**{len(claims)} claims on {len(found)} pages.** {alone} of their proofs run in this page too.", ""]
        for path, own in found:
            link = os.path.relpath(path.relative_to(DOCS), Path(here).parent).replace(os.sep, "/")
            lines += [f"## [{title_of(path)}]({link})", "", self.md.htmlStash.store(rows(path, own, start)), ""]
        return lines


class LedgerExtension(Extension):
    """Registers the preprocessor between fenced code (25) and raw HTML (20)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Ledger(md), "ledger", 23)


def makeExtension(**options: object) -> LedgerExtension:
    """Python-Markdown's entry point."""
    return LedgerExtension(**options)
