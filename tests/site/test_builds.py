"""A build that would be dead stops with one line; what `make serve` shows follows an edit."""

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from extensions import assets, served
from tests.support import servers, site

pytestmark = [pytest.mark.slow, pytest.mark.process]
PAGE = "docs/recipes/count-visits.md"


@pytest.fixture
def short_copy(project_copy: Path) -> Path:
    """A copy with one whole page: of the others only the titles are left, since each edit builds all of them."""
    for page in (project_copy / "docs").rglob("*.md"):
        if page != project_copy / PAGE:
            text = page.read_text("utf-8")
            page.write_text(text[: re.search(r"^# .+\n", text, re.MULTILINE).end()], "utf-8")
    return project_copy


@pytest.mark.parametrize("name", assets.NEEDED)
def test_a_build_that_lacks_something_says_what_in_one_line(project_copy, tmp_path, name):
    path = project_copy / name
    (project_copy / "node_modules").unlink()
    (project_copy / "node_modules").mkdir()
    (project_copy / "node_modules/esbuild").symlink_to(site.ROOT / "node_modules/esbuild")
    path.rename(tmp_path / "gone")
    result = site.build(tmp_path / "site", project_copy)
    assert result.returncode == 1
    assert re.search(rf"^(ERROR +- +|Error: )?{name} is missing: .+$", result.stdout, re.MULTILINE), result.stdout
    assert "Traceback" not in result.stdout


def test_a_build_with_other_line_ends_says_so_in_one_line(project_copy, tmp_path):
    path = project_copy / "snippets/count_visits/app.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = site.build(tmp_path / "site", project_copy)
    assert result.returncode == 1
    assert "snippets/count_visits/app.py has Windows line ends: " in result.stdout
    assert "Traceback" not in result.stdout


def test_git_gives_every_text_the_line_ends_that_the_build_wants():
    listed = subprocess.run(["git", "ls-files", "--eol"], cwd=site.ROOT, capture_output=True, text=True, check=True)
    assert [
        line for line in listed.stdout.splitlines() if "eol=lf" not in line and "-text" not in line.split("\t")[0]
    ] == []


# An edit, and the part of the site in which it is seen then.
EDITS = {
    "docs/recipes/count-visits.md": ("# Count visits", "# Count visits, edited"),
    "snippets/count_visits/app.py": ("Visits: ", "Edited: "),
    "live/page/share/share.js": ("Copy link", "Copy link, edited"),
    "live/worker/runner.py": ('"""', '"""Edited. '),
    "live/inspector/inspector.js": ("data-part=", "data-edited="),
}


@contextlib.contextmanager
def serving(root: Path):
    """The address at which `mkdocs serve` shows a project, while the block runs."""
    port = servers.free_port()
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(root)}
    with subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def seen(address: str) -> str:
    """A page, and all modules that it may fetch, as text; empty while the server starts."""
    with contextlib.suppress(OSError):
        page = urllib.request.urlopen(f"{address}recipes/count-visits/").read().decode()  # noqa: S310
        listed = urllib.request.urlopen(f"{address}assets/live/modules.json").read().decode()  # noqa: S310
        names = set(re.findall(r'"([\w-]+\.js)"', listed))
        modules = (urllib.request.urlopen(f"{address}assets/live/{name}").read().decode() for name in names)  # noqa: S310
        return page + "".join(modules)
    return ""


def wait_for(address: str, text: str) -> float:
    """Seconds until a text is seen."""
    start = time.perf_counter()
    while text not in seen(address):
        assert time.perf_counter() - start < 60, f"{text!r} did not come"
        time.sleep(0.1)
    return time.perf_counter() - start


@pytest.mark.long
def test_an_edit_is_served_soon_and_the_page_can_load_itself_again(short_copy):
    with serving(short_copy) as address:
        wait_for(address, "Count visits")
        page = urllib.request.urlopen(f"{address}recipes/count-visits/").read().decode()  # noqa: S310
        assert "livereload(" in page
        assert "Content-Security-Policy" not in page
        for name, (old, new) in EDITS.items():
            text = (short_copy / name).read_text("utf-8")
            assert old in text
            (short_copy / name).write_text(text.replace(old, new), "utf-8")
            seconds = wait_for(address, new.strip('#" '))
            sys.stdout.write(f"{name}: {seconds:.1f} seconds\n")


FAULT = f"{PAGE}:[0-9]+: there is no snippet file snippets/count_visits/ap.py"


def edit(root: Path, old: str, new: str) -> None:
    """Replace a text of the page."""
    text = (root / PAGE).read_text("utf-8")
    assert old in text
    (root / PAGE).write_text(text.replace(old, new), "utf-8")


@pytest.mark.browser
@pytest.mark.long
def test_the_browser_loads_an_edited_page_again_and_shows_what_stops_a_build(short_copy, page):
    with serving(short_copy) as address:
        wait_for(address, "Count visits")
        page.goto(f"{address}recipes/count-visits/")
        edit(short_copy, "# Count visits", "# Count visits, edited")
        expect(page.locator("h1")).to_contain_text("edited", timeout=60_000)
        edit(short_copy, '"count_visits/app.py"', '"count_visits/ap.py"')
        expect(page.locator("h1")).to_have_text("The build failed", timeout=60_000)
        expect(page.locator("pre")).to_have_text(re.compile(FAULT))
        edit(short_copy, '"count_visits/ap.py"', '"count_visits/app.py"')
        expect(page.locator("h1")).to_contain_text("edited", timeout=60_000)


def test_a_fault_takes_the_place_of_each_page_until_the_next_build(tmp_path):
    docs, built = tmp_path / "docs", tmp_path / "site"
    for name in ("index.md", "recipes/new.md"):
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text("", "utf-8")
    built.mkdir()
    faults = [ValueError("<a fault>"), SystemExit("stopped"), None]

    def build():
        if fault := faults.pop(0):
            raise fault

    rebuild = served.shown(build, built, docs)
    for text in ("ValueError: &lt;a fault&gt;", "SystemExit: stopped"):
        rebuild()
        for name in ("index.html", "recipes/new/index.html", "404.html"):
            assert text in (built / name).read_text("utf-8")
    rebuild()
    assert faults == []
