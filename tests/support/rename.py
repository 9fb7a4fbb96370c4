"""Rename a page: its files, what links to it or names it, and a redirect from its old address.

python -m tests.support.rename old-name new-name
python -m tests.support.rename old-name understand/new-name
"""

import posixpath
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from extensions import snippets
from tests.chain import chain

ROOT = Path(__file__).parents[2]
REDIRECTS, ADDRESSES = "extensions/redirects.toml", "tests/site/addresses.txt"
# The pages with a heading for each page, whose anchor is the page's name.
LISTS = ("ledger/#", "questions/#")
# What is built or installed, by its folder.
LEFT_OUT = (".git/", ".venv/", ".cache/", "node_modules/", "site/", "live/runtime/")
TEXTS = {".css", ".html", ".js", ".json", ".md", ".mjs", ".py", ".svg", ".toml", ".txt", ".yaml", ".yml", ""}
LINK = re.compile(r"(?<=\]\()(?P<path>[^)\s#:]+\.(?:md|svg|png|webp))(?=[#)])")


class Fault(Exception):
    """Why a page can't be renamed, in one line."""


@dataclass(frozen=True)
class Name:
    """A page's name: its section, and its file's name without .md."""

    section: str
    stem: str

    @property
    def source(self) -> str:
        """Its file below docs/, without .md."""
        return f"{self.section}/{self.stem}"

    @property
    def folder(self) -> str:
        """The name of its snippet folder."""
        return self.stem.replace("-", "_")

    @property
    def files(self) -> list[str]:
        """Its files and its folders, which a page may lack."""
        return [
            f"docs/{self.source}.md",
            f"snippets/{self.folder}",
            f"tests/pages/test_{self.folder}.py",
            f"tests/lies/{self.folder}.toml",
            f"tests/transcripts/{self.folder}",
            f"tests/challenges/{self.folder}.py",
        ]


def names(old: str, new: str, root: Path) -> tuple[Name, Name]:
    """The old and the new name, which have to be good ones."""
    old = old.removesuffix(".md").removeprefix("docs/").strip("/")
    new = new.removesuffix(".md").removeprefix("docs/").strip("/")
    sources = [page.relative_to(root / "docs").with_suffix("").as_posix() for page in chain.content_pages(root)]
    found = [source for source in sources if old in (source, source.partition("/")[2])]
    if not found:
        raise Fault(f"there is no page {old}; name its file below docs/ without .md")
    section, _, stem = found[0].partition("/")
    target, _, wanted = new.rpartition("/")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", wanted):
        raise Fault(f"{wanted!r} can't be a page's name; use small letters, digits, and hyphens between words")
    if target and target not in chain.CONTENT:
        raise Fault(f"there is no section {target}; the sections are {', '.join(chain.CONTENT)}")
    was, will = Name(section, stem), Name(target or section, wanted)
    taken = {source.partition("/")[2] for source in sources} - {was.stem}
    if was == will or will.stem in taken:
        raise Fault(f"there is a page {will.stem} already; choose another name")
    return was, will


def mentions(old: Name, new: Name, root: Path) -> list[tuple[re.Pattern[str], str]]:
    """What stands for the page in a text, and what replaces it. A bare word such as `versions` stays as it is."""
    files = [path.name for path in (root / f"snippets/{old.folder}").rglob("*") if path.is_file()]
    inside = "|".join(sorted({re.escape(name) for name in files} | {r"(?:app|wrong|fixed)\b", r"\{"}, key=len))
    return [
        (re.compile(rf"(?<![\w-]){old.source}(?![\w-])"), new.source),
        (re.compile(rf"(?<![\w-]){old.stem}\.md\b"), f"{new.stem}.md"),
        (re.compile(rf"(?<!\w)test_{old.folder}\.py\b"), f"test_{new.folder}.py"),
        (re.compile(rf"(?<!\w){old.folder}\.toml\b"), f"{new.folder}.toml"),
        (re.compile(rf"\bsnippets/{old.folder}(?![\w-])"), f"snippets/{new.folder}"),
        (re.compile(rf"\bembed/{old.folder}(?![\w-])"), f"embed/{new.folder}"),
        (re.compile(rf"(?<![\w/-]){old.folder}(?=/(?:[\w.-]+/)*(?:{inside})|-(?:app|wrong|fixed))"), new.folder),
    ]


def quoted(old: Name, new: Name) -> list[tuple[re.Pattern[str], str]]:
    """The page's name as a whole string of a test, where no page's own words are strings."""
    return [
        (re.compile(rf"(?<=[\"'`]){re.escape(before)}(?=[\"'`])"), after)
        for before, after in ((old.stem, new.stem), (old.folder, new.folder))
    ]


def texts(root: Path) -> list[Path]:
    """All files of the project that may name a page."""
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(LEFT_OUT) and path.suffix in TEXTS and path.is_file() and not path.is_symlink():
            found.append(path)
    return found


