"""Addresses that the site ever had still lead somewhere (extensions/redirects.py)."""

import re
from pathlib import Path

import pytest

from extensions import finish, redirects
from tests.site import old
from tests.support import site

LISTED = Path(__file__).with_name("addresses.txt")
MISSING = "new addresses: run `make site && python -m tests.site.old site`, so that they keep working"


def listed() -> list[str]:
    """The addresses of the list."""
    return [line for line in LISTED.read_text("utf-8").splitlines() if not line.startswith("# ")]


@pytest.mark.site
def test_every_address_that_ever_was_leads_somewhere(built_site):
    faults = [fault for entry in listed() if (fault := old.fault(built_site, entry))]
    assert faults == [], "\n".join(faults)


@pytest.mark.site
def test_every_address_of_the_site_is_on_the_list(built_site):
    assert [entry for entry in old.addresses(built_site) if entry not in set(listed())] == [], MISSING


PAGE = (
    '<h2 id="new">New</h2><details class="page-test" id="test_a"></details><div data-app="a.py" data-folder="f"></div>'
)


@pytest.fixture
def small(tmp_path):
    """A small site of one page."""
    (tmp_path / "recipes/new").mkdir(parents=True)
    (tmp_path / "recipes/new/index.html").write_text(PAGE)
    (tmp_path / "404.html").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "entry", ["recipes/new/", "recipes/new/#new", "recipes/new/#test_a", "recipes/new/#edit=f/a.py"]
)
def test_what_is_there_is_found(small, entry):
    assert old.fault(small, entry) is None
    assert entry in old.addresses(small)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("recipes/gone/", "there is no page recipes/gone/"),
        ("recipes/new/#old", "under [anchors]"),
        ("recipes/new/#edit=old/a.py", "under [examples]"),
    ],
)
def test_what_is_gone_without_a_successor_is_a_fault(small, entry, told):
    assert told in (old.fault(small, entry) or "")


TABLE = {
    "pages": {"learn/old/": "recipes/new/", "learn/deep/er/": "recipes/new/#new"},
    "anchors": {"recipes/new/#old": "new", "recipes/new/#test_old": "test_a"},
    "examples": {"old/b.py": "f/a.py", "older/c.py": "f/a.py"},
}


@pytest.mark.parametrize(
    "entry",
    ["learn/old/", "learn/deep/er/", "learn/old/#old", "recipes/new/#test_old", "learn/old/#edit=old/b.py"]
    + ["learn/old/#edit=older/c.py"],
)
def test_a_successor_is_found_by_the_old_address(small, entry):
    redirects.write(small, finish.harden, TABLE)
    assert old.fault(small, entry) is None
    assert entry not in old.addresses(small)


def test_a_moved_page_has_the_policy_of_the_others_and_its_script_is_part_of_it(small):
    redirects.write(small, finish.harden, TABLE)
    text = (small / "learn/old/index.html").read_text("utf-8")
    assert re.search(r"Content-Security-Policy.*script-src 'self' 'wasm-unsafe-eval' 'sha256-", text)


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
def test_a_moved_page_leads_on_below_a_prefix(small, new_context, javascript):
    redirects.write(small, finish.harden, TABLE)
    page = new_context(java_script_enabled=javascript).new_page()
    faults = []
    page.on("console", lambda m: faults.append(m.text) if "Content Security Policy" in m.text else None)
    with site.served(small) as base:
        page.goto(f"{base}learn/old/#old")
        page.wait_for_url(f"{base}recipes/new/{'#old' if javascript else ''}")
        assert page.locator("h2").inner_text() == "New"
    assert faults == []
