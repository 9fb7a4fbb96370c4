"""The site's search: its index, and its worker in the place of the theme's.

The theme's box asks a worker, whose address stands in each page's configuration. Ours (live/search/) answers the same
messages. It fetches the index when it's first asked, so that a page that nobody searches costs no index.
"""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from extensions import assets

WORKER = "live/search/search-worker.js"
FOLDER = "assets/live"  # where the worker is
# In a page's configuration, behind the way to the site's root.
THEME_WORKER = re.compile(r'"search": "([^"]*)assets/javascripts/workers/search\.\w+\.min\.js"')
MESSAGES = "reference/errors-and-warnings/"
THEME_INDEX = "search/search_index.json"
BLOCK = re.compile(r"</?(?:p|pre|li|ol|ul)>")
TAG = re.compile(r"<[^>]+>")
CODE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
# Other lines of code, such as imports and templates, are a fifth of the index and name no page's subject.
TELLING = re.compile(r"session|cookie|config|secret", re.IGNORECASE)
SPACE = re.compile(r"[^\S\n]+")
# Headings that pages have in common: they rank last, and only the first line below them is in the index. The list of
# a page's tests repeats what the page says.
LAST = {"Tests", "Next"}


@dataclass
class Page:
    """A page as the index has it: an address, and what its front matter says."""

    url: str
    title: str
    description: str = ""
    questions: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)  # anchors, each with the question that its section settles
    weight: float = 1
    entries: list[str] = field(default_factory=list)  # the anchors of its entries for error messages


def plain(text: str) -> str:
    """A section's HTML as text, a block a line."""
    text = SPACE.sub(" ", html.unescape(TAG.sub("", BLOCK.sub("\n", text))))
    return re.sub(r"\n\s*", "\n", text).strip()


def shorten(text: str, seen: set[str]) -> str:
    """A section's HTML with the telling lines of its code, each of them once a page; `seen` are the page's so far."""

    def lines(code: re.Match) -> str:
        kept = []
        for line in TAG.sub("", code[1]).splitlines():
            if TELLING.search(line) and line.strip() not in seen:
                seen.add(line.strip())
                kept.append(line)
        return "<pre>" + "\n".join(kept) + "</pre>"

    return CODE.sub(lines, text)


def index(pages: Iterable[Page], sections: list[dict]) -> dict:
    """The index: the pages with their sections, which are {location, title, text} as MkDocs writes them."""
    pages = list(pages)
    messages = {f"{page.url}#{anchor}" for page in pages for anchor in page.entries}
    found: dict[str, dict] = {
        page.url: {
            "url": page.url,
            "title": page.title,
            "description": page.description,
            "questions": page.questions,
            "places": {question: anchor for anchor, question in page.sections.items()},
            "weight": page.weight,
            "sections": [],
        }
        for page in pages
    }
    seen: dict[str, set[str]] = {url: set() for url in found}
    for section in sections:
        url, _, anchor = section["location"].partition("#")
        if url not in found:  # a page that the navigation lacks: the build reports it
            continue
        title = html.unescape(TAG.sub("", section["title"]))
        text = plain(shorten(section["text"], seen[url]))
        found[url]["sections"].append(
            {
                "id": anchor,
                "title": title,
                "text": text.partition("\n")[0] if title in LAST else text,
                "weight": 0.1 if title in LAST else 1,
                "message": section["location"] in messages,
            }
        )
    return {"pages": list(found.values())}


def write(site: Path, pages: Iterable[Page]) -> None:
    """Put the index into a finished site, and the addresses of our worker and of the index into each page.

    The worker is told the index by its own address, so that each of them has a hash of its own contents.
    """
    theme = site / THEME_INDEX
    theirs = json.loads(theme.read_text("utf-8"))
    made = json.dumps(index(pages, theirs["docs"]), ensure_ascii=False, separators=(",", ":"))
    name = assets.hashed("search-index.json", made.encode())
    (site / FOLDER / name).write_text(made, "utf-8")
    # The theme still asks for its index: it marks the words of ?h= by the separator.
    theme.write_text(json.dumps({"config": theirs["config"], "docs": []}), "utf-8")
    for unused in site.glob("assets/javascripts/workers/search.*"):
        unused.unlink()
    worker = json.loads((site / FOLDER / "modules.json").read_text("utf-8"))[WORKER]["file"]
    addresses = rf'"search": "\1{FOLDER}/{worker}#{name}", "search_index": "\1{FOLDER}/{name}"'
    for file in site.rglob("*.html"):
        file.write_text(THEME_WORKER.sub(addresses, file.read_text("utf-8")), "utf-8")
