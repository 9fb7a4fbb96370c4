"""Find the fenced blocks of a Markdown text.

The build and the tests both need to know every fence, also those that a Markdown parser would quietly
turn into a paragraph. So this scanner is stricter than the parser: what it does not understand, it reports.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENING = re.compile(r"^(?P<prefix>[ \t>]*)(?P<marker>`{3,}|~{3,})(?P<info>[^`]*)$")
# A language and, at most, a title: everything else would be shown as plain text by the parser.
INFO = re.compile(r'^(?P<language>[a-z][a-z0-9-]*)(?: title="(?P<title>[^"]+)")?$')
INCLUDE = re.compile(r'^--8<-- "(?P<path>[^":]*)(?::(?P<region>[^"]*))?"$')


@dataclass(frozen=True)
class Fence:
    """One fenced block: `line` is that of its opening, counted from 1; `body` has its lines without the prefix."""

    line: int
    prefix: str
    marker: str
    info: str
    body: tuple[str, ...]
    closed: bool

    @property
    def last_line(self) -> int:
        """The line of the closing marker."""
        return self.line + len(self.body) + self.closed

    @property
    def language(self) -> str:
        """The language named in the header, or "" where the header is not understood."""
        header = INFO.match(self.info)
        return header["language"] if header else ""

    @property
    def title(self) -> str:
        """The title given in the header, or ""."""
        header = INFO.match(self.info)
        return (header["title"] or "") if header else ""

    @property
    def include(self) -> re.Match[str] | None:
        """The match of INCLUDE (groups `path`, `region`) if the block holds an include alone."""
        lines = [line for line in self.body if line.strip()]
        return INCLUDE.match(lines[0].strip()) if len(lines) == 1 else None

    @property
    def fault(self) -> str | None:
        """What would make a parser show this fence as plain text, and the mend; None if nothing would."""
        if not self.closed:
            return f"the fence is never closed; add a line {self.marker}"
        if not INFO.match(self.info):
            return (
                f"the fence header {self.info!r} would degrade the block to plain text; "
                f'write {self.marker}python, or {self.marker}python title="app.py"'
            )
        if self.marker.startswith("~") or (self.language == "python" and self.marker != "```"):
            return "the test of inline Python does not see this kind of fence; use three backticks"
        if ">" in self.prefix:
            return "a fence inside a quotation is not tested; take it out of the quotation"
        return None


def scan(text: str) -> Iterator[Fence]:
    """Yield every fenced block of a Markdown text, in order; a fence inside a longer fence is that one's content.

    Follows CommonMark 0.31 section 4.5, but lets a fence stand at any indentation, since tabs and
    admonitions indent their content.
    """
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        opening = OPENING.match(lines[at])
        if not opening:
            at += 1
            continue
        prefix, marker = opening["prefix"], opening["marker"]
        closing = re.compile(rf"^[ \t>]*{re.escape(marker)}{re.escape(marker[0])}*[ \t]*$")
        end = at + 1
        while end < len(lines) and not closing.match(lines[end]):
            end += 1
        body = tuple(line.removeprefix(prefix) for line in lines[at + 1 : end])
        yield Fence(at + 1, prefix, marker, opening["info"].strip(), body, end < len(lines))
        at = end + 1
