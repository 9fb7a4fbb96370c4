"""Numbers in a paragraph that a mark proves: each occurs in the code of a test that its marks name.

It compares digits and the words up to twelve. Statements that were there before this check are in prose_left.txt.
"""

import ast
import re
from pathlib import Path

from extensions import proofs
from tests.chain import chain

LEFT = Path(__file__).with_name("prose_left.txt")
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
# "One" is rarely a count.
VALUE = {word: str(value) for value, word in enumerate(WORDS) if word != "one"}
MARK = re.compile(r"\[[^\]]*\]\(#(test_\w+)\)")


def numbers(text: str) -> set[str]:
    """The numbers of a text, words as digits; those in a link's target are left out."""
    text = re.sub(r"\]\([^)]*\)", "]", text).lower().replace(",000", "000")
    found = set(re.findall(r"(?<![\w.])\d+(?![\w.]*\d)", text))
    return found | {VALUE[word] for word in re.findall(r"[a-z]+", text) if word in VALUE}


def numbers_of_code(source: str) -> set[str]:
    """The numbers of a test's code: its name, literals and identifiers, without its comments."""
    code = ast.unparse(ast.parse(source)).lower()
    return set(re.findall(r"\d+", code)) | {VALUE[word] for word in re.findall(r"[a-z]+", code) if word in VALUE}


def unproven(root: Path) -> list[str]:
    """Each number without a test that contains it, as "page: number: first test"."""
    found = set()
    for page in chain.content_pages(root):
        try:
            tests = {p.name: p.source for p in proofs.proofs_of(root / f"tests/pages/test_{chain.name(page)}.py")}
            codes = {name: numbers_of_code(source) for name, source in tests.items()}
        except SyntaxError:
            continue  # slips.broken_python reports it
        for paragraph in re.split(r"\n\s*\n|\n(?=\s*[|*-] ?)", page.read_text("utf-8")):
            marks = [mark for mark in MARK.findall(paragraph) if mark in codes]
            if marks:
                proven = set().union(*(codes[mark] for mark in marks))
                for number in numbers(paragraph) - proven:
                    found.add(f"{page.relative_to(root)}: {number}: {marks[0]}")
    return sorted(found)
