"""Build the site with MkDocs and with Zensical, and compare what both have. `make zensical` runs it; no test does.

It fails if something differs that must be equal, if a link is broken, if a page of MkDocs' build is too heavy, or if an
example or a page's tests don't run in Zensical's build.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from tests.bench import pages as bench
from tests.support import chromium, site

FOLDERS = {name: site.ROOT / f".cache/{name.lower()}-site" for name in ("MkDocs", "Zensical")}
ADDRESS = f"https://site.example{site.PREFIX}/"
LIMIT = 80_000
PAGE = "recipes/count-visits/"
APP = '.example[data-folder="count_visits"][data-app="app.py"]'
# The search's input and its results, which Zensical has in a shadow tree.
SEARCH = {
    "MkDocs": ("input.md-search__input", "a.md-search-result__link"),
    "Zensical": ("input[role=combobox]", "a[role=option]"),
}
# What is counted: an element and a class of it, or an element only.
COUNTED = {
    "examples": "div.example",
    "their files": "script.example-files",
    "tests": "details.page-test",
    "marks of tests": "a.test-mark",
    "transcripts": "ol.exchanges",
    "exchanges": "li.exchange",
    "steps between exchanges": "li.exchange-step",
    "tables of the ledger": "div.ledger",
    "code blocks": "div.highlight",
    "tables": "table.",
    "tabs": "div.tabbed-set",
    "permalinks": "a.headerlink",
    "links to parts of cookies": "a.exchange-inspect",
}


class Page(HTMLParser):
    """What a page has: its links, the ids that links can lead to, and how often what is counted occurs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.found: Counter = Counter()
        self.inside = 0  # of <article>
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        """Count an element."""
        given = dict(attributes)
        classes = {"", *(given.get("class") or "").split()}
        self.inside += tag == "article"
        self.ids.add(given.get("id"))
        for name, wanted in COUNTED.items():
            element, _, kind = wanted.partition(".")
            self.found[name] += tag == element and kind in classes
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
            self.found["links in texts"] += bool(self.inside)
        if tag == "meta":
            self.found["CSP metas"] += given.get("http-equiv") == "Content-Security-Policy"
            self.found["descriptions"] += given.get("name") == "description"

    def handle_endtag(self, tag: str) -> None:
        """Leave a page's text."""
        self.inside -= tag == "article"


def broken(folder: Path, parsed: dict[str, Page]) -> list[str]:
    """The internal links of a built site that lead nowhere; `parsed` are its pages by address."""
    faults = []
    for address, page in parsed.items():
        for link in page.links:
            to = urlsplit(urljoin(ADDRESS + address, link))
            if to.netloc != urlsplit(ADDRESS).netloc:
                continue
            path = unquote(to.path)
            name = path.removeprefix(f"{site.PREFIX}/")
            # #cookie= and the like are for scripts.
            anchor = to.fragment if name in parsed and "=" not in to.fragment else ""
            there = path.startswith(f"{site.PREFIX}/") and (name in parsed or (folder / name).is_file())
            if not there or (anchor and unquote(anchor) not in parsed[name].ids):
                faults.append(f"{address}: {link}")
    return faults


def counts(folder: Path) -> tuple[dict[str, int], list[str]]:
    """What a built site has, by name, and its broken links."""
    files = {path.relative_to(folder).as_posix().removesuffix("index.html"): path for path in folder.rglob("*.html")}
    parsed = {address: Page(path.read_text("utf-8")) for address, path in files.items()}
    total = sum((page.found for page in parsed.values()), Counter())
    found = {"pages, with 404.html and moved ones": len(parsed)}
    found |= {name: total[name] for name in [*COUNTED, "links in texts", "descriptions", "CSP metas"]}
    found["zips"] = len(list(folder.glob("assets/zips/*.zip")))
    found["copies in Markdown"] = len(list(folder.rglob("index.md")))
    faults = broken(folder, parsed)
    return found | {"broken links": len(faults)}, faults


def differences(found: dict[str, dict[str, int]]) -> list[str]:
    """What both builds must have alike and don't, and what they may not have at all."""
    first, second = found.values()
    faults = [f"{name}: {first[name]} and {second[name]}" for name in first if first[name] != second[name]]
    return faults + [
        f"{name} has {one['broken links']} broken links" for name, one in found.items() if one["broken links"]
    ]


