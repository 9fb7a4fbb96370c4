"""Facts in a paragraph that a mark proves: each occurs in the code of a test that the paragraph's marks name.

A fact is a number (digits, or a word up to twelve), the name of a header, or a value in quotation marks. If a
transcript follows the paragraph, its steps and statuses count too, because the app gave them. What needs no test is in
prose_left.toml, by the page and the sentence, with a reason:

    python -m tests.chain.prose

writes that list again: without the entries that nothing needs, and with new ones, whose reasons are to be written.
"""

import ast
import functools
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extensions import fences, transcripts
from tests.chain import chain

ROOT = Path(__file__).parents[2]
LEFT = "tests/chain/prose_left.toml"
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
# "One" is rarely a count.
VALUE = {word: str(value) for value, word in enumerate(WORDS) if word != "one"}
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.]*\d)")
# Set-Cookie, X-Forwarded-For: capitals and hyphens make a header's name. Flask-Session and the like are packages.
HEADER = re.compile(r"\b(?!Flask-)(?:[A-Z]+[a-z]*-)+[A-Z][A-Za-z]*\b")
QUOTED = re.compile(r'"([^"\n]+)"')
# What stands for a transcript among the paragraphs.
TRANSCRIPT = "transcript "
LIST_ITEM = re.compile(r"^\s*(?:\d+\.|[-*]) ")
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:\||[*-] |\d+\. ))")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*\|\s*")


@dataclass(frozen=True, order=True)
class Fact:
    """A fact without a test that contains it: the page, what it is, the sentence, and the tests that were looked at."""

    page: str
    fact: str
    sentence: str
    tests: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def entry(self) -> tuple[str, str, str]:
        """What an exemption names. Marks may move and tests may be renamed, so they are no part of it."""
        return self.page, self.fact, self.sentence


def plain(text: str) -> str:
    """A text on one line as a reader sees it: without marks, the targets of links, and the sign of a list's item."""
    text = re.sub(r"\s*\[[^\]]*\]\(#test_\w+\)", "", LIST_ITEM.sub("", text))
    return " ".join(re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text).split())


def numbers(text: str) -> set[str]:
    """The numbers of a text, words as digits."""
    text = re.sub(r"\brfc \d+", "", text.lower().replace(",000", "000"))
    return set(NUMBER.findall(text)) | {VALUE[word] for word in re.findall(r"[a-z]+", text) if word in VALUE}


def facts(sentence: str) -> Iterator[str]:
    """The facts of a sentence."""
    yield from sorted(numbers(sentence))
    yield from sorted(set(HEADER.findall(sentence)))
    # In code, quotation marks belong to the code.
    yield from sorted({f'"{value}"' for value in QUOTED.findall(re.sub(r"`[^`]*`", "", sentence))})


@dataclass(frozen=True)
class Code:
    """What a test's code contains: its text in small letters, and its numbers."""

    text: str
    numbers: frozenset[str]

    def has(self, fact: str) -> bool:
        """Whether a fact is in it."""
        if fact.startswith('"'):
            return " ".join(re.findall(r"\w+", fact.lower())) in " ".join(re.findall(r"[^\W_]+", self.text))
        if fact.isdigit():
            return fact in self.numbers
        return fact.lower() in self.text or fact.lower().replace("-", "_") in self.text


