"""What changed: statements of the guide that were corrected, from changes.toml, as a page and as an Atom feed.

An author puts a line `[changes]` where the list belongs.
"""

import html
import tomllib
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from urllib.parse import urljoin

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from extensions import ledger

TABLE = Path(__file__).with_suffix(".toml")
KEYS = {"date", "page", "before", "after", "why"}
FEED = "changes.xml"


@dataclass(frozen=True)
class Change:
    """One correction: its day, the page (learn/x.md), the statement before and after in Markdown, and the reason."""

    date: date
    page: str
    before: str
    after: str
    why: str


def read(path: Path = TABLE) -> list[Change]:
    """All corrections, the newest first. ValueError for an entry with a missing or an unknown key."""
    found = tomllib.loads(path.read_text("utf-8")).get("change", [])
    for number, entry in enumerate(found, 1):
        if entry.keys() != KEYS:
            raise ValueError(f"{path.name}: change {number} needs {', '.join(sorted(KEYS))}, and no other key")
    return sorted((Change(**entry) for entry in found), key=lambda change: change.date, reverse=True)


def listed(changes: list[Change]) -> list[str]:
    """The list as Markdown: a heading a day, a paragraph a change."""
    lines = []
    for day, of_day in groupby(changes, lambda change: change.date):
        lines += [f"## {day:%-d %B %Y}", ""]
        for change in of_day:
            title = ledger.title_of(ledger.DOCS / change.page)
            lines += [
                f"**[{title}]({change.page})**",
                "",
                f"- Before: {change.before}",
                f"- Now: {change.after}",
                f"- Why: {change.why}",
                "",
            ]
    return lines


def feed(changes: list[Change], name: str, root: str) -> str:
    """The Atom feed (RFC 4287) of a site with this name and address."""
    address = urljoin(root, FEED)
    updated = max(change.date for change in changes)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{html.escape(name)}: what changed</title>",
        f"<id>{address}</id>",
        f'<link rel="self" href="{address}"/>',
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{html.escape(name)}</name></author>",
    ]
    for number, change in zip(range(len(changes), 0, -1), changes, strict=True):
        page = urljoin(root, f"{change.page.removesuffix('.md')}/")
        text = f"Before: {change.before}\nNow: {change.after}\nWhy: {change.why}"
        lines += [
            "<entry>",
            f"<title>{html.escape(ledger.title_of(ledger.DOCS / change.page))}</title>",
            f"<id>{address}#{number}</id>",
            f'<link href="{page}"/>',
            f"<updated>{change.date}T00:00:00Z</updated>",
            f'<content type="text">{html.escape(text)}</content>',
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


class Changes(Preprocessor):
    """Fills in the line."""

    def run(self, lines: list[str]) -> list[str]:
        return [new for line in lines for new in (listed(read()) if line.strip() == "[changes]" else [line])]


class ChangesExtension(Extension):
    """Registers the preprocessor between fenced code (25) and raw HTML (20)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Changes(md), "changes", 23)


def makeExtension(**options: object) -> ChangesExtension:
    """Python-Markdown's entry point."""
    return ChangesExtension(**options)
