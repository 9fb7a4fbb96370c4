"""The ledger lists every claim of the site and runs their tests; each foot tells what the build was proven on."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from extensions import ledger, page_tests, proven
from tests.chain import chain
from tests.site.test_site import page_html, text_of
from tests.site.test_site_browser import STATES, assert_accessible, assert_accessible_in
from tests.support import modules, site

ADDRESS = "ledger/"
LINK = re.compile(r'<tr data-needs="([^"]*)"><td><a href="\.\./([^"#]+)#(\w+)">')
LONG = 300_000  # milliseconds; several hundred tests run


@pytest.mark.site
def test_every_test_of_every_page_is_listed_once_and_leads_to_its_test(built_site):
    listed = LINK.findall(page_html(built_site, ADDRESS))
    expected = [
        (", ".join(one.needs), f"{page.relative_to(site.ROOT / 'docs').with_suffix('')}/", one.name)
        for page in chain.pages(site.ROOT)
        if page.parent != site.ROOT / "docs"
        for one in page_tests.tests_of(page_tests.test_file(page.name))
    ]
    assert sorted(listed) == sorted(expected)
    for _, address, name in listed:
        assert f'id="{name}"' in page_html(built_site, address), f"{address}#{name}"


@pytest.mark.site
@pytest.mark.parametrize("address", site.addresses())
def test_the_foot_of_a_page_tells_the_versions_that_the_tests_run_on(built_site, address):
    foot = text_of(page_html(built_site, address).partition('<footer class="page-foot">')[2])
    record = proven.record()
    assert re.search(r"\sTested on ", foot)
    for name in ("packages", "python", "page", "browser"):
        assert record[name] in foot


@pytest.mark.source
def test_a_change_after_the_run_is_told(tmp_path):
    path = tmp_path / "proven.json"
    assert proven.read(path) is None
    path.write_text(json.dumps({"digest": proven.digest()}), "utf-8")
    assert not proven.read(path)["changed"]
    path.write_text(json.dumps({"digest": "of other files"}), "utf-8")
    assert proven.read(path)["changed"]


@pytest.fixture(scope="module")
def browser(browser_type, browser_type_launch_args):
    """A browser that compiles what runs often a second time, as a reader's: a thousand tests take a third less so."""
    from tests.support import chromium

    launched = browser_type.launch(**browser_type_launch_args | {"executable_path": chromium.shell()})
    yield launched
    launched.close()


def status(page: Page):
    """The line that tells how the tests went."""
    return page.locator(".test-status")


@pytest.mark.browser
@pytest.mark.long
def test_all_tests_of_the_site_pass_on_the_ledger(page, site_url):
    page.goto(site_url + ADDRESS)
    number = sum(not one.needs for _, tests in ledger.tested_pages() for one in tests)
    page.get_by_role("button", name=f"Run all {number} tests").click()
    expect(status(page)).to_have_text(re.compile(r"^\d+ passed(, \d+ failed)?$"), timeout=LONG)
    failed = page.locator("tr", has=page.locator(".failed")).all_inner_texts()
    assert failed == []
    expect(status(page)).to_have_text(f"{number} passed")


@pytest.mark.browser
@pytest.mark.long
def test_a_failing_test_is_shown_in_its_row_and_the_next_ones_go_on(page, site_url):
    def answer(route) -> None:
        files = route.fetch().json()
        text = files["tests/pages/test_count_visits.py"]
        text = text.replace('assert client.get("/").text == "Visits: 1"', "while True: pass", 1)
        route.fulfill(json=files | {"tests/pages/test_count_visits.py": text})

    page.route("**/test_count_visits-*.json", answer)
    page.goto(site_url + ADDRESS)
    # The other pages' tests are run by the test above.
    page.evaluate("document.querySelectorAll('.ledger:not([data-test*=count_visits])').forEach(page => page.remove())")
    page.get_by_role("button", name=re.compile("Run all")).click()
    number = sum(not one.needs for one in page_tests.tests_of(page_tests.test_file("count-visits.md")))
    expect(status(page)).to_have_text(f"{number - 1} passed, 1 failed", timeout=LONG)
    row = page.get_by_role("row", name="Each visit adds one")
    expect(row).to_contain_text("didn't respond within")
    assert_accessible(page)


@pytest.mark.browser
def test_a_run_can_be_stopped(page, site_url):
    page.goto(site_url + ADDRESS)
    button = page.locator(".tests-bar button")
    name = button.inner_text()
    button.click()
    expect(page.locator(".test-outcome.passed").first).to_be_visible(timeout=LONG)
    button.click()
    expect(status(page)).to_have_text(re.compile(r"^\d+ passed, then stopped$"), timeout=LONG)
    expect(button).to_have_text(name)


@pytest.mark.browser
def test_the_python_in_the_page_is_the_one_that_the_foot_names(page, site_url):
    page.goto(site_url + "recipes/count-visits/")
    app = "import platform\nfrom flask import Flask\napp = Flask(__name__)\n"
    app += "@app.get('/')\ndef index(): return platform.python_version()\n"
    told = page.evaluate(
        """async ([module, app]) => {
            const { call } = await import(module);
            const message = { example: "version", time: { offset: 0 } };
            await call({ ...message, call: "load", app: "app.py", files: { "app.py": app }, env: {} });
            return (await call({ ...message, call: "visit", method: "GET", path: "/" })).exchanges[0].text;
        }""",
        [modules.address(page), app],
    )
    assert proven.record()["page"].split()[0] == told


@pytest.mark.browser
def test_axe_finds_nothing_on_the_ledger(page, site_url):
    page.goto(site_url + ADDRESS)
    assert_accessible_in(page, *STATES)
