"""Proofs of docs/tools/cookie-inspector.md in a real browser: what its reader sees, and what leaves the page."""

import base64
import gzip
import json
import random
import string
import subprocess
import time
import urllib.parse
import zlib

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from playwright.sync_api import Page, expect

from tests import site
from tests.test_site_browser import assert_accessible

KEY = "a key that no one knows"
DAY = 86400
SCRIPTS = ("inspector.js", "inspector-worker.js")


def sign(data, age=0, key=KEY) -> str:
    """A session cookie as Flask makes it, signed `age` seconds ago."""
    app = Flask("shop")
    app.secret_key = key
    serializer = app.session_interface.get_signing_serializer(app)
    then = int(time.time()) - age

    class Then(TimestampSigner):
        def get_timestamp(self):
            return then

    serializer.signer = Then
    return serializer.dumps(data)


@pytest.fixture
def inspector(page: Page, site_url: str):
    """The page, ready; the test fails if it throws or logs an error."""
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(f"thrown: {error}"))
    page.goto(f"{site_url}tools/cookie-inspector/")
    expect(verdict(page)).to_contain_text("Nothing yet")
    yield page
    assert not faults


def verdict(page: Page):
    """What the page announces."""
    return page.locator("[data-part=status]")


def paste(page: Page, text: str) -> None:
    """Put a text into "Session cookie" as a reader does."""
    page.get_by_label("Session cookie").fill(text)


pytestmark = pytest.mark.browser


def test_the_cookie_is_taken_apart_as_one_types(inspector):
    data = {"visits": 3, "big": 2**70, "x": float("nan"), "one": 1.0, "_flashes": [("message", "Saved")]}
    value = sign(data | {"_permanent": True, "pair": ("a", b"\xff")}, age=7200)
    inspector.get_by_label("Session cookie").press_sequentially(value[:20])
    expect(verdict(inspector)).to_contain_text("Not three parts")
    paste(inspector, f"< Set-Cookie: session={value}; HttpOnly; Path=/")
    expect(verdict(inspector)).to_contain_text("Not checked")
    rows = inspector.locator("[data-part=rows] > div").all_inner_texts()
    assert '"big": 1180591620717411303424, int' in rows
    assert '"x": NaN, float' in rows
    assert '"one": 1.0, float' in rows
    assert any(row.startswith('"_flashes": [{" t":["message","Saved"]}], list: flash()') for row in rows)
    assert any(row.startswith('"_permanent": true, bool: session.permanent') for row in rows)
    assert '"pair": {" t":["a",{" b":"/w=="}]} tuple' in rows
    assert inspector.locator("[data-part=value]").inner_text() == value
    parts = inspector.locator("[data-part=parts]").inner_text()
    assert "2 hours ago" in parts
    assert f"{len(value) + 7} of the 4096 bytes" in parts
    assert f"{len(f'session={value}; HttpOnly; Path=/')} with default attributes" in parts


def test_the_right_key_a_fallback_and_a_wrong_key_are_told_apart(inspector):
    paste(inspector, sign({"visits": 1}))
    key = inspector.get_by_label("Secret key")
    assert (key.get_attribute("type"), key.get_attribute("autocomplete")) == ("password", "off")
    key.fill(KEY)
    expect(verdict(inspector)).to_contain_text("The signature holds")
    key.fill("new key")
    expect(verdict(inspector)).to_contain_text("The signature does not hold")
    inspector.get_by_role("button", name="Add fallback").click()
    inspector.get_by_label("Fallback 1").fill("another")
    inspector.get_by_role("button", name="Add fallback").click()
    inspector.get_by_label("Fallback 2").fill(KEY)
    expect(verdict(inspector)).to_contain_text("It is fallback 2")


