"""The cookie inspector in a real browser, for tests/pages/test_cookie_inspector.py."""

import json

from playwright.sync_api import Page, expect

from tests.site.test_site_browser import STATES, assert_accessible_in

LONG_TASKS = """() => {
    window.longTasks = [];
    new PerformanceObserver(list => longTasks.push(...list.getEntries())).observe({type: "longtask"});
}"""
# Gives the inputs during which the browser saw a long task.
FEED = """async texts => {
    const box = document.getElementById("inspector-cookie"), inspector = box.closest("cookie-inspector");
    const channel = new MessageChannel(), starts = [];
    const turn = () => new Promise(resolve => { channel.port1.onmessage = resolve; channel.port2.postMessage(0); });
    // Asking in a loop would take the processor from the worker.
    const answered = () => new Promise(resolve => inspector.worker.addEventListener("message", resolve, {once: true}));
    for (const text of texts) {
        starts.push(performance.now());
        box.value = text;
        box.dispatchEvent(new Event("input", {bubbles: true}));
        while (inspector.busy) await answered();
        await turn();
        inspector.getBoundingClientRect();
    }
    await new Promise(resolve => setTimeout(resolve, 400));
    if (inspector.querySelector("[data-part=status]").textContent.includes("failed")) throw Error("failed");
    const long = longTasks.splice(0);
    const ends = task => task.startTime + task.duration;
    return texts.filter((_, i) => long.some(task => ends(task) > starts[i] && !(task.startTime > starts[i + 1])));
}"""
# Gives the inputs at which the worker throws, which it says then.
THROWN = """async texts => {
    const inspector = document.querySelector("cookie-inspector");
    const form = await new Promise((resolve) => {
        inspector.worker.postMessage = resolve;
        inspector.ask();
    });
    const [{ name }] = performance.getEntriesByType("resource").filter(({ name }) => name.includes("inspector-worker"));
    const worker = new Worker(name, { type: "module" });
    const failed = [];
    for (const text of texts) {
        const said = await new Promise((resolve) => {
            worker.onmessage = ({ data }) => resolve(data.says.every(([code]) => code !== "broken"));
            worker.onerror = () => resolve(false);
            worker.postMessage({ ...form, text });
        });
        if (!said) failed.push(text);
    }
    return failed;
}"""
WATCH = """async () => JSON.stringify({
    address: location.href, history: history.length, state: history.state, name: window.name,
    cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},
    databases: await indexedDB.databases(), caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    title: document.title, keys: [...document.querySelectorAll("input")].map(e => e.getAttribute("value")),
})"""


class Inspector:
    """The page, as a reader uses it."""

    def __init__(self, page: Page, site_url: str, fragment: str = ""):
        self.page = page
        self.faults: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.faults.append(f"thrown: {error}"))
        self.address = f"{site_url}tools/cookie-inspector/"
        page.goto(self.address + fragment)
        expect(self.part("status")).not_to_be_empty()
        page.context.on("request", lambda request: self.requests.append(request.url))

    def part(self, name: str):
        """A part of the inspector by its name in the page's source."""
        return self.page.locator(f"[data-part={name}]")

    def says(self, text: str, part: str = "status", timeout: int = 20_000) -> None:
        """Fail unless the inspector comes to say this."""
        expect(self.part(part)).to_contain_text(text, timeout=timeout)

    def fill(self, label: str, text: str) -> None:
        """Put a text into a field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def type(self, label: str, text: str) -> None:
        """Press the keys for a text in a field."""
        self.page.get_by_label(label, exact=True).press_sequentially(text)

    def value(self, label: str) -> str:
        """What a field holds."""
        return self.page.get_by_label(label, exact=True).input_value()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(option)

    def press(self, button: str) -> None:
        """Press a button, by keyboard."""
        self.page.get_by_role("button", name=button).press("Enter")

    def unfold(self) -> None:
        """Open the disclosure."""
        self.page.locator("cookie-inspector summary").press("Enter")

    def rows(self) -> list[str]:
        """The payload as it is shown, a row each."""
        return self.part("rows").locator("div").all_inner_texts()

    def stored(self) -> str:
        """All that a page can leave behind in its browser: addresses, cookies, storages, caches, attributes."""
        own = self.page.evaluate(WATCH)
        return own + json.dumps(self.page.context.storage_state(indexed_db=True), sort_keys=True)

    def blocked_by(self, texts: list[str]) -> list[str]:
        """Feed texts to the inspector; give those during which the browser saw a task of over 50 ms."""
        self.page.evaluate(LONG_TASKS)
        return self.page.evaluate(FEED, texts)

    def thrown_by(self, texts: list[str]) -> list[str]:
        """Give texts to the inspector's worker, without the page; give those at which it throws. Reload afterwards."""
        return self.page.evaluate(THROWN, texts)

    def paste(self, text: str) -> list[float]:
        """Paste a text from the clipboard; give the durations of tasks of over 50 ms until it is answered."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.reload()
        self.says("Nothing yet")
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.evaluate(LONG_TASKS)
        self.page.get_by_label("Session cookie").press("Control+V")
        expect(self.part("status")).not_to_contain_text("Nothing yet", timeout=20_000)
        self.page.wait_for_timeout(300)
        return self.page.evaluate("longTasks.map(task => task.duration)")

    def assert_accessible(self) -> None:
        """Fail with what axe finds in any state, or if the page is wider than the window there."""
        assert_accessible_in(self.page, *STATES)
