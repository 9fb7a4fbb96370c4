"""The licences: the page has each package that the built site contains, with its text."""

import html
import json
import re
import zipfile
from pathlib import Path

import pytest

from extensions import licences
from tests.support import site

# Linked by a compiler's option: -lbz2, libexpat.a, -sUSE_ZLIB (which Emscripten calls z).
LINKED = re.compile(r"-l(\w+)|lib(\w+)\.a\b|-sUSE_(\w+)")
OF_MAP = re.compile(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/]+)/")


def stdlib() -> zipfile.ZipFile:
    """Pyodide's standard library, as npm has it."""
    return zipfile.ZipFile(site.ROOT / "node_modules/pyodide/python_stdlib.zip")


def linked() -> set[str]:
    """The libraries with which Python in the page was linked, by what its own configuration says."""
    with stdlib() as archive:
        [name] = [name for name in archive.namelist() if "_sysconfigdata" in name]
        text = archive.read(name).decode()
    found = set()
    for key in ("MODLIBS", "LIBS"):
        options = re.search(rf"'{key}':((?:\s*'[^']*')+)", text)[1]
        found |= {next(filter(None, match)).lower() for match in LINKED.findall(options)}
        if "libffi" in options:
            found.add("ffi")
    return {"z" if name == "zlib" else name for name in found}


def of_theme(theme: Path) -> set[str]:
    """The npm packages that are part of the theme's script and style sheets, by its source maps."""
    maps = [json.loads(path.read_text("utf-8")) for path in theme.rglob("*.map")]
    return {match[1] for one in maps for source in one["sources"] if (match := OF_MAP.search(source))}


def shipped(folder: Path) -> set[str]:
    """The packages of a built site, by what its build says: the zips, esbuild's inputs, the theme's source maps."""
    runtime = folder / "assets/live"
    names = set()
    for path in runtime.glob("*.zip.gz"):
        names |= licences.packed(path)
    names |= set(json.loads((runtime / "packages.json").read_text("utf-8")))
    return names | of_theme(folder / "assets")


def named(folder: Path) -> dict[str, str]:
    """Each name on the page of licences of a built site, in small letters, with its file."""
    page = (folder / "licences/index.html").read_text("utf-8")
    found = re.findall(r'<tr><td><a href="([^"]+\.txt)">([^<]+)</a></td>', page)
    return {html.unescape(name).lower(): file for file, name in found}


def missing(folder: Path) -> set[str]:
    """The packages of a built site whose licence it lacks."""
    page = {name.replace("_", "-") for name in named(folder)}
    return {name for name in shipped(folder) if name.lower().replace("_", "-") not in page}


def test_each_part_names_a_version_a_source_and_a_text():
    for part in licences.kept():
        assert part.source.startswith("https://")
        assert len(part.text) > 150, part.name
    used = {name for part in licences.table()["part"] for name in part["texts"]}
    assert {path.name for path in licences.FOLDER.glob("*.txt")} == used


def test_a_part_without_its_source_is_named(tmp_path):
    table = tmp_path / "parts.toml"
    table.write_text('[[part]]\nname = "zlib"\nversion = "1"\nlicence = "Zlib"\ntexts = []\nfrom = ""\n')
    with pytest.raises(ValueError, match="zlib needs source"):
        licences.table(table)


def test_files_of_texts_have_names_of_their_own():
    files = [part.file for part in licences.parts()]
    assert len(set(files)) == len(files)


def test_the_parts_were_looked_up_for_the_versions_that_the_page_runs():
    table = licences.table()
    manifest = json.loads((licences.RUNTIME / "manifest.json").read_text("utf-8"))
    emscripten = manifest["lock"]["info"]["platform"].removeprefix("emscripten_").replace("_", ".")
    assert (table["pyodide"], table["python"], table["emscripten"]) == (
        manifest["pyodide"],
        manifest["python"],
        emscripten,
    )


def test_each_library_that_is_linked_into_python_has_a_part():
    parts = {name for part in licences.table()["part"] for name in part.get("linked", [])}
    assert linked() == parts


@pytest.mark.site
def test_the_page_has_each_package_that_the_built_site_contains(built_site):
    found = shipped(built_site)
    assert {"flask", "flask_wtf", "pytest", "@noble/hashes", "minisearch", "rxjs"} <= found
    assert missing(built_site) == set()


@pytest.mark.site
def test_each_name_leads_to_the_full_text(built_site):
    texts = {part.file: part.text for part in licences.parts()}
    assert {address.removeprefix("../licences/") for address in named(built_site).values()} == set(texts)
    for file, text in texts.items():
        assert (built_site / "licences" / file).read_text("utf-8") == text


@pytest.mark.site
def test_each_page_links_the_licences_and_the_search_lacks_them(built_site):
    for address in site.addresses():
        page = (built_site / address / "index.html").read_text("utf-8")
        assert re.search(r'ships is under <a href="(?:\.\./)*(?:licences/|\./)?">these licences</a>', page), address
    [index] = (built_site / "assets/live").glob("search-index-*.json")
    assert "licences/" not in {page["url"] for page in json.loads(index.read_text("utf-8"))["pages"]}


@pytest.mark.site
def test_a_package_without_its_licence_is_found(built_site, tmp_path):
    (tmp_path / "licences").mkdir()
    (tmp_path / "assets").symlink_to(built_site / "assets")
    page = (built_site / "licences/index.html").read_text("utf-8")
    for name in ("MarkupSafe", "minisearch", "clipboard"):
        (tmp_path / "licences/index.html").write_text(re.sub(rf'<tr><td><a href="[^"]+">{name}<.*\n', "", page))
        assert {one.lower() for one in missing(tmp_path)} == {name.lower()}
