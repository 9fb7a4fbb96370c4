"""The glossary's terms on the other pages: where a page first uses one, it's a link that carries the term's sentence.

The one list is docs/glossary.md: a heading a term, and below it the sentence. The link works without JavaScript and on
touch. Its title is the sentence, which a mouse shows and a screen reader says; site.css shows it to the keyboard.
"""

import functools
import os.path
import re
from pathlib import Path
from xml.etree.ElementTree import Element  # noqa: S405 - the tree that Python-Markdown has made

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from extensions import faults, ledger

PAGE = "glossary.md"
SECTIONS = ("learn", "understand", "recipes")
ENTRY = re.compile(r"^## (.+?) \{ #([\w-]+) \}\n\n((?:.+\n)+)", re.MULTILINE)
# Where a term stays as it is: code, links, and what names a thing instead of speaking of it.
SKIPPED = {"a", "code", "pre", "h1", "h2", "h3", "h4", "th", "summary", "label", "script"}


@functools.cache
def entries(text: str) -> dict[str, tuple[str, str]]:
    """The terms of a glossary in Markdown, in small letters: the anchor of each and its sentence as plain text."""
    return {
        term.lower(): (anchor, " ".join(sentence.replace("`", "").split()))
        for term, anchor, sentence in ENTRY.findall(text)
    }


class Linker:
    """Links the first use of each term on one page; `way` leads from the page to the glossary."""

    def __init__(self, terms: dict[str, tuple[str, str]], way: str) -> None:
        self.left, self.way = dict(terms), way

    def link(self, term: str) -> Element:
        """An empty link to a term, which is used from now on."""
        anchor, sentence = self.left.pop(term)
        return Element("a", {"class": "term", "href": f"{self.way}#{anchor}", "title": sentence})

    def split(self, text: str | None) -> tuple[str | None, list[Element]]:
        """A text up to the first new term, and the links with what follows each of them."""
        found: list[Element] = []
        before = text
        while self.left and text:
            names = "|".join(map(re.escape, sorted(self.left, key=len, reverse=True)))
            match = re.search(rf"(?<![\w.-])({names})s?(?![\w-])", text, re.IGNORECASE)
            if not match:
                break
            head, text = text[: match.start()], text[match.end() :]
            if found:
                found[-1].tail = head
            else:
                before = head
            found.append(self.link(match[1].lower()))
            found[-1].text, found[-1].tail = match[0], text
        return before, found

    def fill(self, parent: Element) -> None:
        """Link the new terms below an element, in the order of the page."""
        parent.text, links = self.split(parent.text)
        for child in list(parent):
            at = list(parent).index(child)
            if child.tag == "code" and (child.text or "").lower() in self.left:
                wrapped = self.link((child.text or "").lower())
                wrapped.tail, child.tail = child.tail, None
                wrapped.append(child)
                parent[at] = child = wrapped
            elif child.tag not in SKIPPED and child.get("class") != "admonition-title":
                self.fill(child)
            child.tail, more = self.split(child.tail)
            parent[at + 1 : at + 1] = more
        parent[0:0] = links


class Glossary(Treeprocessor):
    """Links the terms on a page of the sections."""

    def run(self, root: Element) -> None:
        page = faults.page_of(self.md)
        if page and page.src_uri.partition("/")[0] in SECTIONS:
            way = os.path.relpath(PAGE, Path(page.src_uri).parent).replace(os.sep, "/")
            Linker(entries((ledger.DOCS / PAGE).read_text("utf-8")), way).fill(root)


class GlossaryExtension(Extension):
    """Registers the treeprocessor behind the marks of tests (6), and ahead of the builder's, which reads links (0)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(Glossary(md), "glossary", 3)


def makeExtension(**options: object) -> GlossaryExtension:
    """Python-Markdown's entry point."""
    return GlossaryExtension(**options)