def linked(text: str, here: str, old: Name, new: Name) -> str:
    """A page's text with its links as they have to be; `here` is its old file below docs/, without .md."""
    moved = new.source if here == old.source else here

    def target(match: re.Match) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), match["path"]))
        path = f"{new.source}.md" if path == f"{old.source}.md" else path
        if path.startswith("..") or (here == moved and path != f"{new.source}.md"):
            return match["path"]
        return posixpath.relpath(path, posixpath.dirname(moved) or ".")

    return LINK.sub(target, text)


def redirected(text: str, old: Name, new: Name, apps: list[str], entries: Collection[str] = ()) -> str:
    """The table of redirects, with the page's old address, its headings in the lists, and its examples' old names.

    `entries` are the addresses of the list.
    """
    table = tomllib.loads(text)
    before, after = f"{old.source}/", f"{new.source}/"

    def value(of: str) -> str:
        return after + of.removeprefix(before) if of.startswith(before) else of

    pages = {key: value(to) for key, to in table["pages"].items() if key != after} | {before: after}
    anchors = {value(key): to for key, to in table["anchors"].items()}
    for heading in LISTS:
        anchors = {key: new.stem if key.startswith(heading) and to == old.stem else to for key, to in anchors.items()}
        if heading + old.stem in entries:
            anchors[heading + old.stem] = new.stem
    anchors = {key: to for key, to in anchors.items() if key.partition("#")[2] != to}
    start, end = f"{old.folder}/", f"{new.folder}/"
    examples = {
        key: end + to.removeprefix(start) if to.startswith(start) else to for key, to in table["examples"].items()
    }
    if start != end:
        examples |= {start + app: end + app for app in apps}
    examples = {key: to for key, to in examples.items() if key != to}
    lines = []
    for line in text.splitlines():
        if not line.startswith('"'):
            lines.append(line)
        if header := re.match(r"\[(\w+)\]", line):
            part = {"pages": pages, "anchors": anchors, "examples": examples}[header[1]]
            lines += [f'"{key}" = "{to}"' for key, to in sorted(part.items())]
    return "\n".join(lines) + "\n"


def listed(text: str, old: Name, new: Name) -> str:
    """The list of all addresses that ever were, with the new ones."""
    lines = text.splitlines()
    edit = f"#edit={old.folder}/"
    parts = {f"{old.source}/": f"{new.source}/", f"embed/{old.folder}/": f"embed/{new.folder}/"}
    more = [line.replace(was, will, 1) for was, will in parts.items() for line in lines if line.startswith(was)]
    more = [line.replace(edit, f"#edit={new.folder}/") for line in more]
    more += [heading + new.stem for heading in LISTS if heading + old.stem in lines]
    return "\n".join(sorted({*lines, *more})) + "\n"


def rename(old: Name, new: Name, root: Path) -> int:
    """Rename the page in a project; the number of files that were moved or changed."""
    folder = root / f"snippets/{old.folder}"
    found = sorted(folder.rglob("*.py"))
    apps = [path.relative_to(folder).as_posix() for path in found if snippets.is_app(path)]
    patterns, strings = mentions(old, new, root), quoted(old, new)
    addresses = (root / ADDRESSES).read_text("utf-8").splitlines()
    changed = set()
    for path in texts(root):
        name = path.relative_to(root).as_posix()
        text = before = path.read_text("utf-8")
        if name == REDIRECTS:
            text = redirected(text, old, new, apps, addresses)
        elif name == ADDRESSES:
            text = listed(text, old, new)
        else:
            if name.startswith("docs/") and name.endswith(".md"):
                text = linked(text, name.removeprefix("docs/").removesuffix(".md"), old, new)
            more = strings if name.startswith("tests/") and not name.startswith("tests/pages/") else []
            for pattern, to in [*patterns, *more]:
                text = pattern.sub(to, text)
        if text != before:
            path.write_text(text, "utf-8", newline="\n")
            changed.add(name)
    for before, after in zip(old.files, new.files, strict=True):
        if before != after and (root / before).exists():
            (root / after).parent.mkdir(parents=True, exist_ok=True)
            (root / before).rename(root / after)
            changed.add(after)
    return len(changed)


def main() -> None:
    """Rename, and say what is left to do."""
    if len(sys.argv) != 3:
        sys.exit("name the page and its new name: python -m tests.support.rename old-name new-name")
    start = time.perf_counter()
    try:
        old, new = names(sys.argv[1], sys.argv[2], ROOT)
    except Fault as fault:
        sys.exit(str(fault))
    count = rename(old, new, ROOT)
    python = [sys.executable, "-m", "ruff"]
    for command in ([*python, "check", "--fix", "--quiet"], [*python, "format", "--quiet"]):
        subprocess.run(command, cwd=ROOT, check=False)
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{old.source} is now {new.source}: {count} files in {seconds:.1f} seconds.\n")
    if old.section != new.section:
        sys.stdout.write(f"Move its line in mkdocs.yml to the section {new.section}.\n")
    sys.stdout.write("Its title is the same. Change it on the page if it doesn't fit any more.\n")


if __name__ == "__main__":
    main()
