"""The words that the site avoids (words.toml): in pages, figures, interface strings, hints and test names."""

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from extensions import fences
from tests.chain import chain

HERE = Path(__file__).parent
LISTS = tomllib.loads((HERE / "words.toml").read_text("utf-8"))
WORDS = {
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE): instead
    for words_of_a_kind in LISTS.values()
    for words, instead in words_of_a_kind.items()
}
ANY = re.compile(rf"\b(?:{'|'.join(words for kind in LISTS.values() for words in kind)})\b", re.IGNORECASE)
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]*>|\{[^}]*\}")
# A JavaScript string with a space in it, which a reader may see; one without is a name, an event or an address.
STRING = re.compile(r'"((?:[^"\\\n]|\\.)* (?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)* (?:[^`\\]|\\.)*)`')
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Each file's name with the text that readers see of it: no code, no comments."""
    for page in chain.pages(root):
        text = page.read_text("utf-8")
        hidden = {n for fence in fences.scan(text) for n in range(fence.line, fence.last_line + 1)}
        lines = [line for number, line in enumerate(text.splitlines(), 1) if number not in hidden]
        yield page.relative_to(root).as_posix(), CODE.sub("", "\n".join(lines))
    for figure in sorted((root / "docs/assets/figures").glob("*.svg")):
        yield figure.relative_to(root).as_posix(), re.sub(r"<[^>]*>", " ", figure.read_text("utf-8"))
    for script in sorted([*(root / "live/page").rglob("*.js"), *(root / "live/inspector").rglob("*.js")]):
        code = COMMENT.sub("", script.read_text("utf-8"))
        found = "\n".join(one or other for one, other in STRING.findall(code))
        yield script.relative_to(root).as_posix(), re.sub(r"\$\{[^}]*\}", "", found)
    challenges = root / "tests/challenges"
    declared = tomllib.loads((challenges / "challenges.toml").read_text("utf-8"))
    hints = "\n".join(one.get("hint", "") for one in declared.values())
    yield "tests/challenges/challenges.toml", hints
    for test in sorted([*(root / "tests/pages").glob("test_*.py"), *challenges.glob("*.py")]):
        names = re.findall(r"^def test_(\w+)", test.read_text("utf-8"), re.MULTILINE)
        yield test.relative_to(root).as_posix(), "\n".join(name.replace("_", " ") for name in names)


def exempt(root: Path) -> dict[tuple[str, str], int]:
    """How often each file may still have each word: lines `file: word, count` of words_left.txt."""
    lines = (root / "tests/chain/words_left.txt").read_text("utf-8").splitlines()
    found = (re.fullmatch(r"(\S+): (.+), (\d+)", line) for line in lines if line and not line.startswith("#"))
    return {(match[1], match[2]): int(match[3]) for match in found if match}


@functools.cache
def words_of(text: str) -> tuple[str, ...]:
    """Each of these words in a text, in small letters. Most texts are the same when the check runs once more."""
    return tuple(" ".join(match[0].lower().split()) for match in ANY.finditer(text))


def count(root: Path) -> Counter[tuple[str, str]]:
    """How often each file has each word."""
    return Counter((name, word) for name, text in texts(root) for word in words_of(text))


def instead_of(found: str) -> str:
    """What to write instead of a word that was found."""
    return next(instead for word, instead in WORDS.items() if word.fullmatch(found))


def faults(root: Path) -> list[str]:
    """One line for each word too many, and for each exemption that is no longer needed, so that the list shrinks."""
    found, allowed = count(root), exempt(root)
    lines = []
    for name, word in sorted(found.keys() | allowed.keys()):
        have, may = found[name, word], allowed.get((name, word), 0)
        if have > may:
            lines.append(f"{name}: {word!r} is there {have} times, {may} allowed; write: {instead_of(word)}")
        elif have < may:
            lines.append(f"tests/chain/words_left.txt: {name} has {word!r} {have} times; write {have} instead of {may}")
    return lines
