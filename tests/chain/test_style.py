"""The pages are written as Contributing asks."""

import re
from pathlib import Path

import pytest

from extensions import fences
from tests.chain import chain

ROOT = Path(__file__).parents[2]
WORDS = 30
# Words that belittle the reader's task, and the authors' "we".
BANNED = re.compile(r"\b(simply|just|easy|easily|obviously|of course|we|our|us|let's)\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")


def prose(page: Path) -> list[tuple[int, str]]:
    """The paragraphs of a page with their line numbers: no front matter, code, tables, headings or HTML."""
    text = page.read_text("utf-8")
    lines = text.splitlines()
    hidden = {n for fence in fences.scan(text) for n in range(fence.line, fence.last_line + 1)}
    if lines and lines[0] == "---":
        hidden |= set(range(1, lines.index("---", 1) + 2))
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if number in hidden or not text or text.startswith(("#", "|", "<", "{", "===", "!!!", "???")):
            found.append((number, ""))
        elif found and found[-1][1] and not re.match(r"[-*] |\d+\. ", text):
            found[-1] = (found[-1][0], f"{found[-1][1]} {text}")
        else:
            found.append((number, text))
    return [(number, plain(text)) for number, text in found if text]


def plain(text: str) -> str:
    """The text as a reader sees it: links without their addresses, code as one word, no marks."""
    text = re.sub(r"\[test\]\([^)]*\)", "", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"`[^`]*`", "code", text)


@pytest.mark.parametrize("page", chain.pages(ROOT), ids=lambda page: str(page.relative_to(ROOT / "docs")))
def test_a_page_is_written_in_short_plain_sentences(page):
    faults = []
    for number, text in prose(page):
        where = f"{page.relative_to(ROOT)}:{number}"
        for sentence in SENTENCE_END.split(text):
            if len(sentence.split()) > WORDS:
                faults.append(f"{where}: a sentence of {len(sentence.split())} words ({sentence[:40]}…); make two")
        if word := BANNED.search(text):
            faults.append(f"{where}: {word[0]!r} belittles or includes the reader; write without it")
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
