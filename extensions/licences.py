"""The licences of what the built site ships, as a page, and their full texts as files beside it.

An author puts a line `[licences]` where the table belongs. What is installed is read from the packages' own files, and
what carries no licence from licences/, whose parts.toml says where each text comes from.
"""

import functools
import gzip
import html
import importlib.metadata
import io
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from typing import cast

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from extensions import faults

ROOT = Path(__file__).resolve().parents[1]
# Zensical runs in an environment of its own, which lacks what the site ships.
PACKAGES = [str(path) for path in ROOT.glob(".venv/lib/python*/site-packages")]
FOLDER = ROOT / "licences"
TABLE = FOLDER / "parts.toml"
RUNTIME = ROOT / "live/runtime"
THEME = "mkdocs-material"
ADDRESS = "licences/"  # below the site's root: the page's, and its texts'
KEYS = {"name", "version", "licence", "source", "texts", "from"}
DIST_INFO = re.compile(r"(?:^|/)([^/]+)-[^/-]+\.dist-info/")
TEXT = re.compile(r"(?:LICEN[CS]E|COPYING|NOTICE)", re.IGNORECASE)
SOURCE = re.compile(r"(source|repository|homepage)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Something that the site ships: name, version, licence's name, address of its source, the licence's full text."""

    name: str
    version: str
    licence: str
    source: str
    text: str

    @property
    def file(self) -> str:
        """The name of the file with its text."""
        return re.sub(r"\W+", "-", self.name.lower()).strip("-") + ".txt"


def table(path: Path = TABLE) -> dict:
    """What parts.toml says. ValueError for a part without one of its keys."""
    found = tomllib.loads(path.read_text("utf-8"))
    for part in found["part"]:
        if missing := KEYS - part.keys():
            raise ValueError(f"{path.name}: {part.get('name', 'a part')} needs {', '.join(sorted(missing))}")
    return found


def kept() -> Iterator[Part]:
    """The parts whose texts are in the repository."""
    for part in table()["part"]:
        text = "\n\n".join((FOLDER / name).read_text("utf-8").strip("\n") for name in part["texts"])
        yield Part(part["name"], part["version"], part["licence"], part["source"], f"{text}\n")


def packed(path: Path) -> set[str]:
    """The names of the Python packages in a zip of live/runtime."""
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(path.read_bytes()))) as archive:
        return {match[1] for name in archive.namelist() if (match := DIST_INFO.search(name))}


def installed(name: str, within: str = ".dist-info") -> Part:
    """A Python package by what its metadata says; its texts are the files of licences whose path contains `within`."""
    package = next(iter(importlib.metadata.distributions(name=name, path=[*sys.path, *PACKAGES])), None)
    if not package:
        raise ValueError(f"{name} isn't installed, so its licence can't be read: run make")
    metadata = cast(Message, package.metadata)  # its type lacks get
    stated = metadata.get("License-Expression") or metadata.get("License") or ""
    if not stated or "\n" in stated:  # none, or a whole text
        stated = next(line for line in metadata.get_all("Classifier", []) if line.startswith("License"))
    links = [link.split(", ", 1) for link in metadata.get_all("Project-URL", [])]
    found = {label.partition(" ")[0].lower(): address for label, address in links if SOURCE.match(label)}
    source = found.get("source") or found.get("repository") or found.get("homepage") or metadata["Home-page"]
    files = [path for path in package.files or [] if within in str(path) and TEXT.match(path.name)]
    if not files:
        raise ValueError(f"{name} has no file with its licence: add it to licences/parts.toml")
    text = "\n\n".join(path.read_text("utf-8").strip("\n") for path in sorted(files))
    return Part(metadata["Name"], package.version, stated.rpartition(" :: ")[2], source, f"{text}\n")


def in_all_versions(part: Part) -> Part:
    """Flask and Werkzeug with the older versions that a page offers, too: each has the same licence."""
    flasks = json.loads((RUNTIME / "manifest.json").read_text("utf-8"))["flasks"]
    versions = {"Flask": list(flasks), "Werkzeug": list(dict.fromkeys(one["werkzeug"] for one in flasks.values()))}
    return replace(part, version=", ".join(versions.get(part.name, [part.version])))


def bundled(name: str) -> Part:
    """An npm package."""
    folder = ROOT / "node_modules" / name
    about = json.loads((folder / "package.json").read_text("utf-8"))
    source = re.sub(r"^git\+|\.git$", "", about["repository"]["url"])
    [file] = [path for path in folder.iterdir() if TEXT.match(path.name)]
    return Part(name, about["version"], about["license"], source, file.read_text("utf-8"))


@functools.cache
def parts() -> list[Part]:
    """All that the site ships beside its own, by name."""
    names = {name for path in RUNTIME.glob("*.zip.gz") for name in packed(path)}
    found = [in_all_versions(installed(name)) for name in sorted(names)]
    theme = installed(THEME)
    icons = installed(THEME, ".icons/material/")
    version = f"as in {theme.name} {theme.version}"
    source = "https://github.com/Templarian/MaterialDesign"
    found += [theme, Part("Material Design Icons", version, "Apache-2.0", source, icons.text)]
    found += [bundled(name) for name in table()["npm"]]
    return sorted([*found, *kept()], key=lambda part: part.name.lower())


def rows(root: str) -> list[str]:
    """The table as HTML, with the way to the root: the texts are files that the builder doesn't know as pages."""
    lines = [
        "<table>",
        "<thead><tr><th>Name</th><th>Version</th><th>Licence</th><th>Source</th></tr></thead>",
        "<tbody>",
    ]
    for part in parts():
        name, version, licence, source = (
            html.escape(value) for value in (part.name, part.version, part.licence, part.source)
        )
        lines.append(
            f'<tr><td><a href="{root}{ADDRESS}{part.file}">{name}</a></td><td>{version}</td><td>{licence}</td>'
            f'<td><a href="{source}">{source.removeprefix("https://")}</a></td></tr>'
        )
    return [*lines, "</tbody>", "</table>"]


def listed() -> list[str]:
    """The table as Markdown, for the page's copy."""
    lines = ["| Name | Version | Licence | Source |", "|---|---|---|---|"]
    for part in parts():
        lines.append(f"| [{part.name}]({ADDRESS}{part.file}) | {part.version} | {part.licence} | {part.source} |")
    return lines


def write(site: Path) -> None:
    """Put the texts into a finished site."""
    folder = site / ADDRESS
    folder.mkdir(exist_ok=True)
    for part in parts():
        (folder / part.file).write_text(part.text, "utf-8")


class Licences(Preprocessor):
    """Fills in the line."""

    def run(self, lines: list[str]) -> list[str]:
        root = faults.root_from(faults.page_of(self.md))
        return [
            new
            for line in lines
            for new in ([self.md.htmlStash.store("\n".join(rows(root)))] if line.strip() == "[licences]" else [line])
        ]


class LicencesExtension(Extension):
    """Registers the preprocessor between fenced code (25) and raw HTML (20)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Licences(md), "licences", 23)


def makeExtension(**options: object) -> LicencesExtension:
    """Python-Markdown's entry point."""
    return LicencesExtension(**options)