def build() -> None:
    """Build the site with both, for the same address."""
    site.build(FOLDERS["MkDocs"], SITE_URL=ADDRESS).check_returncode()
    program = site.ROOT / ".cache/zensical/bin/python"
    variables = os.environ | {"SITE_URL": ADDRESS, "PYTHONPATH": str(site.ROOT)}
    command = [program, "-m", "extensions.zensical", FOLDERS["Zensical"]]
    subprocess.run(command, cwd=site.ROOT, env=variables, check=True, stdout=subprocess.DEVNULL)


def weights() -> dict[str, list[int]]:
    """Gzip bytes of each page before interaction, in both builds."""
    return {
        address: [bench.page_bytes(folder, address)[0] for folder in FOLDERS.values()] for address in site.addresses()
    }


def found_first(page, box: str, results: str, query: str, wanted: list[str]) -> bool:
    """Whether one of the first three pages that the search box shows is a right one."""
    page.locator(box).fill(query)
    page.keyboard.press("End")
    page.wait_for_timeout(800)
    script = "links => links.map(link => new URL(link.href).pathname)"
    paths = dict.fromkeys(page.locator(results).evaluate_all(script))
    shown = [path.removeprefix(f"{site.PREFIX}/") for path in paths][:3]
    return any(address in wanted for address in shown)


def listener(said: list) -> Callable:
    """What keeps the errors of a page's console."""
    return lambda message: said.append(message.text) if message.type == "error" else None


def thrown(said: list) -> Callable:
    """What keeps the exceptions of a page."""
    return lambda error: said.append(str(error))


def in_browser() -> list[str]:
    """Run an example, a page's tests and the searches of the findings under Zensical; print them, return the faults."""
    from playwright.sync_api import Error, expect, sync_playwright

    faults: list[str] = []
    queries = json.loads((site.ROOT / "tests/site/search_queries.json").read_text("utf-8"))["findings"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=[*chromium.ARGUMENTS, "--no-sandbox"]
        )
        for name, folder in FOLDERS.items():
            with site.served(folder) as address:
                page = browser.new_page()
                said: list = []
                page.on("console", listener(said))
                page.on("pageerror", thrown(said))
                page.goto(address + PAGE)
                try:
                    page.locator(f"{APP} .live-run").click()
                    frame = page.frame_locator("iframe[title=Page]").first
                    expect(frame.locator("body")).to_contain_text("Visits: 1", timeout=60_000)
                    print(f"{name}: Run shows Visits: 1")
                    page.get_by_role("button", name=re.compile(r"Run all \d+ tests")).click()
                    expect(page.locator(".test-status")).to_have_text(re.compile(r"^\d+ passed"), timeout=60_000)
                    outcome = page.locator(".test-status").inner_text()
                    print(f"{name}: tests of /{PAGE}: {outcome}")
                    if "failed" in outcome:
                        faults.append(f"{name}: {outcome}")
                except (AssertionError, Error) as error:
                    faults.append(f"{name}: {str(error).strip().splitlines()[0]}")
                faults += [f"{name}: the console shows {text}" for text in said]
                page.goto(address + PAGE)
                page.keyboard.press("/")
                page.wait_for_timeout(1500)
                right = sum(found_first(page, *SEARCH[name], query, wanted) for query, wanted in queries)
                print(
                    f"{name}: the search shows a right page among its first three for {right} of {len(queries)} queries"
                )
                page.close()
        browser.close()
    return faults


def main() -> None:
    """Print the table; exit with 1 and the faults if there are any."""
    build()
    results = {name: counts(folder) for name, folder in FOLDERS.items()}
    found = {name: table for name, (table, _) in results.items()}
    print(f"{'':50}{'MkDocs':>10}{'Zensical':>10}")
    for name in found["MkDocs"]:
        print(f"{name:50}" + "".join(f"{table[name]:>10,}" for table in found.values()))
    heavy = weights()
    print("bytes a page before interaction, gzip")
    for address, pair in heavy.items():
        print(f"/{address:49}" + "".join(f"{one:>10,}" for one in pair))
    faults = differences(found) + [fault for _, links in results.values() for fault in links[:20]]
    faults += [
        f"/{address} has {pair[0]:,} bytes"
        for address, pair in heavy.items()
        if pair[0] > LIMIT and address != "ledger/"
    ]
    faults += in_browser() if chromium.found() else ["no browser: the examples, tests and searches weren't run"]
    sys.exit("\n".join(faults) if faults else 0)


if __name__ == "__main__":
    main()
