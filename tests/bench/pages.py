"""What the site costs: bytes a page, Lighthouse's marks, seconds a build. `make bench` prints it; nothing is tested.

Figures of one run compare with each other; those of two machines do not, so builds are given as a ratio.
"""

import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import search
from tests.chain import chain
from tests.site import lighthouse
from tests.support import site

REPEATS = 5
REFERENCE = [address for address in site.addresses() if address.startswith("reference/")]
LIGHTHOUSE_PAGES = ("", "learn/your-first-session/", "recipes/count-visits/", *REFERENCE[:1], "contributing/")
# Stock Material on the same Markdown: this site's configuration without its own extensions, hook and templates.
OURS = re.compile(r"^hooks:.*\n|^  custom_dir:.*\n|^  - extensions\.\w+\n|^ +- \{ name: http.*\n|^watch:.*\n", re.M)


def page_bytes(folder: Path, address: str) -> tuple[int, int]:
    """Gzip bytes of a page before any interaction (HTML, style sheets, scripts), and of its search worker."""
    page = folder / address / "index.html"
    html = page.read_text("utf-8")
    loaded = re.findall(
        r'<script[^>]* src="([^"]+)"|<link rel="(?:stylesheet|modulepreload)"[^>]* href="([^"]+)"', html
    )
    files = [page, *((page.parent / (script or style)).resolve() for script, style in loaded)]
    # live.js asks for one style sheet more on pages that have something to run.
    live = folder / "assets/live"
    files += list(live.glob("panel-*.css")) * ("data-app=" in html or 'class="page-tests"' in html)
    # ... and, when nothing else is to do, for what adds the buttons beside Run.
    files += [*live.glob("recorded-*.js")] * ('class="recorded"' in html)
    more = 'class="exchanges"' in html or 'class="recorded"' in html or "example-wrong" in html
    files += [*live.glob("extras-*.js"), *live.glob("extras-*.css")] * more
    files += [*live.glob("predict-*.js"), *live.glob("predict-*.css")] * ('class="predict"' in html)
    total = sum(len(gzip.compress(file.read_bytes())) for file in files)
    worker = search.worker_of(folder)
    return total, len(gzip.compress(worker.read_bytes()))


def build_seconds(config: Path, folder: Path) -> float:
    """Seconds of processor time of one full build, in a process of its own."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(config), "--site-dir", str(folder)],
        check=True,
        cwd=site.ROOT,
    )
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def copies(target: Path, number: int) -> tuple[Path, Path]:
    """Two configurations over `number` copies of the site's pages: this site's own, and stock Material's."""
    docs = target / "docs"
    pages = chain.content_pages(site.ROOT)
    for n in range(number):
        page = pages[n % len(pages)]
        copy = docs / f"{page.parent.name}{n}" / page.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(re.sub(r"\]\([^)h][^)]*\.md\)", "](#)", page.read_text("utf-8")), "utf-8")
    (docs / "index.md").write_text("# Home\n", "utf-8")
    for folder in ("assets", "templates"):
        (docs / folder).symlink_to(site.ROOT / "docs" / folder)
    text = (site.ROOT / "mkdocs.yml").read_text("utf-8")
    text = re.sub(r"^nav:\n(?: .*\n|\n)+|^watch:.*\n", "\n", text, flags=re.M)
    text = text.replace("docs/templates", str(docs / "templates")).replace("[snippets]", f"[{site.ROOT}/snippets]")
    text = text.replace("extensions/hook.py", str(site.ROOT / "extensions/hook.py"))
    ours, stock = target / "ours.yml", target / "stock.yml"
    ours.write_text(text, "utf-8")
    text = OURS.sub("", text).replace("      custom_fences:\n", "      {}\n")
    stock.write_text(
        text.replace("guide/sun", "material/weather-sunny").replace("guide/moon", "material/weather-night")
    )
    return ours, stock


def main() -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site.build(folder / "site", SITE_URL=f"https://site.example{site.PREFIX}/").check_returncode()
        print("gzip bytes before interaction (the search worker apart)")
        for address in site.addresses():
            total, worker = page_bytes(folder / "site", address)
            print(f"  {total:>7,}  {worker:>7,}  /{address}")

        search.report(folder / "site")

        print("Lighthouse: performance, accessibility, best practices, SEO (mobile: median of 3; desktop)")
        with site.served(folder / "site") as base:
            for address in LIGHTHOUSE_PAGES:
                runs = [lighthouse.scores(base + address, folder, "mobile") for _ in range(3)]
                mobile = [statistics.median(run[n] for run in runs) for n in lighthouse.NAMES]
                desktop = lighthouse.scores(base + address, folder, "desktop")
                print(f"  {mobile}  {[desktop[n] for n in lighthouse.NAMES]}  /{address}")

        print(f"processor seconds of a full build, ours and stock Material's (median of {REPEATS}), and their ratio")
        for number in (30, 300):
            configs = copies(folder / str(number), number)
            # In turn, so that a busy moment meets both.
            builds = [[build_seconds(config, folder / "out") for config in configs] for _ in range(REPEATS)]
            ours, stock = map(statistics.median, zip(*builds, strict=True))
            print(f"  {number:>4} pages: {ours:.2f}  {stock:.2f}  {ours / stock:.2f}")

    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest", "-q"], check=True, cwd=site.ROOT, stdout=subprocess.DEVNULL)
    print(f"seconds of the fast tests: {time.perf_counter() - start:.1f}")


if __name__ == "__main__":
    main()
