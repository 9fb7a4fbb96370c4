"""A page that was loaded before a deploy, and finds another build in the place of its own."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from extensions import assets
from tests.runner.live_panel import Panel
from tests.support import site

pytestmark = pytest.mark.browser
COUNT, LOGIN = "recipes/count-visits/", "learn/signing-in-and-out/"
UPDATED = "The site was updated after you opened this page."
# A change of each kind: what runs in the page, a test, a snippet.
CHANGES = {
    "live/page/updated.js": ("The site was", "This site was"),
    "live/worker/worker.js": ("3000", "3001"),
    "live/worker/hashes.js": ("sha256, sha512 }", "sha256, sha384, sha512 }"),
    "tests/pages/test_count_visits.py": ('"""Tests of', '"""The tests of'),
    "snippets/count_visits/app.py": ("import os", "import os  # changed"),
}


def build(folder: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """The site as another build, from a copy of the project with some changes; the folder it is in."""
    copy = folder / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", ".cache", "node_modules", "site", "__pycache__")
    shutil.copytree(site.ROOT, copy, ignore=ignored)
    (copy / "node_modules").symlink_to(site.ROOT / "node_modules")
    for name, (old, new) in changes.items():
        text = (copy / name).read_text("utf-8")
        assert old in text
        (copy / name).write_text(text.replace(old, new), "utf-8")
    result = site.build(folder / "site", copy, SITE_URL=f"https://site.example{site.PREFIX}/")
    assert result.returncode == 0, result.stdout
    return folder / "site"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """Readers whose browser keeps no pages: test_offline.py has the others."""
    return browser_context_args | {"service_workers": "block"}


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after some changes: every file that a page fetches later has another address."""
    return build(tmp_path_factory.mktemp("newer"), CHANGES)


@pytest.fixture
def host(built_site: Path, newer: Path, tmp_path: Path):
    """The address of the site, and a function that deploys the newer build; the old files are gone then."""
    served = tmp_path / "served"
    served.symlink_to(built_site)

    def deploy() -> None:
        served.unlink()
        served.symlink_to(newer)

    with site.served(served) as address:
        yield address, deploy


def opened(page: Page, address: str) -> Panel:
    """A page that has all its buttons."""
    page.goto(address)
    expect(page.get_by_role("button", name=re.compile("^Replay ")).first).to_be_attached()
    page.wait_for_load_state("networkidle")
    return Panel(page, "count_visits/app.py")


def notice(page: Page):
    """The line about the update."""
    return page.locator(".live-updated")


PRESSES = {
    "Run": lambda page: page.get_by_role("button", name="Run", exact=True).first.click(),
    "a pointer that rests on Run": lambda page: page.get_by_role("button", name="Run", exact=True).first.hover(),
    "Edit": lambda page: page.get_by_role("button", name="Edit", exact=True).first.click(),
    "a pointer that rests on the code": lambda page: page.locator(".example code").first.hover(),
    "all tests": lambda page: page.get_by_role("button", name=re.compile("Run all")).click(),
    "a mark": lambda page: page.locator("a.test-mark").first.click(),
    "Compare": lambda page: page.get_by_role("button", name=re.compile("^Compare")).first.click(),
    "Replay": lambda page: page.get_by_role("button", name=re.compile("^Replay ")).first.click(),
}


@pytest.mark.parametrize("press", PRESSES)
def test_what_is_gone_is_told_in_one_line_with_reload(page, host, press):
    address, deploy = host
    opened(page, address + COUNT)
    deploy()
    PRESSES[press](page)
    expect(notice(page)).to_have_text(re.compile(re.escape(UPDATED)))
    notice(page).get_by_role("button", name="Reload").click()
    expect(notice(page)).to_have_count(0)
    if press == "Run":  # after any other press the page that Reload loads is the same
        Panel(page, "count_visits/app.py").run().shows("Visits: 1")


def test_what_comes_later_is_told_too(page, host):
    address, deploy = host
    panel = opened(page, address + COUNT)
    panel.run().shows("Visits: 1")
    page.locator(".page-tests").scroll_into_view_if_needed()
    expect(page.locator(".test-controls").first).to_be_attached()
    deploy()
    page.get_by_role("button", name=re.compile("Run all")).click()
    expect(notice(page)).to_contain_text(UPDATED)
    expect(page.locator(".test-outcome").first).to_contain_text("The site was updated")


def test_hashing_that_is_gone_is_told_too(page, host):
    address, deploy = host
    panel = opened(page, address + COUNT)
    panel.run().shows("Visits: 1")
    panel.edit("import os", "import hashlib\nimport os")
    deploy()
    panel.run()
    expect(notice(page)).to_contain_text(UPDATED)
    panel.says("The site was updated after you opened this page. Reload the page; your edits are kept.")


def test_a_readers_edits_survive_the_reload_and_nothing_runs_by_it(page, host):
    address, deploy = host
    panel = opened(page, address + COUNT)
    panel.edit("Visits: ", "Seen: ")
    deploy()
    page.get_by_role("button", name="Run", exact=True).first.click()
    notice(page).get_by_role("button", name="Reload").click()
    expect(panel.example.locator(".example-edited")).to_have_text("edited")
    expect(panel.editor()).to_have_value(re.compile("Seen: "))
    page.wait_for_timeout(500)
    expect(page.locator(".live-panel")).to_have_count(0)
    panel.run().shows("Seen: 1")


def test_without_a_connection_nothing_is_said_of_an_update(page, host):
    address, _ = host
    opened(page, address + COUNT)
    page.context.set_offline(True)
    page.get_by_role("button", name="Run", exact=True).first.click()
    expect(page.get_by_role("status").filter(has_text="could not be fetched")).to_be_visible()
    expect(notice(page)).to_have_count(0)


def names(folder: Path) -> set[str]:
    """The files of the runtime and the modules of a site."""
    paths = {path.relative_to(folder).as_posix() for path in (folder / "assets/live").rglob("*")}
    return {path for path in paths if "/search-index-" not in path}  # it is made of the pages' texts


@pytest.mark.long
def test_a_deploy_that_changes_text_leaves_every_module_and_the_runtime_where_they_were(built_site, tmp_path):
    changes = {"docs/recipes/count-visits.md": ("# Count", "A new line.\n\n# Count")}
    assert names(build(tmp_path, changes)) == names(built_site)


def test_a_deploy_that_changes_a_module_gives_all_that_leads_to_it_another_address(built_site, newer):
    before, after = names(built_site), names(newer)
    for name in ("live", "worker", "panel", "tests", "extras"):
        assert {one for one in before if re.search(rf"/{name}-\w+\.js$", one)}.isdisjoint(after)
    kept = re.compile(r"/(python|pyodide|packages|cpython)-")
    assert {one for one in before if kept.search(one)} <= after


def test_each_address_contains_a_hash_of_the_contents(built_site):
    for path in (built_site / "assets/files").rglob("*.*"):
        name = path.relative_to(built_site / "assets/files").as_posix()
        plain = re.sub(r"-[0-9a-f]{8}(?=[^/]*$)", "", name)
        assert assets.hashed(plain, path.read_bytes()) == name