def test_salt_digest_and_derivation_can_be_given(inspector):
    from itsdangerous import URLSafeTimedSerializer

    signer = {"key_derivation": "django-concat", "digest_method": __import__("hashlib").sha512}
    value = URLSafeTimedSerializer(KEY, salt="other", signer_kwargs=signer).dumps({"a": 1})
    paste(inspector, value)
    inspector.get_by_label("Secret key").fill(KEY)
    expect(verdict(inspector)).to_contain_text("does not hold")
    inspector.get_by_text("Salt, digest, key derivation").press("Enter")
    inspector.get_by_label("Salt").fill("other")
    inspector.get_by_label("Digest").select_option("sha512")
    inspector.get_by_label("Key derivation").select_option("django-concat")
    expect(verdict(inspector)).to_contain_text("The signature holds")


def test_a_key_may_be_typed_as_python_shows_it(inspector):
    paste(inspector, sign({"a": 1}, key=b'_5#y2L"F4Q8z\n\xec]/'))
    inspector.get_by_label("Secret key").fill(r"""b'_5#y2L"F4Q8z\n\xec]/'""")
    expect(verdict(inspector)).to_contain_text("The signature holds")


def test_the_lifetime_decides_until_when_a_server_accepts_it(inspector):
    paste(inspector, sign({"a": 1}, age=31 * DAY + 60))
    expect(verdict(inspector)).to_contain_text("Expired")
    inspector.get_by_label("Lifetime").fill("32")
    expect(verdict(inspector)).not_to_contain_text("Expired")
    inspector.get_by_label("Secret key").fill(KEY)
    expect(verdict(inspector)).to_contain_text("The signature holds")
    paste(inspector, sign({"a": 1}, age=-600))
    expect(verdict(inspector)).to_contain_text("From the future")


def test_without_the_key_an_edited_payload_keeps_a_signature_that_no_longer_holds(inspector):
    value = sign({"user": "eve"})
    paste(inspector, value)
    inspector.get_by_role("textbox", name="Payload").fill('{"user": "admin"}')
    said = inspector.locator("[data-part=said]")
    expect(said).to_contain_text("no longer holds")
    forged = inspector.get_by_label("New cookie").input_value()
    assert forged.split(".")[1:] == value.split(".")[1:]
    assert read_by_flask(forged) == {}
    inspector.get_by_role("button", name="Sign again").click()
    expect(verdict(inspector)).to_contain_text("No secret key")
    inspector.get_by_role("textbox", name="Payload").fill('{"user": ')
    expect(said).to_contain_text("Not JSON")


def test_with_the_key_an_edited_payload_is_signed_again_and_flask_takes_it(inspector):
    paste(inspector, sign({"user": "eve"}))
    inspector.get_by_label("Secret key").fill(KEY)
    inspector.get_by_role("textbox", name="Payload").fill('{"user": "admin", "n": 1.0}')
    inspector.get_by_role("button", name="Sign again").press("Enter")
    expect(inspector.locator("[data-part=said]")).to_contain_text("Signed again")
    signed = inspector.get_by_label("New cookie").input_value()
    assert read_by_flask(signed) == {"user": "admin", "n": 1.0}


def read_by_flask(value: str) -> dict:
    """The session in which an app of ours starts with this cookie."""
    from flask import session

    app = Flask("shop")
    app.secret_key = KEY
    with app.test_request_context(headers={"Cookie": f"session={value}"}):
        return dict(session)


def packed(data: bytes, dot: str = "") -> str:
    """A cookie of this payload, signed by no one."""
    return f"{dot}{base64.urlsafe_b64encode(data).decode().rstrip('=')}.awLZQA.{'A' * 27}"


