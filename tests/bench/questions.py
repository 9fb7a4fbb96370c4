"""Ask the site's search what people asked in public, in Chromium, and follow the first link to the right page.

python -m tests.bench.questions FOLDER, where FOLDER has a built site: for each question of tests/site/questions.toml
with `answers`, print the page's rank, and whether one of these sentences is in the first screen, wide and narrow.
"""

import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.support import chromium, site

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
ITEM = ".md-search-result__item"
BEST = """items => items.map((item) => {
  const links = [...item.querySelectorAll(".md-search-result__link")];
  const score = (link) => Number(link.querySelector("[data-md-score]").dataset.mdScore);
  return links.reduce((best, link) => (score(link) > score(best) ? link : best)).href;
})"""
# Where a sentence is, in pixels from the window's top: its beginning and its end, for each element that shows it.
PLACES = """(sentence) => {
  const found = [];
  for (const element of document.querySelectorAll("article p, article li, article td, article pre")) {
    if (!element.getClientRects().length) continue;
    const nodes = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const at = nodes.flatMap((node) => [...node.data].map((sign, offset) => ({ node, offset, sign })));
    const text = at.map(({ sign }) => (/\\s/.test(sign) ? " " : sign)).join("");
    const start = text.indexOf(sentence);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(at[start].node, at[start].offset);
    range.setEnd(at[start + sentence.length - 1].node, at[start + sentence.length - 1].offset + 1);
    const { top, bottom } = range.getBoundingClientRect();
    found.push([top, bottom]);
  }
  return found;
}"""
HEADER = "document.querySelector('.md-header').getBoundingClientRect().bottom"


def asked_of(page: Page, question: str) -> list[str]:
    """For each page that the search gives, the link that Enter would open: the one with the highest score."""
    box = page.locator(".md-search__input")
    box.fill("")
    page.keyboard.press("End")  # the theme looks at the box when a key goes up
    page.locator(ITEM).first.wait_for(state="detached")
    box.fill(question)
    page.keyboard.press("End")
    page.locator(ITEM).first.wait_for(state="attached")
    page.wait_for_timeout(300)
    return page.locator(ITEM).evaluate_all(BEST)


def seen(page: Page, address: str, answers: list[str], size: tuple[int, int]) -> bool:
    """Whether one of the sentences is wholly in the first screen after following a link."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("about:blank")
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    header = page.evaluate(HEADER)
    places = [place for answer in answers for place in page.evaluate(PLACES, answer)]
    return any(header <= top and bottom <= size[1] for top, bottom in places)


def main(folder: Path) -> None:
    """Print a line for each question, and the sums."""
    questions = tomllib.loads((site.ROOT / "tests/site/questions.toml").read_text("utf-8"))["question"]
    wanted = [asked for asked in questions if "answers" in asked]
    sums = dict.fromkeys(("first", "among three", *SIZES, "first and both sizes"), 0)
    with site.served(folder) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        page, reader = browser.new_page(), browser.new_page()
        page.goto(f"{home}recipes/count-visits/")
        page.locator(".md-search__input").focus()
        for asked in wanted:
            items = asked_of(page, asked["question"])
            at = urlsplit(f"{home}{asked['page']}/").path
            places = [n for n, href in enumerate(items, 1) if urlsplit(href).path == at]
            rank = places[0] if places else 99
            link = items[rank - 1] if places else ""
            shown = {name: bool(link) and seen(reader, link, asked["answers"], size) for name, size in SIZES.items()}
            sums["first"] += rank == 1
            sums["among three"] += rank <= 3
            for name in SIZES:
                sums[name] += shown[name]
            sums["first and both sizes"] += rank == 1 and all(shown.values())
            told = ", ".join(f"{name} {'yes' if there else 'no'}" for name, there in shown.items())
            sys.stdout.write(f"{asked['id']} rank {rank}, {told}: {link.removeprefix(home)}\n")
        browser.close()
    for name, count in sums.items():
        sys.stdout.write(f"{name}: {count} of {len(wanted)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
