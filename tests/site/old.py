"""A site's addresses, and where each leads: to a page, an anchor, or an example that shared links name."""

import html
import re
import sys
from pathlib import Path

ANCHOR = re.compile(r'<(?:h[1-6]|details class="page-test") id="([^"]+)"')
ALIAS = re.compile(r'<a id="([^"]+)"></a>')
EXAMPLE = re.compile(r' data-app="([^"]+)"[^>]* data-folder="([^"]+)"(?: data-was="([^"]+)")?')
MOVED = re.compile(r'<p>This page has moved: <a href="([^"]+)">')
EDIT = "edit="  # as in live/page/share/share.js


def addresses(folder: Path) -> list[str]:
    """All addresses of a built site: of pages, of headings and tests, of examples that shared links name."""
    found = []
    for path in sorted(folder.rglob("index.html")):
        address = path.parent.relative_to(folder).as_posix().removeprefix(".")
        address = f"{address}/" if address else ""
        text = path.read_text("utf-8")
        if address.startswith("assets/") or MOVED.search(text):
            continue
        found.append(address or "./")
        anchors = dict.fromkeys(
            [*ANCHOR.findall(text), *(f"{EDIT}{name}/{app}" for app, name, _ in EXAMPLE.findall(text))]
        )
        found += [f"{address or './'}#{anchor}" for anchor in anchors]
    return found


def fault(folder: Path, entry: str) -> str | None:
    """Why an address leads nowhere, in one line; None if it leads somewhere."""
    address, _, anchor = entry.partition("#")
    seen = []
    while True:
        path = folder / address / "index.html"
        if address in seen or not path.is_file():
            return f"{entry}: there is no page {address}; name its successor under [pages] in extensions/redirects.toml"
        seen.append(address)
        text = path.read_text("utf-8")
        moved = MOVED.search(text)
        if not moved:
            break
        up, new = re.fullmatch(r"((?:\.\./)*)(.*)", html.unescape(moved[1])).groups()
        if up.count("../") != address.count("/"):
            return f"{entry}: the page {address} leads out of the site"
        address, hash_, other = new.partition("#")
        anchor = anchor or (other if hash_ else "")
    examples = {name for app, folder, was in EXAMPLE.findall(text) for name in (f"{folder}/{app}", *was.split())}
    if anchor.startswith(EDIT):
        if anchor.removeprefix(EDIT) not in examples:
            return f"{entry}: name the example's successor under [examples] in extensions/redirects.toml"
    elif anchor and anchor not in ANCHOR.findall(text) + ALIAS.findall(text):
        return f"{entry}: name its successor under [anchors] in extensions/redirects.toml, as {address}#{anchor}"
    return None


def main() -> None:
    """Add the addresses of the site in site/ to the list."""
    listed = Path(__file__).with_name("addresses.txt")
    lines = listed.read_text("utf-8").splitlines() if listed.is_file() else []
    lines += [entry for entry in addresses(Path(sys.argv[1])) if entry not in set(lines)]
    listed.write_text("\n".join(sorted(lines)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