FAILURES = {
    "Not base64": "eyJ2aXNpdHMiOjF9A.awLZQA." + "A" * 27,
    "Not zlib": packed(b"not zlib", "."),
    "Too big": packed(zlib.compress(b"0" * 2_000_000), "."),
    "Not text": packed(b"\x80\x04K\x01."),
    "Not JSON": packed(b'{"a":1'),
    "Not a value": packed(b'{"a":{" u":"no uuid"}}'),
    "Not a session": packed(b'"a CSRF token"'),
    "Not three parts": "eyJ2aXNpdHMiOjF9.awLZQA",
    "Not a timestamp": "eyJ2aXNpdHMiOjF9.A." + "A" * 27,
    "Too large for a browser": packed(json.dumps({"a": "a" * 4000}).encode()),
    "Deleted": "Set-Cookie: session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
    "No such cookie": "Cookie: csrftoken=a; theme=dark",
    "Another name": "Cookie: shop=" + packed(b'{"a":1}'),
    "Several": f"Cookie: session={packed(b'{}')}; session={packed(b'{}')}",
    "Flask-Session’s id": "sBBPDWOQNZ0ys3A4WmQ2nM7yqRTLkHZpFh8fWqz4d7k",
    "Flask-Login’s remember_token": "42|" + "0a" * 64,
    "Django’s cookie": "eyJhIjoxfQ:1vMdTQ:" + "A" * 43,
    "Express’s cookie": "s%3Aj2k3.eyJhIjoxfQ",
    "Rack’s or Rails’ cookie": "BAh7BkkiD3Nlc3Npb25faWQG%3D--" + "0a" * 20,
    "A JSON Web Token": "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ." + "A" * 43,
    "Starlette’s cookie": "eyJhIjogMX0=.awLZQA." + "A" * 27,
}


def test_each_failure_and_each_stranger_is_named(inspector):
    for term, text in FAILURES.items():
        paste(inspector, text)
        expect(verdict(inspector)).to_contain_text(term)


def test_every_answer_stands_on_the_page():
    source = (site.ROOT / "docs/tools/cookie-inspector.md").read_text("utf-8")
    terms = [line[4:-5] for line in source.splitlines() if line.startswith("<dt>")]
    shown = {*FAILURES, "Nothing yet", "Not checked", "The signature holds", "A fallback holds"}
    shown |= {"The signature does not hold", "Expired", "From the future", "No secret key", "Signed again"}
    shown |= {"The signature no longer holds"}
    rest = set(terms) - shown
    assert rest == {"No timestamp", "Not a payload", "Too much text", "The inspector failed"}


def test_the_address_fills_the_cookie_in_by_its_fragment(page, site_url):
    value = sign({"visits": 1})
    address = f"{site_url}tools/cookie-inspector/"
    page.goto(f"{address}#cookie={urllib.parse.quote(value)}")
    expect(page.get_by_label("Session cookie")).to_have_value(value)
    expect(verdict(page)).to_contain_text("Not checked")
    page.goto(f"{address}#cookie=x")
    expect(page.get_by_label("Session cookie")).to_have_value("x")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_a_cookie_taken_apart_and_forged(inspector, width, scheme):
    inspector.set_viewport_size({"width": width, "height": 900})
    inspector.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    paste(inspector, sign({"visits": 1, "_flashes": [("message", "a" * 500)], "key": b"\xff"}))
    inspector.get_by_label("Secret key").fill("wrong")
    inspector.get_by_role("button", name="Add fallback").click()
    inspector.get_by_text("Salt, digest, key derivation").click()
    inspector.get_by_role("textbox", name="Payload").fill('{"visits": 2}')
    expect(inspector.locator("[data-part=said]")).to_contain_text("no longer holds")
    expect(verdict(inspector)).to_contain_text("does not hold")
    assert_accessible(inspector)
    assert inspector.evaluate("document.documentElement.scrollWidth") <= width


def test_it_works_by_keyboard_alone(inspector):
    inspector.get_by_label("Session cookie").focus()
    inspector.keyboard.insert_text(sign({"visits": 1}))
    expect(inspector.get_by_role("button", name="Sign again")).to_be_visible()
    order = []
    while "Sign again" not in order:
        inspector.keyboard.press("Tab")
        if inspector.evaluate("document.activeElement.id") == "inspector-key":
            inspector.keyboard.type(KEY)
        order.append(
            inspector.evaluate("document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent")
        )
    assert order == [
        "Secret key",
        "Add fallback",
        "Cookie name",
        "Lifetime",
        "Salt, digest, key derivation",
        "Payload",
        "Sign again",
    ]
    inspector.keyboard.press("Enter")
    expect(inspector.locator("[data-part=said]")).to_contain_text("Signed again")


