"""The panel of *Versions* runs its app on older versions of Flask: as those do in environments of their own."""

import json

import pytest
from playwright.sync_api import expect

from tests.runner.live_panel import WAIT, Panel
from tests.site.test_site_browser import STATES, assert_accessible_in, assert_accessible_in_forced_colors
from tests.support import environments, needs, site

pytestmark = [pytest.mark.browser, pytest.mark.site, pytest.mark.process]

ADDRESS = "reference/versions/"
FLASKS = json.loads((site.ROOT / "live/runtime/manifest.json").read_text("utf-8"))["flasks"]
OWN, *OTHERS = FLASKS


@pytest.fixture(scope="module")
def page(browser, site_url):
    """The page, and the names of the files that it asks for."""
    if missing := environments.missing():
        needs.missing(missing)
    page = browser.new_page(service_workers="block")  # one that has begun would fetch past page.route()
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(site_url + ADDRESS)
    yield page, fetched
    page.close()


def sentence(version: str) -> str:
    """What the app says under a version, by what was recorded of it."""
    seen = environments.observed(f"flask-{version}")
    key = {"new": "the new key", "older": "an old key"}[seen["signs_with"][0]]
    return f"Flask {version} sends Vary: {seen['vary_after_in'] or 'nothing'} after a look, and signs with {key}."


def zips(fetched: list[str]) -> list[str]:
    """The versions that were fetched."""
    return [name for name in fetched if name.startswith("flask-3")]


def test_the_app_does_on_each_version_what_was_recorded_of_it_and_each_is_fetched_once(page):
    page, fetched = page
    panel = Panel(page, "versions/app.py").run()
    panel.shows(sentence(OWN))
    choice = panel.region.get_by_role("combobox", name="Flask")
    assert choice.inner_text().splitlines() == [f"{v}, with Werkzeug {one['werkzeug']}" for v, one in FLASKS.items()]
    assert zips(fetched) == []

    # One that can't be fetched costs a line.
    page.route(f"**/{FLASKS['3.1.0']['zip']}-*", lambda route: route.abort())
    choice.select_option("3.1.0")
    panel.says("Flask 3.1.0 could not be fetched. Check the connection, then choose it again.")
    expect(choice).to_have_value(OWN)
    panel.press("Reload").shows(sentence(OWN))
    page.unroute(f"**/{FLASKS['3.1.0']['zip']}-*")
    fetched.clear()

    for version in [*OTHERS, OWN, OTHERS[0]]:
        choice.select_option(version)
        panel.shows(sentence(version))
    assert len(zips(fetched)) == len(OTHERS)
    assert_accessible_in(page, STATES[0], STATES[3])
    assert_accessible_in_forced_colors(page)
    assert len({sentence(version).partition(" sends ")[2] for version in FLASKS}) == 3

    # The tests of the page are about the runtime's own; the panel goes on with the chosen one.
    page.get_by_role("button", name="Run all").click()
    expect(page.locator(".tests-bar [role=status]")).to_have_text("2 passed", timeout=WAIT)
    panel.press("Reload").shows(sentence(OTHERS[0]))
