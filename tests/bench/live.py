"""How quick the live examples are, as ratios to a naive start. `make bench` prints it; nothing is tested.

Naive: npm's own Pyodide with its standard library, and a zip of Flask's packages from source, in a worker.
"""

import contextlib
import functools
import gzip
import http.server
import shutil
import statistics
import sysconfig
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from extensions import assets, page_tests
from tests.runner import live_page
from tests.support import chromium, modules, site

REPEATS = 5
STAY = 6000  # milliseconds that a reader stays on a page: browsers keep compiled code, and the panel Python, meanwhile
PACKAGES = ("flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker")
APP = """
from flask import Flask, render_template_string, session

app = Flask(__name__)
app.secret_key = "bench"


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return render_template_string("Visits: {{ session.visits }}")
"""
NAIVE_WORKER = """
onmessage = async ({ data }) => {
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  const python = await loadPyodide();
  python.unpackArchive(await (await fetch("flask.zip")).arrayBuffer(), "zip", { extractDir: "/lib/flask" });
  python.runPython(`import sys; sys.path.insert(0, "/lib/flask")`);
  python.runPython(data);
  postMessage(python.runPython(`
from werkzeug.test import Client
answer = Client(app).get("/")
answer.text + answer.headers["Set-Cookie"]`));
};
"""
NAIVE = """app => new Promise((resolve, reject) => {
  const start = performance.now();
  const worker = new Worker("naive.js", { type: "module" });
  worker.onerror = reject;
  worker.onmessage = ({ data }) => resolve([performance.now() - start, data]);
  worker.postMessage(app);
})"""
OURS = """async ([module, app]) => {
  const start = performance.now();
  const { call } = await import(module);
  const message = { example: "bench/app.py", time: { offset: 0 } };
  await call({ ...message, call: "load", app: "app.py", files: { "app.py": app }, env: {} });
  const { exchanges } = await call({ ...message, call: "visit", method: "GET", path: "/" });
  return [performance.now() - start, exchanges[0].text + exchanges[0].headers];
}"""
# From a press on Run to the page in its frame, Python being ready; then from a press on Reload.
PRESS = """async name => {
  const button = [...document.querySelectorAll("button")].find((button) => button.textContent === name);
  const start = performance.now();
  button.click();
  const status = () => document.querySelector(".live-status")?.textContent;
  const text = () => document.querySelector("iframe")?.contentDocument?.body?.textContent ?? "";
  const before = text();
  while (!(status()?.includes("200 OK") && text().includes("Visits") && text() !== before)) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  return performance.now() - start;
}"""


# As live/page/tests/ does it, Python being ready: from a press on a first test to its outcome, then each further one.
PROVE = """async ([module, bundled, test, names]) => {
  const { call, start } = await import(module);
  await start();
  const times = [];
  let files, _;
  for (const name of names) {
    const start = performance.now();
    if (!files) ({ uses: _, ...files } = await (await fetch(`./assets/files/${bundled}`)).json());
    const { proofs } = await call({ call: "prove", time: { offset: 0 }, files, test, names: [name] });
    if (!proofs[name].passed) throw new Error(proofs[name].report);
    times.push(performance.now() - start);
  }
  return times;
}"""
PAGE = "recipes/count-visits.md"
PROVEN = page_tests.test_file(PAGE)


class Host(site.StaticHost):
    """Lets browsers keep files, as static hosts do."""

    def end_headers(self) -> None:
        """Ten minutes, as on GitHub Pages."""
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, while the block runs."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=folder)) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}{site.PREFIX}/"
        host.shutdown()


