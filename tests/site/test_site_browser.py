"""The built site in a real browser: for every reader, on every screen, and no word to another host."""

import io
import json
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from extensions import snippets
from tests.support import site

pytestmark = pytest.mark.browser

AXE = site.ROOT / "node_modules/axe-core/axe.min.js"
ADDRESSES = site.addresses()
USUAL = {"width": 1280, "height": 720}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# One page of each kind is looked at in all four states.
KINDS = [*{address.partition("/")[0]: address for address in reversed(ADDRESSES)}.values(), "no/such/page/"]
STATES = [(size, scheme) for size in (WIDE, NARROW) for scheme in ("light", "dark")]


# The rules of axe that a color scheme can change.
COLORS = {"runOnly": ["color-contrast", "link-in-text-block"]}
# The theme takes the color scheme of the system when a page is loaded. This is what its switch does, but saves nothing.
SCHEME = """scheme => {
    const wanted = document.querySelector(`input[name=__palette][data-md-color-media*=${scheme}]`);
    for (const { name, value } of [...wanted.attributes])
        if (name.startsWith("data-md-color-")) document.body.setAttribute(name, value);
}"""


@pytest.fixture
def page(page: Page, site_url: str):
    """A page that fails the test if it logs an error, throws, or asks another host for anything."""
    faults = []
    page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(f"thrown: {error}"))
    page.on("request", lambda r: faults.append(f"outside: {r.url}") if not is_own(r.url, site_url) else None)
    yield page
    faults = [fault for fault in faults if "404 (Not Found)" not in fault]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def is_own(url: str, site_url: str) -> bool:
    """Whether a request stays in the site."""
    return url.startswith((site_url, "data:", "blob:"))