@functools.cache
def codes(text: str) -> dict[str, Code]:
    """The code of each test of a file's text, with the functions, fixtures and constants of the file that it uses.

    Comments and docstrings are no code.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    parts: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            parts[node.name] = node
        elif isinstance(node, ast.Assign):
            parts |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    helpers = {name: named(node, parts) for name, node in parts.items()}
    written = {name: ast.unparse(node).lower() for name, node in parts.items()}
    found = {}
    for name in parts:
        if name.startswith("test_"):
            text = "\n".join(written[one] for one in used(name, helpers))
            words = {VALUE[word] for word in re.findall(r"[a-z]+", text) if word in VALUE}
            found[name] = Code(text, frozenset(set(re.findall(r"\d+", text.replace("_000", "000"))) | words))
    return found


def named(part: ast.stmt, parts: Collection[str]) -> list[str]:
    """The other parts of a file that a part names, tests left out."""
    found = (getattr(node, "id", "") or getattr(node, "arg", "") or "" for node in ast.walk(part))
    return [name for name in found if name in parts and not name.startswith("test_")]


def used(name: str, helpers: dict[str, list[str]]) -> list[str]:
    """A part of a file, and the parts that it uses."""
    seen, left = [name], [name]
    while left:
        for other in helpers[left.pop()]:
            if other not in seen:
                seen.append(other)
                left.append(other)
    return seen


def paragraphs(text: str) -> Iterator[tuple[int, str, str]]:
    """The paragraphs, list items and table rows of a page: the line, the text, the transcript that follows or ""."""
    lines = text.splitlines()
    found = list(fences.scan(text))
    hidden = {n for fence in found for n in range(fence.line, fence.last_line + 1)}
    if lines[:1] == ["---"] and "---" in lines[1:]:
        hidden |= set(range(1, lines.index("---", 1) + 2))
    shown = {f.line: f.include["path"] for f in found if f.include and f.language == "http"}
    lines = ["" if n in hidden else line for n, line in enumerate(lines, 1)]
    for line, path in shown.items():
        lines[line - 1] = f"{TRANSCRIPT}{path}"
    whole, end = "\n".join(lines), 0
    blocks = [block for block in BLOCK.split(whole) if block.strip()]
    for block, following in zip(blocks, [*blocks[1:], ""], strict=True):
        start = whole.index(block, end)
        end = start + len(block)
        first = whole.count("\n", 0, start + len(block) - len(block.lstrip())) + 1
        yield (
            first,
            block,
            following.strip().removeprefix(TRANSCRIPT) if following.strip().startswith(TRANSCRIPT) else "",
        )


def given(path: Path) -> Code:
    """What a transcript says beside headers and bodies: what happens between the requests, and the statuses."""
    try:
        parts = transcripts.parse(path.read_text("utf-8"))
    except ValueError:
        parts = []  # slips.broken_transcripts reports it
    text = "\n".join(part.text if isinstance(part, transcripts.Step) else part.status for part in parts).lower()
    return Code(text, frozenset(re.findall(r"\d+", text)))


def unproven(root: Path, only: str = "") -> set[Fact]:
    """Each fact without a test that contains it; `only` names a page, with _ for -, if others don't matter."""
    found = set()
    for page in chain.content_pages(root):
        if only not in ("", chain.name(page)):
            continue
        test, name = root / f"tests/pages/test_{chain.name(page)}.py", page.relative_to(root).as_posix()
        try:
            tests = codes(test.read_text("utf-8")) if test.is_file() else {}
        except SyntaxError:
            continue  # slips reports it
        for line, paragraph, shown in paragraphs(page.read_text("utf-8")):
            marks = tuple(mark for mark in chain.MARK.findall(paragraph) if mark in tests)
            if not marks:
                continue
            known = [tests[mark] for mark in marks]
            if shown and (root / "snippets" / shown).is_file():
                known.append(given(root / "snippets" / shown))
            for sentence in SENTENCE.split(plain(paragraph)):
                found |= {
                    Fact(name, fact, sentence, marks, line)
                    for fact in facts(sentence)
                    if not any(code.has(fact) for code in known)
                }
    return found


def left(root: Path) -> dict[tuple[str, str, str], str]:
    """The exemptions, with their reasons."""
    entries = tomllib.loads((root / LEFT).read_text("utf-8")).get("left", [])
    return {(entry["page"], entry["fact"], entry["sentence"]): entry["reason"] for entry in entries}


def faults(root: Path, only: str = "") -> list[str]:
    """One line for each fact that is neither in a test nor exempt, and for each exemption that nothing needs."""
    found = unproven(root, only)
    exempt = {key: reason for key, reason in left(root).items() if only in ("", chain.name(Path(key[0])))}
    lines = [
        f"{fact.page}:{fact.line}: {'the number ' if fact.fact.isdigit() else ''}{fact.fact} ({fact.sentence[:60]}…) "
        f"is in none of {', '.join(fact.tests)}; correct the sentence or the test, or exempt it in {LEFT}"
        for fact in found
        if fact.entry not in exempt
    ]
    needed = {fact.entry for fact in found}
    for (page, fact, sentence), reason in exempt.items():
        entry = f"{LEFT}: the entry {fact} of {page} ({sentence[:60]}…)"
        if (page, fact, sentence) not in needed:
            lines.append(f"{entry} is no longer needed; delete it")
        elif not reason.strip():
            lines.append(f"{entry} has no reason; write one")
    return sorted(lines)


def main() -> None:
    """Write the list again: without what is no longer needed, and with an entry for each fact that is not in it."""
    exempt = left(ROOT)
    lines = (ROOT / LEFT).read_text("utf-8").partition("\n\n")[0].splitlines()
    for fact in sorted(unproven(ROOT)):
        page, what, sentence = fact.entry
        values = {"page": page, "fact": what, "sentence": sentence, "reason": exempt.get(fact.entry, "")}
        lines += ["", "[[left]]", *(f"{key} = {literal(value)}" for key, value in values.items())]
    (ROOT / LEFT).write_text("\n".join(lines) + "\n", "utf-8")


def literal(text: str) -> str:
    """A string of TOML."""
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


if __name__ == "__main__":
    main()
