"""The pages of examples for frames of other sites (extensions/embeds.py)."""

import json
import re

import pytest

from extensions import embeds, finish, redirects, snippets
from tests.bench import pages as bench
from tests.site import old as old_addresses
from tests.support import site

pytestmark = pytest.mark.site

EXAMPLE = re.compile(r'<div class="example[^"]*" data-app="([^"]+)"([^>]*?) data-folder="([^"]+)"([^>]*)>')


@pytest.fixture(scope="module")
def embedded(built_site):
    """The addresses of these pages, with their HTML."""
    return {
        f"{path.parent.relative_to(built_site).as_posix()}/": path.read_text("utf-8")
        for path in sorted((built_site / embeds.FOLDER).rglob("index.html"))
        if "This page has moved" not in path.read_text("utf-8")
    }


def test_each_example_that_runs_in_a_page_has_one_and_no_other_has(built_site, embedded):
    wanted, local = set(), set()
    for address in site.addresses():
        for app, before, folder, after in EXAMPLE.findall((built_site / address / "index.html").read_text("utf-8")):
            (local if "data-local" in before + after else wanted).add(f"embed/{folder}/{snippets.module_of(app)}/")
    assert set(embedded) == wanted
    assert len(wanted) > 60
    assert local


def test_each_has_the_example_s_files_its_badge_and_a_link_to_its_page(built_site, embedded):
    for address, text in embedded.items():
        [(app, _, folder, _)] = EXAMPLE.findall(text)
        files = json.loads(re.search(r'class="example-files"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
        assert files == snippets.files_of(snippets.ROOT / folder / app), address
        assert ("Wrong: do not copy" in text) == app.startswith("wrong"), address
        page = re.search(r'class="embed-page" href="\.\./\.\./\.\./([^"]*)" target="_blank" rel="noopener">', text)[1]
        assert f'data-folder="{folder}"' in (built_site / page / "index.html").read_text("utf-8"), address
        assert f'<link rel="canonical" href="https://site.example{site.PREFIX}/{page}">' in text
    assert 'href="../../../recipes/count-visits/"' in embedded["embed/count_visits/app/"]  # Home shows it, too


def test_the_address_of_an_example_s_old_name_leads_to_it(built_site, embedded):
    old, new = next(iter(redirects.read()["examples"].items()))
    assert embeds.address_of(old) not in embedded
    assert old_addresses.fault(built_site, f"{embeds.address_of(old)}#edit={old}") is None
    assert (
        f'href="../../../{embeds.address_of(new)}"' in (built_site / embeds.address_of(old) / "index.html").read_text()
    )


def test_none_is_in_a_search_a_sitemap_or_the_copies_in_markdown(built_site, embedded):
    assert all('<meta name="robots" content="noindex">' in text for text in embedded.values())
    lists = ["sitemap.xml", "llms.txt", *(built_site / "assets/live").glob("search-index-*.json")]
    assert [name for name in lists if "/embed/" in (built_site / name).read_text("utf-8")] == []
    assert list((built_site / "embed").rglob("*.md")) == []


def test_each_has_the_policy_of_every_page_and_all_that_it_loads_is_there(built_site, embedded):
    for address, text in embedded.items():
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
        scripts = re.search(r"script-src ([^;]+);", policy)[1]
        assert re.fullmatch(r"'self' 'wasm-unsafe-eval'(?: 'sha256-[^']+'){2}", scripts)
        assert re.sub(r" 'sha256-[^']+'", "", policy) == finish.POLICY.format(scripts="")
        loaded = re.findall(
            r'<(?:script|link rel="(?:stylesheet|icon|modulepreload)")[^>]* (?:src|href)="([^"]+)"', text
        )
        assert len(loaded) >= 5
        assert [name for name in loaded if not (built_site / address / name).is_file()] == []


def test_each_weighs_at_most_25_000_bytes_before_interaction(built_site, embedded):
    weights = {address: bench.page_bytes(built_site, address)[0] for address in embedded}
    assert {address: weight for address, weight in weights.items() if weight > 25_000} == {}