def assert_accessible(page: Page, options: dict | None = None, within: str | None = None) -> None:
    """Fail with what axe finds in the page, or within what a selector names; a line each."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))
    run = "([within, options]) => axe.run(within ?? document, options).then(result => result.violations)"
    # Of what passed, axe then keeps one element for each rule, not a description of all.
    found = page.evaluate(run, [within, {"resultTypes": ["violations"]} | (options or {})])
    if found:
        lines = [f"{v['id']}: {n['target']} {' '.join(n['failureSummary'].split())}" for v in found for n in v["nodes"]]
        pytest.fail("\n".join(lines), pytrace=False)


def look(page: Page, state: tuple[dict, str]) -> None:
    """Set the size of the window and the color scheme."""
    page.set_viewport_size(state[0])
    page.emulate_media(color_scheme=state[1], reduced_motion="reduce")


def assert_accessible_in(page: Page, *states: tuple[dict, str], within: str | None = None) -> None:
    """Fail with what axe finds in one of the states, or if the page is wider than the window there.

    In a window of the same size, another color scheme changes colors and nothing else, but for the scheme's own switch.
    """
    before = None
    for state in states:
        look(page, state)
        page.evaluate(SCHEME, state[1])
        settle(page)
        try:
            assert_accessible(page, COLORS if before == state[0] else None, within)
        except pytest.fail.Exception as found:
            pytest.fail(f"{ids(state)}: {found}", pytrace=False)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= state[0]["width"], f"{ids(state)}: the page is {width} px wide"
        before = state[0]


def assert_accessible_in_forced_colors(page: Page) -> None:
    """Fail with what axe finds where a reader's system forces its colors on the page; axe doesn't know those."""
    page.emulate_media(forced_colors="active")
    settle(page)
    assert_accessible(page, {"rules": {"color-contrast": {"enabled": False}}})
    page.emulate_media(forced_colors="none")


def settle(page: Page) -> None:
    """Wait until the page is drawn in its new state, with every change of color at its end."""
    page.evaluate(
        """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
            .then(() => Promise.allSettled(document.getAnimations()
                .filter(({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime < 9e5
                    && effect.target.checkVisibility()) // in a closed fold, an animation never ends
                .map((animation) => animation.finished)))"""
    )


def ids(state: tuple[dict, str]) -> str:
    """A state in words."""
    return f"{state[0]['width']}-{state[1]}"


@pytest.mark.open_page(0)
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing(visit, address):
    page, (first, *others) = visit(address), STATES if address in KINDS else STATES[:2]
    look(page, first)
    try:
        assert_accessible_in(page, first, *others)
    finally:
        page.evaluate(SCHEME, "light")
        page.emulate_media(color_scheme="null", reduced_motion="null")
        page.set_viewport_size(USUAL)


def test_axe_finds_nothing_on_the_page_for_an_unknown_address(page, site_url):
    look(page, STATES[0])
    page.goto(site_url + KINDS[-1])
    light, dark, *narrow = STATES
    assert_accessible_in(page, dark, light, *narrow)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_with_the_search_open(page, site_url, size):
    page.set_viewport_size(size)
    page.goto(site_url + "recipes/count-visits/")
    page.keyboard.press("/")
    page.keyboard.type("cookie")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert_accessible_in(page, (size, "light"), (size, "dark"))


def test_axe_finds_nothing_with_the_drawer_open(page, site_url):
    look(page, STATES[2])
    page.goto(site_url + "recipes/count-visits/")
    page.get_by_role("button", name="Navigation").press("Enter")
    expect(page.get_by_role("link", name="Home").first).to_be_in_viewport()
    assert_accessible_in(page, *STATES[2:])


@pytest.mark.parametrize("state", [STATES[0], STATES[2]], ids=ids)
def test_every_control_is_reached_by_the_tab_key(page, site_url, state):
    look(page, state)
    page.goto(site_url + "recipes/count-visits/")
    controls = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button]')]
            .filter(e => e.checkVisibility({visibilityProperty: true}) && e.type !== 'radio' && e.type !== 'reset')
            .filter(e => !e.closest('.tabbed-labels, [aria-hidden=true]'))
            .filter(e => { const b = e.getBoundingClientRect(); return b.width && b.right > 0 && b.left < innerWidth })
            .map((e, n) => { e.dataset.control = n; return e.outerHTML.slice(0, 120) })"""
    )
    reached = set()
    for _ in range(2 * len(controls) + 40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.control"))
    assert [text for n, text in enumerate(controls) if str(n) not in reached] == []


def test_the_command_for_windows_is_reached_by_the_arrow_keys(page, site_url):
    page.goto(site_url + "recipes/count-visits/")
    page.locator(".example-run summary").first.press("Enter")
    page.locator(".example-run input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".example-run").first.get_by_text("$env:SECRET_KEY")).to_be_visible()


def test_the_drawer_leads_to_every_section_by_keyboard(page, site_url):
    look(page, STATES[2])
    page.goto(site_url + "learn/your-first-session/")
    page.get_by_role("button", name="Navigation").press("Enter")
    page.locator("label.md-nav__link", has_text="Learn").press("Enter")
    drawer = page.get_by_role("navigation", name="Navigation")
    drawer.get_by_role("link", name="Recipes").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Flask session recipes")).to_be_visible()
    page.get_by_role("article").get_by_role("link", name="Count visits").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Count visits")).to_be_visible()


@pytest.mark.open_page(0)
@pytest.mark.parametrize("address", [address for address in ADDRESSES if "/" in address.rstrip("/")])
def test_copy_copies_the_whole_file(visit, address):
    page = visit(address)
    for example in page.locator(".example").all():
        files = json.loads(example.locator(".example-files").text_content())
        page.evaluate("navigator.clipboard.writeText('')")
        example.locator(".md-code__button").first.click()
        page.wait_for_function(
            "text => navigator.clipboard.readText().then(copied => copied.trim() === text.trim())",
            arg=files[example.get_attribute("data-app")],
        )


@pytest.mark.open_page(0)
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_zip_holds_the_app(visit, address):
    page = visit(address)
    for example in page.locator(".example:has(a[download])").all():
        folder = example.get_attribute("data-folder")
        with page.expect_download() as download:
            if not example.locator("details.example-run[open]").count():
                example.get_by_text("Run it on your computer").click()
            example.locator("a[download]").click()
        archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
        held = {name: archive.read(name).decode() for name in archive.namelist()}
        app = site.ROOT / "snippets" / folder / example.get_attribute("data-app")
        assert download.value.suggested_filename == f"{folder}.zip"
        assert held == {
            f"{folder}/{name}": text for name, text in snippets.files_of(app, site.ROOT / "snippets").items()
        }
        example.locator("details.example-run").evaluate("fold => (fold.open = false)")


@pytest.fixture(scope="session")
def plain_page(browser):
    """A page of a browser without JavaScript, on a phone."""
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    yield context.new_page()
    context.close()


# The blocks that can't be seen, or are empty.
UNSEEN = """blocks => blocks.filter((block) => !block.checkVisibility() || !block.innerText.trim())
    .map((block) => block.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address])
def test_without_javascript_the_page_is_whole(plain_page, site_url, address):
    page = plain_page
    page.goto(site_url + address)
    assert page.locator("article pre:visible, article ol.exchanges").evaluate_all(UNSEEN) == []
    for example in page.locator(".example").all():
        if not example.locator("details.example-run[open]").count():
            example.get_by_text("Run it on your computer").click()
        expect(example.get_by_text(re.compile(r"flask --app \S+ run")).first).to_be_visible()
    expect(page.get_by_role("contentinfo").get_by_role("link").first).to_be_visible()


def test_an_unknown_address_leads_on(page, site_url):
    page.goto(site_url + "no/such/page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")
    page.locator("article").get_by_role("link", name="Flask session recipes").click()
    expect(page.get_by_role("heading", level=1, name="Flask session recipes")).to_be_visible()


def test_the_color_scheme_follows_the_system_and_can_be_switched(page, site_url):
    look(page, STATES[1])
    page.goto(site_url)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.get_by_title("Switch to light").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    page.goto(site_url + "contributing/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
