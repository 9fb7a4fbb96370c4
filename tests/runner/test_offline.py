"""Pages that a service worker keeps: without network, after a deploy, without room, and when a build takes it away."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from extensions import offline
from tests.runner.live_panel import Panel
from tests.site.test_site_browser import STATES, assert_accessible_in, assert_accessible_in_forced_colors
from tests.support import site

pytestmark = [pytest.mark.browser, pytest.mark.site]

COUNT, KEPT = "recipes/count-visits/", "kept/"
# Opened once. Each must be there without network.
READ = [
    COUNT,
    "",
    "learn/",
    "learn/your-first-session/",
    "learn/signing-in-and-out/",
    "understand/two-clocks/",
    "understand/inside-the-cookie/",
    "recipes/remember-me/",
    "reference/configuration/",
    "tools/cookie-inspector/",
]
FRAME = "iframe[title=Page]"
VISITS = f"document.querySelector('{FRAME}')?.contentDocument?.body?.textContent.includes('Visits: 1')"
# What a page and its script say of their build.
MARKS = "return [document.title.split(' ', 1)[0], document.documentElement.dataset.mark]"
CACHES = """return caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("offline ")).map(
  (name) => caches.open(name).then((cache) => cache.keys()).then((keys) => [name, keys.map(({ url }) => url)]))))
  .then(Object.fromEntries)"""
REGISTERED = "return navigator.serviceWorker.getRegistrations().then((all) => all.length)"
BLOCKED = """for (const [owner, name] of [[Navigator.prototype, "serviceWorker"], [self, "caches"]])
  Object.defineProperty(owner, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""


def variant(built: Path, target: Path, mark: str) -> Path:
    """A build whose titles and whose script on each page tell its mark."""
    shutil.copytree(built, target)
    [script] = target.glob("assets/live/site-*.js")
    text = f"document.documentElement.dataset.mark = '{mark}';{script.read_text('utf-8')}"
    script.unlink()
    script.with_name("site.js").write_text(text, "utf-8")
    new = f"site-{offline.content_hash(script.with_name('site.js'))}.js"
    script.with_name("site.js").rename(script.with_name(new))
    for page in target.rglob("*.html"):
        html = re.sub(r'<meta name="build"[^>]*>', "", page.read_text("utf-8")).replace(script.name, new)
        page.write_text(html.replace("<title>", f"<title>{mark} ", 1), "utf-8")
    offline.write(target)
    return target


@pytest.fixture(scope="module")
def builds(built_site, tmp_path_factory):
    """Two builds, and one whose service worker takes itself away."""
    folder = tmp_path_factory.mktemp("builds")
    found = {mark: variant(built_site, folder / mark, mark) for mark in ("one", "two")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_WORKER", "gone")
        found["gone"] = variant(built_site, folder / "gone", "gone")
    return found


class Host:
    """A static host that can be cut off, and that deploys another build."""

    def __init__(self, builds: dict[str, Path], folder: Path) -> None:
        self.builds, self.link, self.down = builds, folder / "served", False
        host = self

        class Served(site.StaticHost):
            def parse_request(self) -> bool:
                if host.down:  # as a cable that is cut: the connection ends
                    self.close_connection = True
                    return False
                return super().parse_request()

        self.handler = Served
        self.link.symlink_to(builds["one"])

    def deploy(self, mark: str) -> None:
        self.link.unlink()
        self.link.symlink_to(self.builds[mark])


@pytest.fixture
def host(builds, tmp_path):
    """A host with the first build, and its address."""
    made = Host(builds, tmp_path)
    with site.served(made.link, host=made.handler) as made.address:
        yield made


def test_what_was_visited_works_without_network_and_a_deploy_never_mixes_two_builds(engine, host):
    engine.go(host.address + COUNT)
    if not engine.run("return Boolean(navigator.serviceWorker && self.caches)"):
        pytest.skip(f"{engine.name} {engine.version} has no service workers here")
    engine.wait("document.querySelector('.live-run')")
    assert engine.run(REGISTERED) == 0  # nothing is kept of a reader who only reads
    engine.click(".live-run")
    engine.wait(VISITS)
    engine.wait("navigator.serviceWorker.controller")
    for address in READ:
        engine.go(host.address + address)
    number = len(READ)
    engine.until(
        lambda: sum(len(urls) for name, urls in engine.run(CACHES).items() if "build" in name) == number, "kept"
    )

    host.down = True
    for address in READ:
        engine.go(host.address + address)
        assert engine.run(MARKS) == ["one", "one"], address
    engine.go(host.address + COUNT)
    engine.wait("document.querySelector('.live-run')")
    engine.click(".live-run")
    engine.wait(VISITS.replace("1", "2"))  # this tab kept the cookie
    engine.go(host.address + "recipes/rotate-the-secret-key/")
    assert "this page isn't kept in your browser" in engine.text("main")
    assert engine.run("return document.querySelectorAll('main li a').length") == number

    host.down = False
    engine.go(host.address + COUNT)
    host.deploy("two")
    assert engine.run(MARKS) == ["one", "one"]
    before = engine.run(CACHES)
    engine.run("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    engine.wait("document.querySelector('.live-updated')?.textContent.includes('The site was updated')")
    engine.until(lambda: engine.run(CACHES).keys() != before.keys(), "the first build is gone")
    after = engine.run(CACHES)
    [old], [new] = ([name for name in names if "build" in name] for names in (before, after))
    assert sorted(after[new]) == sorted(before[old])  # the same pages, fetched again
    files = [name for name in after if name.endswith(" files")]
    assert len(files) == 1
    runtime = [url for url in after[files[0]] if re.search(r"/(python|pyodide)-\w+\.", url)]
    assert len(runtime) == len(set(runtime)) == 2  # kept once

    host.down = True
    for address in READ[:3]:
        engine.go(host.address + address)
        assert engine.run(MARKS) == ["two", "two"], address

    host.down = False
    host.deploy("gone")
    engine.go(host.address + COUNT)
    engine.until(lambda: engine.run(REGISTERED) == 0 and engine.run(CACHES) == {}, "removed")
    engine.go(host.address + COUNT)
    assert engine.run("return navigator.serviceWorker.controller") is None
    assert engine.run(MARKS) == ["gone", "gone"]


@pytest.fixture
def page(browser):
    """A tab of a private window, which is what each new context is."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def registered(page) -> int:
    """How many service workers the page's site has."""
    return page.evaluate(f"() => {{ {REGISTERED} }}")


def test_one_button_keeps_pages_and_stops_and_run_does_not_begin_again(page, host):
    page.goto(host.address + KEPT)
    page.get_by_role("button", name="Keep for offline reading").click()
    expect(page.get_by_text("Done. This page, and each page that you open")).to_be_visible()
    expect(page.locator(".stored")).to_contain_text("For reading offline, until you stop it")
    expect(page.locator(".stored li li")).to_have_text(["kept/"])
    assert_accessible_in(page, STATES[0], STATES[3])
    assert_accessible_in_forced_colors(page)
    page.get_by_role("button", name="Stop keeping pages").click()
    expect(page.get_by_text("Stopped, and what was kept is deleted.")).to_be_visible()
    page.get_by_role("button", name="Keep for offline reading").click()
    expect(page.locator(".stored li li")).to_have_text(["kept/"])
    page.get_by_role("button", name="Stop keeping pages").click()
    expect(page.get_by_text("Stopped, and what was kept is deleted.")).to_be_visible()
    assert registered(page) == 0
    page.goto(host.address + COUNT)
    Panel(page, "count_visits/app.py").run().shows("Visits: 1")
    page.wait_for_load_state("networkidle")
    assert registered(page) == 0


def test_the_search_works_on_pages_that_are_kept_and_without_network_once_it_was_used(page, host):
    page.goto(host.address + KEPT)
    page.get_by_role("button", name="Keep for offline reading").click()
    expect(page.get_by_text("Done. This page, and each page that you open")).to_be_visible()
    for host.down in (False, True):
        page.goto(host.address + KEPT)
        page.locator(".md-search__input").fill("secret key")
        page.keyboard.press("End")  # the theme looks at the box when a key goes up
        expect(page.locator(".md-search-result__link").first).to_have_attribute("href", re.compile("secret-key"))


def test_under_save_data_only_the_press_keeps_pages(page, host):
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto(host.address + COUNT)
    Panel(page, "count_visits/app.py").run().shows("Visits: 1")
    page.wait_for_load_state("networkidle")
    assert registered(page) == 0
    page.goto(host.address + KEPT)
    page.get_by_role("button", name="Keep for offline reading").click()
    expect(page.get_by_role("button", name="Stop keeping pages")).to_be_visible()


def test_without_room_the_site_works_as_without_it(page, host):
    session = page.context.new_cdp_session(page)
    origin = host.address.removesuffix(f"{site.PREFIX}/")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1_000_000})
    page.goto(host.address + KEPT)
    page.get_by_role("button", name="Keep for offline reading").click()
    expect(page.get_by_text("This browser couldn't keep the pages: it has no room")).to_be_visible()
    assert registered(page) == 0
    page.goto(host.address + COUNT)
    Panel(page, "count_visits/app.py").run().shows("Visits: 1")


def test_where_storage_is_blocked_the_site_works_and_the_page_says_so(page, host):
    page.add_init_script(BLOCKED)
    faults: list[Error] = []
    page.on("pageerror", lambda error: faults.append(error))
    page.goto(host.address + KEPT)
    expect(page.get_by_text("This browser, or a private window, can't keep pages")).to_be_visible()
    page.goto(host.address + COUNT)
    Panel(page, "count_visits/app.py").run().shows("Visits: 1")
    assert faults == []


def test_what_the_browser_evicted_comes_from_the_network(page, host):
    page.goto(host.address + KEPT)
    page.get_by_role("button", name="Keep for offline reading").click()
    expect(page.get_by_role("button", name="Stop keeping pages")).to_be_visible()
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")
    page.goto(host.address + COUNT)
    Panel(page, "count_visits/app.py").run().shows("Visits: 1")