def fill(folder: Path) -> None:
    """Put both ways to start, and a page for each, into a folder."""
    shutil.copytree(site.ROOT / "node_modules/pyodide", folder / "pyodide")
    (folder / "naive.js").write_text(NAIVE_WORKER, "utf-8")
    packages = Path(sysconfig.get_path("purelib"))
    with zipfile.ZipFile(folder / "flask.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for package in PACKAGES:
            metadata = Path(str(distribution(package)._path)) / "METADATA"
            for path in [*(packages / package).rglob("*.py"), metadata]:
                archive.write(path, path.relative_to(packages))
    named = f'<p hidden data-files="{page_tests.files_of(PROVEN, PAGE)}"></p>'
    (folder / "index.html").write_text(live_page.page(["count_visits/app.py"]) + named, "utf-8")
    assets.finish(folder)
    (folder / "404.html").write_text("", "utf-8")


def start(browser: Browser, address: str, script: str) -> tuple[float, float]:
    """Milliseconds to the first answer, in a browser that has nothing of it yet, and in the next page load."""
    context = browser.new_context()
    times = []
    for _ in range(2):
        page = context.new_page()
        page.goto(address)
        argument = APP if script == NAIVE else [modules.address(page), APP]
        milliseconds, answer = page.evaluate(script, argument)
        assert "Visits: 1" in answer
        assert "session=" in answer
        times.append(milliseconds)
        page.wait_for_timeout(STAY)
        page.close()
    context.close()
    return tuple(times)


def press(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds from Run to the page, with Python ready, and from Reload to the next."""
    page.goto(address)
    # As a resting pointer does.
    page.evaluate("module => import(module).then(({ prepare }) => prepare())", modules.address(page))
    return page.evaluate(PRESS, "Run"), page.evaluate(PRESS, "Reload")


def prove(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds of a first test, in a browser that has nothing of it yet, and of a further one (median)."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    names = [one.name for one in page_tests.tests_of(PROVEN) if not one.needs]
    test = PROVEN.relative_to(site.ROOT).as_posix()
    bundled = page.locator("[data-files]").get_attribute("data-files")
    first, *further = page.evaluate(PROVE, [modules.address(page), bundled, test, names])
    context.close()
    return first, statistics.median(further)


def test_bytes() -> int:
    """Gzip bytes that a first test fetches on a page whose Python is ready."""
    built = modules.folder()[0]
    own = {*modules.fetched_files("live/page/tests/tests.js"), *built.glob("tests-*.css")}
    files = [*(own - set(modules.fetched_files("live/page/live.js")))]
    files += [site.ROOT / path for path in page_tests.files_of(PROVEN, PAGE).split()]
    packed = (site.ROOT / "live/runtime/pytest.zip.gz").stat().st_size
    return packed + sum(len(gzip.compress(path.read_bytes())) for path in files)


def wire_bytes() -> tuple[int, int]:
    """Gzip bytes that a first Run fetches in all, and of the bootstrap that each page fetches."""
    runtime = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm.gz", "python.zip.gz")
    fetched = {site.ROOT / "live/runtime" / name for name in runtime}
    fetched.update(modules.fetched_files("live/page/panel/panel.js"), modules.fetched_files("live/worker/worker.js"))
    built = modules.folder()[0]
    bootstrap = {*built.glob("panel-*.css"), *built.glob("extras-*.css")}
    bootstrap.update(modules.fetched_files("live/page/live.js"), modules.fetched_files("live/page/extras.js"))

    def size(path: Path) -> int:
        return len(path.read_bytes() if path.suffix == ".gz" else gzip.compress(path.read_bytes()))

    return sum(map(size, fetched)), sum(map(size, bootstrap))


def main() -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        fill(folder)
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        with served(folder) as address:
            naive, ours, proven = [], [], []
            for _ in range(REPEATS):  # in turn, so that a busy moment meets both
                naive.append(start(browser, address, NAIVE))
                ours.append(start(browser, address, OURS))
                proven.append(prove(browser, address))
            page = browser.new_page()
            pressed = [press(page, address) for _ in range(REPEATS)]
        browser.close()

    def median(times: list[tuple[float, float]]) -> list[float]:
        return [statistics.median(column) for column in zip(*times, strict=True)]

    naive_cold, naive_warm = median(naive)
    cold, warm = median(ours)
    run, reload = median(pressed)
    first, further = median(proven)
    print(f"live examples: milliseconds (median of {REPEATS}), and ratio to the naive start")
    print(f"  naive start                {naive_cold:6.0f} cold  {naive_warm:6.0f} warm")
    print(f"  first answer, cold         {cold:6.0f}  {cold / naive_cold:.3f}")
    print(f"  first answer, warm         {warm:6.0f}  {warm / naive_warm:.3f}")
    print(f"  Run, Python being ready    {run:6.0f}  {run / naive_cold:.3f}")
    print(f"  Reload                     {reload:6.0f}  {reload / naive_cold:.3f}")
    print(f"  first test, ready          {first:6.0f}  {first / naive_cold:.3f}")
    print(f"  a further test             {further:6.0f}  {further / naive_cold:.3f}")
    total, bootstrap = wire_bytes()
    print(f"  gzip bytes of a first Run  {total:,}; of the bootstrap on each page {bootstrap:,}")
    print(f"  gzip bytes of a first test {test_bytes():,}")


if __name__ == "__main__":
    main()