def test_without_javascript_the_page_says_what_to_do(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}tools/cookie-inspector/")
    expect(page.get_by_label("Session cookie")).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_role("heading", name="Read one in Python")).to_be_visible()
    context.close()


WATCH = """async () => JSON.stringify({
    address: location.href, history: history.length, state: history.state, name: window.name,
    cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},
    databases: await indexedDB.databases(), caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    title: document.title, keys: [...document.querySelectorAll("input")].map(e => e.getAttribute("value")),
})"""


def test_while_a_key_is_typed_no_request_is_made_and_nothing_is_stored(inspector, context):
    requests = []
    context.on("request", lambda request: requests.append(request.url))
    before, stored = inspector.evaluate(WATCH), context.storage_state(indexed_db=True)
    paste(inspector, sign({"visits": 1}))
    inspector.get_by_label("Secret key").press_sequentially(KEY)
    expect(verdict(inspector)).to_contain_text("The signature holds")
    inspector.get_by_role("textbox", name="Payload").fill('{"visits": 2}')
    inspector.get_by_role("button", name="Sign again").click()
    expect(inspector.locator("[data-part=said]")).to_contain_text("Signed again")
    inspector.get_by_label("Secret key").press("Enter")
    inspector.wait_for_timeout(500)
    assert requests == []
    assert inspector.evaluate(WATCH) == before
    assert context.storage_state(indexed_db=True) == stored


def test_it_works_offline_once_loaded(inspector, context):
    context.set_offline(True)
    paste(inspector, sign({"visits": 1}))
    inspector.get_by_label("Secret key").fill(KEY)
    expect(verdict(inspector)).to_contain_text("The signature holds")
    context.set_offline(False)


LONG_TASKS = """() => {
    window.longTasks = [];
    new PerformanceObserver(list => longTasks.push(...list.getEntries())).observe({type: "longtask"});
}"""
# Gives the inputs during which the browser saw a long task.
FEED = """async texts => {
    const box = document.getElementById("inspector-cookie"), inspector = box.closest("cookie-inspector");
    const channel = new MessageChannel(), starts = [];
    const turn = () => new Promise(resolve => { channel.port1.onmessage = resolve; channel.port2.postMessage(0); });
    for (const text of texts) {
        starts.push(performance.now());
        box.value = text;
        box.dispatchEvent(new Event("input", {bubbles: true}));
        while (inspector.busy) await turn();
        inspector.getBoundingClientRect();
    }
    await new Promise(resolve => setTimeout(resolve, 400));
    if (inspector.querySelector("[data-part=status]").textContent.includes("failed")) throw Error("failed");
    const long = longTasks.splice(0);
    const ends = task => task.startTime + task.duration;
    return texts.filter((_, i) => long.some(task => ends(task) > starts[i] && !(task.startTime > starts[i + 1])));
}"""


def garbage(pick: random.Random) -> str:
    """Any text at all: noise, almost cookies, almost JSON, almost zlib."""
    data = pick.randbytes(pick.randrange(300))
    tokens = ["{", "}", "[", "]", ",", ":", '"a"', '" t"', '" b"', '" u"', "1", "-", "NaN", "null", '"\\u12', "é"]
    text = "".join(pick.choice(tokens) for _ in range(pick.randrange(60)))
    value = sign({"a": [text, ("b",), data]}) if pick.random() < 0.3 else packed(text.encode())
    place = pick.randrange(len(value))
    header = pick.choice(["session=", "Set-Cookie: session=", "Cookie: a=b; session=", "session\t", ""])
    return pick.choice(
        [
            data.decode("latin-1"),
            data.decode("utf-16", "replace"),
            "".join(pick.choices(string.printable, k=200)),
            "".join(pick.choices('session=;:, \n\t"%.-_', k=120)),
            header + value,
            header + value[:place],
            header + value[:place] + pick.choice(string.printable) + value[place:],
            header + value[:place] + "\n  " + value[place:] + "; Path=/",
            packed(data),
            packed(zlib.compress(text.encode() * 20), "."),
            packed(zlib.compress(text.encode())[: pick.randrange(30)] + data, "."),
            packed(b"[" * 3000 + data),
        ]
    )


