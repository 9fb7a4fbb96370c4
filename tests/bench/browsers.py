"""Measure what the three engines do with cookies, and write it into the table of docs/reference/what-browsers-do.md.

python -m tests.bench.browsers
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support import chromium, cookie_runs, firefox, site, webkit
from tests.support.engine import Engine

PAGE = site.ROOT / "docs/reference/what-browsers-do.md"
SAFARI = "not run"


def rows() -> list[list[str]]:
    """The cells of the page's table: its head, then a row for each question."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|--")]


def engines() -> Iterator[Engine]:
    """Each engine, one after the other."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield chromium.Chromium(launched.new_page())
        launched.close()
    for driver in (firefox, webkit):
        with tempfile.TemporaryDirectory() as folder, driver.running(Path(folder)) as driven:
            yield driven


def main() -> None:
    """Write the table."""
    measured = {f"{one.name} {'.'.join(one.version.split('.')[:2])}": cookie_runs.answers(one) for one in engines()}
    table = [["Question", *measured, "Safari"], ["--"] * (len(measured) + 2)]
    table += [
        [question, *(found[question] for found in measured.values()), SAFARI] for question in cookie_runs.QUESTIONS
    ]
    lines = PAGE.read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("|"))
    after = next(at for at, line in enumerate(lines) if at > first and not line.startswith("|"))
    lines[first:after] = [f"| {' | '.join(row)} |".replace("| -- |", "|--|").replace(" -- |", "--|") for row in table]
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
