"""Build the site with Zensical: `make zensical` runs this in an environment of its own.

Zensical reads mkdocs.yml, but runs no hooks. So what extensions/hook.py does for MkDocs is done here after the build,
by the same functions. The search is Zensical's own.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml

from extensions import copies, finish, history, ledger, offline, snippets
from extensions.fences import scan
from extensions.questions import FRONT_MATTER

# What Zensical reads; the extensions find all else by their own place.
INPUTS = ("docs", "snippets", "mkdocs.yml")
STARTS = re.compile(r"(begin on one of these\.</p>\s*<ul>).*?(</ul>)", re.DOTALL)
# It adds to the search box of Material; Zensical's is another one.
OWN_SEARCH = re.compile(r'<script [^>]*src="[^"]*assets/search\.js"[^>]*></script>')
HEAD, FOOT = '<link rel="alternate "', "<li>Code is free to copy"


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml without what only a builder can use."""


def environment(loader: Loader, node: yaml.Node) -> object:
    """!ENV: the variable that is named first, or what is named last."""
    assert isinstance(node, yaml.SequenceNode)
    name, default = loader.construct_sequence(node)
    return os.environ.get(name, default)


Loader.add_constructor("!ENV", environment)
Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda *_: None)


def configuration(path: Path = ledger.CONFIG) -> dict:
    """The configuration that both builders read."""
    return yaml.load(path.read_text("utf-8"), Loader)  # noqa: S506 - a safe loader


def pages(nav: list, section: str = "Start here") -> Iterator[copies.Page]:
    """The pages of a navigation, in order."""
    for item in nav:
        title, value = next(iter(item.items())) if isinstance(item, dict) else ("", item)
        if isinstance(value, list):
            yield from pages(value, title)
            continue
        text = (ledger.DOCS / value).read_text("utf-8")
        front = FRONT_MATTER.match(text)
        name = value.removesuffix(".md").removesuffix("index").rstrip("/")
        yield copies.Page(
            source=value,
            url=f"{name}/" if name else "",
            title=title or ledger.title_of(ledger.DOCS / value),
            description=yaml.safe_load(front[1]).get("description", "") if front else "",
            section=section,
            text=text,
        )


def offer_zips(text: str) -> None:
    """Pack the apps that a page offers as zips. Zensical may have rendered the page in another process."""
    offered = set()
    for include in (fence.include for fence in scan(text) if fence.include):
        path = snippets.ROOT / include["path"]
        folder, _, app = include["path"].partition("/")
        if include["region"] or folder in offered or path.name.startswith("wrong") or not snippets.is_app(path):
            continue
        snippets.ZIPS[snippets.place_of(folder, app)] = snippets.packed(folder, snippets.files_of(path))
        offered.add(folder)


def with_place_and_day(html: str, page: copies.Page, address: str, day: str | None) -> str:
    """A page with its breadcrumbs, and the day of its last change: what MkDocs' templates get from the hook."""
    if page.section != "Start here":
        crumbs = finish.breadcrumbs([page.section, page.title], urljoin(address, page.url))
        html = html.replace(HEAD, f'<script type="application/ld+json">{crumbs}</script>\n{HEAD}', 1)
    return html.replace(FOOT, f"<li>Last changed on {day}</li>\n{FOOT}", 1) if day else html


def with_right_ways(html: str, depth: int) -> str:
    """A page, `depth` folders below the site's root, without links that lead above that root.

    Zensical takes links in raw HTML as if they began at the Markdown file, and adds a step up to each of them.
    """
    up = "../" * depth
    return re.sub(rf'((?:href|src)=")\.\./{re.escape(up)}(?!\.\.)', rf"\g<1>{up}", html)


def with_starts(html: str, nav: list, address: str) -> str:
    """404.html with a link to the first page of each part: Zensical's sections don't tell their pages' addresses."""
    firsts = [next(pages([item])) for item in nav]
    links = [f'<li><a href="{urlsplit(address).path}{page.url}">{escape(page.title)}</a></li>' for page in firsts]
    return STARTS.sub(lambda match: f"{match[1]}{chr(10).join(links)}{match[2]}", html, count=1)


def finish_site(site: Path) -> None:
    """Finish the site that Zensical wrote."""
    config, days = configuration(), history.changed()
    found = list(pages(config["nav"]))
    shutil.rmtree(site / "templates", ignore_errors=True)
    for page in found:
        offer_zips(page.text)
        path = site / page.url / "index.html"
        html = OWN_SEARCH.sub("", with_right_ways(path.read_text("utf-8"), page.url.count("/")))
        html = with_place_and_day(html, page, config["site_url"], history.day_of(page.source, days))
        path.write_text(finish.harden(finish.plainer(html)), "utf-8")
    missing = site / "404.html"
    html = with_starts(OWN_SEARCH.sub("", missing.read_text("utf-8")), config["nav"], config["site_url"])
    missing.write_text(finish.harden(html), "utf-8")
    finish.write(site, config["site_name"], config["site_description"], config["site_url"], found)
    offline.write(site)


def build(site: Path, root: Path = ledger.CONFIG.parent) -> None:
    """Build into a folder, from a copy: Zensical keeps its cache in .cache beside mkdocs.yml, among other things."""
    with tempfile.TemporaryDirectory() as folder:
        for name in INPUTS:
            copy = shutil.copytree if (root / name).is_dir() else shutil.copy
            copy(root / name, Path(folder) / name)
        program = Path(sys.executable).with_name("zensical")
        variables = os.environ | {"PYTHONPATH": str(root)}
        subprocess.run([program, "build", "--strict"], cwd=folder, env=variables, check=True)
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(Path(folder) / "site", site)
    finish_site(site)


if __name__ == "__main__":
    build(Path(sys.argv[1]).resolve())
