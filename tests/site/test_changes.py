"""What changed: each correction names a page of the site; the page and the feed contain them all."""

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from extensions import changes, ledger

ATOM = "{http://www.w3.org/2005/Atom}"


def test_each_correction_names_a_page_and_says_something_else_than_before():
    found = changes.read()
    assert found
    for change in found:
        assert (ledger.DOCS / change.page).is_file(), change.page
        assert change.before != change.after
        assert change.date <= date.today()


def test_an_entry_without_a_reason_is_named(tmp_path):
    table = tmp_path / "changes.toml"
    table.write_text('[[change]]\ndate = 2026-11-27\npage = "index.md"\nbefore = "a"\nafter = "b"\n')
    with pytest.raises(ValueError, match="change 1 needs after, before, date, page, why"):
        changes.read(table)


def test_the_newest_come_first(tmp_path):
    table = tmp_path / "changes.toml"
    entry = '[[change]]\ndate = 2026-11-{day}\npage = "index.md"\nbefore = "a"\nafter = "b"\nwhy = "c"\n'
    table.write_text(entry.replace("{day}", "03") + entry.replace("{day}", "21"))
    assert [change.date.day for change in changes.read(table)] == [21, 3]


@pytest.mark.site
def test_the_page_and_the_feed_contain_each_correction(built_site):
    page = re.sub(r"<[^>]+>", "", (built_site / "what-changed/index.html").read_text("utf-8"))
    feed = ET.parse(built_site / changes.FEED).getroot()  # noqa: S314 - the build has just written it
    entries = feed.findall(f"{ATOM}entry")
    found = changes.read()
    assert len(entries) == len(found) == page.count("Before: ")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(found)
    for entry, change in zip(entries, found, strict=True):
        address = entry.find(f"{ATOM}link").get("href")
        assert address.endswith(f"/{change.page.removesuffix('.md')}/")
        assert (built_site / change.page.removesuffix(".md") / "index.html").is_file()
        assert change.why in (entry.findtext(f"{ATOM}content") or "")
