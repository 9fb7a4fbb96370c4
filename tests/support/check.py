"""`make check`: what a writer changed, in less than a minute: the fast loop, and the touched pages in a browser."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chain import chain
from tests.support import site

# Each test of a page by its address, with the addresses that it is there for.
BY_ADDRESS = (
    "tests/site/test_site_browser.py::test_axe_finds_nothing",
    "tests/runner/test_page_tests.py::test_all_tests_of_a_page_pass_in_the_page",
    "tests/runner/test_live_site.py::test_every_live_example_of_a_page_runs_in_the_same_panel",
    "tests/runner/test_live_beside.py::test_each_wrong_app_is_run_beside_the_right_one",
)
WHOLE = ("tests/site/test_site.py", "tests/site/test_site_html.py")
# A change here can change every page: one page of each kind is looked at then.
EVERYWHERE = ("docs/templates/", "docs/assets/", "extensions/", "live/", "mkdocs.yml")
LINTERS = (
    ["ruff", "format", "--check"],
    ["ruff", "check"],
    ["npx", "biome", "ci", "--error-on-warnings", "."],
    ["npx", "tsc", "--project", "."],
)
SECTIONS = ("learn/", "understand/", "recipes/", "reference/")


def git(*arguments: str) -> list[str]:
    """The lines that git prints; none if it fails, as where there is no branch of this name."""
    result = subprocess.run(["git", *arguments], cwd=site.ROOT, capture_output=True, text=True)
    return [] if result.returncode else result.stdout.splitlines()


def changed() -> list[str]:
    """The files that differ from where this branch left main, with those that git doesn't know yet."""
    bases = git("merge-base", "HEAD", "origin/main") or git("merge-base", "HEAD", "main") or ["HEAD"]
    return sorted({*git("diff", "--name-only", bases[0]), *git("ls-files", "--others", "--exclude-standard")})


def touched(files: list[str], root: Path = site.ROOT) -> list[str]:
    """The addresses of the pages that a change of these files touches."""
    pages = set()
    shown = chain.shown(root)
    for page in chain.pages(root):
        name = page.relative_to(root).as_posix()
        mine = {name, f"tests/pages/test_{chain.name(page)}.py"}
        mine |= {f"snippets/{snippet}" for snippet, showing in shown.items() if name in showing}
        if mine & set(files) or any(file.startswith(f"snippets/{chain.name(page)}/") for file in files):
            pages.add(page)
    addresses = [address_of(page, root) for page in sorted(pages)]
    if any(file.startswith(EVERYWHERE) for file in files):
        every = site.addresses(root)
        addresses += [next(address for address in every if address.startswith(section)) for section in SECTIONS]
    return list(dict.fromkeys(addresses))


def address_of(page: Path, root: Path = site.ROOT) -> str:
    """The address of a page, relative to the site's."""
    stem = page.relative_to(root / "docs").with_suffix("").as_posix()
    return "" if stem == "index" else f"{stem.removesuffix('/index')}/"


def tests_of(addresses: list[str], collected: set[str]) -> list[str]:
    """The tests of these pages: those of the browser by their address, and their own files with all that they start."""
    names = [f"{test}[chromium-{address}]" for test in BY_ADDRESS for address in addresses]
    files = {f"tests/pages/test_{Path(address).name.replace('-', '_')}.py" for address in addresses}
    return [name for name in names if name in collected] + sorted(f for f in files if (site.ROOT / f).is_file())


def collected(tests: tuple[str, ...]) -> set[str]:
    """The names of the tests in these files."""
    files = sorted({test.partition("::")[0] for test in tests})
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "", *files],
        cwd=site.ROOT,
        capture_output=True,
        text=True,
    )
    return set(listed.stdout.splitlines())


def run(command: list[str]) -> tuple[str, int, str, float]:
    """Run a command: what it is, its status, what it printed, and its seconds."""
    start = time.monotonic()
    result = subprocess.run(command, cwd=site.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    name = " ".join(command[2:] if command[0] == sys.executable else command)
    return name, result.returncode, result.stdout, time.monotonic() - start


def main() -> None:
    """Run the checks, two at a time, and end with the status of the worst."""
    files = changed()
    addresses = touched(files)
    names = ", ".join(f"/{address}" for address in addresses) or "no page"
    sys.stdout.write(f"{len(files)} changed files touch {names}.\n")
    python = [sys.executable, "-m"]
    pages = [*python, "pytest", "-q", "-m", "not slow", *WHOLE]  # a fault seeded in a copy takes minutes
    if addresses:
        pages += tests_of(addresses, collected(BY_ADDRESS))
    commands = [pages, [*python, "pytest", "-q"], *LINTERS, [*python, "mypy"]]
    worst = 0
    with ThreadPoolExecutor(2) as pool:
        for name, status, output, seconds in pool.map(run, commands):
            short = name if len(name) < 60 else f"{name[:57]}..."
            sys.stdout.write(f"{'failed' if status else 'passed'} in {seconds:4.1f} s: {short}\n")
            worst = max(worst, status)
            if status:
                sys.stdout.write(output)
            elif "did not run" in output:
                sys.stdout.write(output.partition(" not run ")[2].partition("\n")[2])
    sys.exit(worst)


if __name__ == "__main__":
    main()