def test_ten_thousand_inputs_of_garbage_raise_nothing_and_block_nothing(inspector):
    pick = random.Random(8)  # noqa: S311
    inspector.evaluate(LONG_TASKS)
    suspects = []
    for _ in range(20):
        suspects += inspector.evaluate(FEED, [garbage(pick) for _ in range(500)])
    # On a machine with other work a task can be long by chance, but not three times for the same input.
    for _ in range(2):
        suspects = [text for text in suspects if inspector.evaluate(FEED, [text])]
    assert suspects == []
    paste(inspector, sign({"visits": 1}))
    expect(verdict(inspector)).to_contain_text("Not checked")


MEGABYTE = 1 << 20
LARGE = {
    "letters": "a" * MEGABYTE,
    "lines": "session=a\n" * (MEGABYTE // 10),
    "spaces and signs": '; = "%41" ' * (MEGABYTE // 10),
    "a list": packed(b"[" + b"1," * 380_000 + b"1]"),
    "nesting": packed(b"[" * 390_000 + b"]" * 390_000),
    "a string": packed(b'"' + b"a" * 780_000 + b'"'),
    "tags": packed(b'{" t":[' * 85_000 + b"]}" * 85_000),
    "keys": packed(json.dumps({str(i): i for i in range(48_000)}, separators=(",", ":")).encode()),
    "unpacked": packed(zlib.compress(json.dumps(["a"] * 200_000).encode()), "."),
    "a zip bomb": packed(zlib.compress(bytes(700_000_000), 9), "."),
    "more than 1 MB": "a" * (MEGABYTE + 1),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_megabyte_or_a_zip_bomb_is_answered_and_blocks_nothing(inspector, context, kind):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    durations = []
    # Three tries, for the same reason.
    while len(durations) < 3:
        inspector.evaluate("text => navigator.clipboard.writeText(text)", LARGE[kind])
        inspector.evaluate(LONG_TASKS)
        inspector.get_by_label("Session cookie").press("Control+V")
        expect(verdict(inspector)).not_to_contain_text("Nothing yet", timeout=20_000)
        expect(verdict(inspector)).not_to_contain_text("failed")
        inspector.wait_for_timeout(300)
        durations.append(inspector.evaluate("longTasks.map(task => task.duration)"))
        if not durations[-1]:
            return
        inspector.reload()
        expect(verdict(inspector)).to_contain_text("Nothing yet")
    pytest.fail(f"long tasks, in ms: {durations}", pytrace=False)


@pytest.mark.parametrize("kind", ["the script", "the worker"])
def test_the_script_is_the_one_that_its_source_makes(tmp_path, kind):
    name = SCRIPTS[kind == "the worker"]
    command = (site.ROOT / "Makefile").read_text("utf-8").partition("\tnpx ")[2].partition("\n\n")[0]
    command = command.replace("\\\n", " ").replace("docs/assets", str(tmp_path))
    subprocess.run(f"npx {command}", shell=True, check=True, cwd=site.ROOT)  # noqa: S602
    assert (tmp_path / name).read_bytes() == (site.ROOT / "docs/assets" / name).read_bytes()


def test_the_script_is_at_most_ten_kilobytes_on_the_wire():
    sizes = [len(gzip.compress((site.ROOT / "docs/assets" / name).read_bytes(), 9)) for name in SCRIPTS]
    assert sum(sizes) <= 10_000
