"""Every page as Markdown, for tools and for readers who copy it: beside the page as index.md, and in llms-full.txt.

It is made from the page's own source. Includes are filled in, marks of tests become links, and links are absolute.
llms.txt lists the pages (https://llmstxt.org).
"""

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from extensions import changes, fences, ledger, licences, questions, snippets

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n+", re.DOTALL)
MARK = re.compile(r"\[test\]\(#(test_\w+)\)")
LINK = re.compile(r"(?<=\]\()([^)\s#:]*)(#[^)\s]*)?(?=[)\s])")
ATTRIBUTES = re.compile(r"\{ [^}]*\}")
TAB = re.compile(r'^=== "(.+)"$')
# Code stays as it is; a link in HTML becomes one in Markdown, and a key loses its tags.
INLINE = re.compile(r'(`+[^`]+`+)|<a href="([^"]+)">(.*?)</a>|</?kbd>', re.DOTALL)
TERM = re.compile(r"^<dt>(.*?)</dt>\n<dd\b[^>]*>(.*?)</dd>$", re.MULTILINE)
DEFINITIONS = re.compile(r"^<dl\b[^>]*>\n(.*?)^</dl>$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"<code>(.*?)</code>")
COMMENT = re.compile(r" *<!-- .*? -->")
HTML_BLOCK = re.compile(r"^</?[a-z][^\n]*(?:\n(?! *$)[^\n]*)*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page: its source below docs/ ("learn/x.md"), its address in the site, title, description, section, text."""

    source: str
    url: str
    title: str
    description: str
    section: str
    text: str


def listing(fence: fences.Fence) -> list[str]:
    """A fence as it is in a copy: an include filled in, below a line with its file's name.

    An app is followed by the commands that run it.
    """
    if not fence.include:
        return [f"{fence.marker}{fence.info}", *fence.body, fence.marker]
    path, region = snippets.ROOT / fence.include["path"], fence.include["region"]
    run: list[str] = []
    text = snippets.region(path, region) if region else snippets.read(path)
    if not region and snippets.is_app(path):
        app, files = path.relative_to(snippets.ROOT / path.relative_to(snippets.ROOT).parts[0]), snippets.files_of(path)
        run = ["", "To run it on Linux or macOS:", "", "```sh", *snippets.command(app.as_posix(), files, "sh"), "```"]
    wrong = " (wrong: do not copy)" if path.name.startswith("wrong") else ""
    name = "Recorded requests and responses" if path.suffix == ".http" else f"`{path.relative_to(snippets.ROOT)}`"
    return [
        "",
        f"{name}{wrong}:",
        "",
        f"{fence.marker}{fence.language}",
        *text.rstrip("\n").splitlines(),
        fence.marker,
        *run,
    ]


def rewritten(text: str, of_prose: Callable[[str], str], of_fence: Callable[[fences.Fence], list[str]]) -> str:
    """A Markdown text with what is outside of its fences, and the fences, each replaced by what a function gives."""
    lines, parts, done = text.splitlines(), [], 0
    for fence in fences.scan(text):
        parts += [of_prose("\n".join(lines[done : fence.line - 1])), "\n".join(of_fence(fence))]
        done = fence.last_line
    return "\n".join([*parts, of_prose("\n".join(lines[done:]))])


def definitions(match: re.Match) -> str:
    """A list of terms in HTML, as one in Markdown."""

    def item(term: re.Match) -> str:
        return f"- **{term[1]}**: " + html.unescape(CODE.sub(r"`\1`", term[2]))

    return TERM.sub(item, match[1])


def prose(text: str, address: str = "") -> str:
    """What is outside of fences: no HTML, no attributes; a tab's label in bold; one empty line at most.

    A link in HTML is relative to the page's `address`, and not to its file.
    """

    def inline(match: re.Match) -> str:
        return match[1] or (f"[{match[3]}]({urljoin(address, match[2])})" if match[2] else "")

    text = INLINE.sub(inline, HTML_BLOCK.sub("", COMMENT.sub("", DEFINITIONS.sub(definitions, text))))
    lines = [TAB.sub(r"**\1**", ATTRIBUTES.sub("", line).rstrip()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def absolute(text: str, source: str, address: str, root: str) -> str:
    """Prose with each mark as a link to its test, and each relative link and image as a whole address.

    `address` is the page's own, `root` the site's.
    """

    def target(match: re.Match) -> str:
        path, anchor = match[1], match[2] or ""
        if not path:
            return address + anchor
        name = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if name.endswith(".md"):
            name = name.removesuffix(".md").removesuffix("index")
            name = f"{name.rstrip('/')}/" if name else ""
        return urljoin(root, name) + anchor

    return LINK.sub(target, MARK.sub(r"[test](#\1)", text))


def tests_listed() -> str:
    """What `[ledger]` stands for: each page's statements, with links to their tests."""
    lines = []
    for page, found in ledger.tested_pages():
        name = page.relative_to(ledger.DOCS).as_posix()
        lines += ["", f"## {ledger.title_of(page)}", ""]
        lines += [f"- [{test.sentence}]({name}#{test.name})" for test in found]
    return "\n".join(lines)


def copy(page: Page, root: str) -> str:
    """A page as Markdown that needs nothing else; `root` is the site's address."""
    text = FRONT_MATTER.sub("", page.text)
    if "\n[ledger]\n" in text:
        text = text.replace("\n[ledger]\n", f"\n{tests_listed()}\n")
    if "\n[changes]\n" in text:
        text = text.replace("\n[changes]\n", "\n{}\n".format("\n".join(changes.listed(changes.read()))))
    if "\n[licences]\n" in text:
        text = text.replace("\n[licences]\n", "\n{}\n".format("\n".join(licences.listed())))
    if "\n[questions]\n" in text:
        text = text.replace("\n[questions]\n", "\n{}\n".format("\n".join(questions.listed(page.source))))
    address = urljoin(root, page.url)
    return (
        rewritten(text, lambda part: absolute(prose(part, address), page.source, address, root), listing).strip() + "\n"
    )


def summary(name: str, description: str, pages: list[Page], root: str) -> str:
    """llms.txt: the site's name and description, then each section's pages."""
    lines = [f"# {name}", "", f"> {description}", ""]
    section = None
    for page in pages:
        if page.section != section:
            section = page.section
            lines += ["", f"## {section}", ""]
        lines.append(f"- [{page.title}]({urljoin(root, page.url)}index.md): {page.description}")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def files(name: str, description: str, pages: list[Page], root: str) -> Iterator[tuple[str, str]]:
    """Each file to write into the site, with its text. The list of all tests is left out of llms-full.txt."""
    copies = {page.url: copy(page, root) for page in pages}
    for url, text in copies.items():
        yield f"{url}index.md", text
    yield "llms.txt", summary(name, description, pages, root)
    whole = [text for page in pages if "[ledger]" not in page.text for text in [copies[page.url]]]
    yield "llms-full.txt", "\n".join(whole)
