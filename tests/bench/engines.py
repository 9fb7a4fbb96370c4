"""How quick a start is in each engine, as ratios to the naive start in the same engine. Nothing is tested.

python -m tests.bench.engines [RUNS]
"""

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import live
from tests.support import chromium, firefox, webkit
from tests.support.engine import Engine

MODULE = """const script = document.querySelector('script[src*="/live-"]').src;
const folder = script.slice(0, script.lastIndexOf("/"));
return fetch(`${folder}/modules.json`).then((response) => response.json())
  .then((modules) => `${folder}/${modules["live/page/tested.js"].file}`);"""
# How many bytes of a started Python the browser keeps for the next page.
SNAPSHOT = """return caches.keys().then((names) => names.find((name) => name.startsWith("live ")))
  .then((name) => name && caches.open(name).then((cache) => cache.keys().then(([one]) => one && cache.match(one))))
  .then((response) => response ? response.blob().then(({ size }) => size) : 0);"""


@contextlib.contextmanager
def started(name: str) -> Iterator[Engine]:
    """A browser that has nothing of the site yet."""
    with tempfile.TemporaryDirectory() as folder:
        if name != "chromium":
            driver = {"firefox": firefox, "webkit": webkit}[name]
            with driver.running(Path(folder)) as engine:
                yield engine
            return
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            options = {"executable_path": chromium.path(), "args": chromium.ARGUMENTS}
            context = playwright.chromium.launch_persistent_context(folder, **options)
            yield chromium.Chromium(context.pages[0])
            context.close()


def start(engine: Engine, address: str, naive: bool) -> dict[str, float]:
    """Milliseconds to the first response, on a first page and on the next; with ours, also of Run on a ready worker."""
    found: dict[str, float] = {}
    for time_of in ("cold", "warm"):
        engine.go("about:blank")
        engine.go(address)
        argument = live.APP if naive else [engine.run(MODULE), live.APP]
        milliseconds, response = engine.run(f"return ({live.NAIVE if naive else live.OURS})(arguments[0])", argument)
        assert "Visits: 1" in response
        found[time_of] = milliseconds
        time.sleep(live.STAY / 1000)
        if not naive:
            found["snapshot"] = engine.run(SNAPSHOT)
    if not naive:
        found["run"] = engine.run(f"return ({live.PRESS})(arguments[0])", "Run")
    return found


def main(runs: int) -> None:
    """Print the medians of each engine."""
    with tempfile.TemporaryDirectory() as name:
        live.fill(Path(name))
        with live.served(Path(name)) as address:
            for kind in ("chromium", "firefox", "webkit"):
                ours, naive = [], []
                for _ in range(runs):  # in turn, so that a busy moment meets both
                    for rows, is_naive in ((naive, True), (ours, False)):
                        with started(kind) as engine:
                            rows.append(start(engine, address, is_naive))
                            title = f"{engine.name} {engine.version}"
                middle = {key: statistics.median(row[key] for row in ours) for key in ours[0]}
                base = {key: statistics.median(row[key] for row in naive) for key in naive[0]}
                ratios = {key: middle[key] / base[key] for key in base} | {"run": middle["run"] / base["cold"]}
                shown = "  ".join(f"{key} {ratio:.3f}" for key, ratio in ratios.items())
                kept = f"{middle['snapshot'] / 1e6:.0f} MB kept" if middle["snapshot"] else "nothing kept"
                print(f"{title}: {shown}; {kept}; medians of {runs}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else live.REPEATS)
