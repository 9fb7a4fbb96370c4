"""The memory of a page after 200 requests to an example, as a ratio to that after 20, in Chromium. Nothing is tested.

python -m tests.bench.memory
"""

import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.runner import live_page
from tests.support import chromium

REQUESTS = (20, 200)
# Presses Reload until the app has answered so often.
VISIT = """async (number) => {
  const button = [...document.querySelectorAll(".live-panel button")].find((one) => one.textContent === "Reload");
  const shown = () => document.querySelector("iframe")?.contentDocument?.body?.textContent;
  for (let visits = 0; visits < number; ) {
    button.click();
    const before = shown();
    while (shown() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    visits = Number(shown().split(" ")[1]);
  }
}"""


def children(parent: int) -> list[int]:
    """A process's own, and theirs."""
    found = [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text("utf-8").split()]
    return found + [one for child in found for one in children(child)]


def memory() -> int:
    """The kilobytes of the page's process, which is the largest of those that show pages."""
    renderers = [
        pid for pid in children(os.getpid()) if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8") for pid in renderers]
    return max(int(text.split("Pss:")[1].split()[0]) for text in rollups)


def after(page: Page, requests: int) -> int:
    """The memory after so many requests in all, and after what can be freed is freed."""
    page.evaluate(VISIT, requests)
    page.wait_for_timeout(2000)
    page.request_gc()
    return memory()


def main() -> None:
    """Print the ratio."""
    with sync_playwright() as playwright, live_page.served() as address:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        page = browser.new_page()
        page.goto(f"{address}?count_visits/app.py")
        page.get_by_role("button", name="Run", exact=True).click()
        page.frame_locator("iframe").get_by_text("Visits: 1").wait_for(timeout=120_000)
        few, many = (after(page, number) for number in REQUESTS)
        print(f"memory after {REQUESTS[1]} requests: {many / few:.3f} of that after {REQUESTS[0]}")
        browser.close()


if __name__ == "__main__":
    main()
