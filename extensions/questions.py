"""The page of all questions: what each page answers, in the words of those who ask, and every error message.

An author puts `questions:` into a page's front matter, and a line `[questions]` where the list belongs. The page works
without JavaScript, so it serves readers for whom the search doesn't run.
"""

import functools
import os.path
import re
from pathlib import Path

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.preprocessors import Preprocessor

from extensions import faults, ledger

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
NAMED = re.compile(r"^ +- (?:[^:\n]+: )?(\S+\.md)$|^  - [^:\n]+: (\S+\.md)$", re.MULTILINE)
MESSAGES = "reference/errors-and-warnings.md"
MESSAGE = re.compile(r"^### (.+)$", re.MULTILINE)


def asked(page: Path) -> list[str]:
    """The questions of a page's front matter."""
    front = FRONT_MATTER.match(page.read_text("utf-8"))
    return questions_in(front[1]) if front else []


def settled(page: Path) -> dict[str, str]:
    """The anchors in a page's front matter, each with the question that its section settles."""
    front = FRONT_MATTER.match(page.read_text("utf-8"))
    return (yaml.safe_load(front[1]) or {}).get("sections", {}) if front else {}


@functools.cache
def questions_in(front: str) -> list[str]:
    """The questions of a front matter. Parsing takes long, and each page's copy lists the questions of all pages."""
    return (yaml.safe_load(front) or {}).get("questions", [])


def listed(here: str = "questions.md") -> list[str]:
    """The list as Markdown, for the page `here`: a heading a page with its questions, and the messages."""

    def link(name: str) -> str:
        return os.path.relpath(name, Path(here).parent).replace(os.sep, "/")

    names = [match[1] or match[2] for match in NAMED.finditer(ledger.CONFIG.read_text("utf-8"))]
    lines = []
    for name in names:
        page = ledger.DOCS / name
        if page.is_file() and (questions := asked(page)):
            title = ledger.title_of(page)
            anchor = Path(name).stem  # it stays if the title changes
            lines += [
                f"## {title} {{ #{anchor} }}",
                "",
                *(f"- [{question}]({link(name)})" for question in questions),
                "",
            ]
    errors = ledger.DOCS / MESSAGES
    if errors.is_file():
        found = MESSAGE.findall(errors.read_text("utf-8"))
        lines += ["## Messages", "", *(f"- [{text}]({link(MESSAGES)}#{slugify(text, '-')})" for text in found), ""]
    return lines


class Questions(Preprocessor):
    """Fills in the line."""

    def run(self, lines: list[str]) -> list[str]:
        return [new for line in lines for new in (self.questions() if line.strip() == "[questions]" else [line])]

    def questions(self) -> list[str]:
        """The list, out of the search's sight: it would find every question twice."""
        page = faults.page_of(self.md)
        listing = listed(page.src_uri if page else "questions.md")
        return ['<div class="questions" data-search-exclude markdown>', "", *listing, "</div>"]


class QuestionsExtension(Extension):
    """Registers the preprocessor between fenced code (25) and raw HTML (20)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Questions(md), "questions", 23)


def makeExtension(**options: object) -> QuestionsExtension:
    """Python-Markdown's entry point."""
    return QuestionsExtension(**options)
