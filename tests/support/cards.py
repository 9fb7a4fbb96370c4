"""Draw the pictures that sites show beside a shared link: `python -m tests.support.cards`, for docs/assets/cards/.

Each PNG contains a hash of the SVG that it was drawn from, so a test can tell on any machine whether it is up to date;
fonts differ between machines, and so do the pixels.
"""

import hashlib
import html
import struct
import zlib
from pathlib import Path

from tests.support import chromium, site

FOLDER = site.ROOT / "docs/assets/cards"
SIZE = (1200, 630)
CARDS = {
    "site": ("Flask sessions", "The guide that proves itself: tested code that runs in the page"),
    "learn": ("Learn Flask sessions", "From the first value to log in and log out"),
    "understand": ("Understand Flask sessions", "What is in the cookie, and when Flask saves it"),
    "recipes": ("Recipes for Flask sessions", "Whole apps to copy, each line tested"),
    "reference": ("Flask sessions: reference", "Settings, values, errors and versions"),
    "tools": ("Cookie inspector", "Take a Flask session cookie apart, in your browser"),
}


def drawing(name: str) -> str:
    """The SVG of a card."""
    title, line = (html.escape(text) for text in CARDS[name])
    place = '<svg x="80" y="80" width="110" height="110" '
    mark = (site.ROOT / "docs/assets/mark.svg").read_text("utf-8").replace("<svg ", place, 1)
    width, height = SIZE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
        f'<rect width="{width}" height="{height}" fill="#fffdf9"/>'
        f'<rect y="610" width="{width}" height="20" fill="#a23e14"/>'
        f'{mark}<text x="80" y="350" font-size="76" font-weight="700" fill="#25211c">{title}</text>'
        f'<text x="80" y="430" font-size="34" fill="#655d53">{line}</text></svg>'
    )


def digest(name: str) -> str:
    """The hash of a card's drawing."""
    return hashlib.sha256(drawing(name).encode()).hexdigest()


def with_text(png: bytes, text: str) -> bytes:
    """A PNG with a tEXt chunk *Source* ahead of its end (PNG 3rd edition, 11.3.3.2)."""
    data = b"Source\0" + text.encode("latin-1")
    chunk = struct.pack(">I", len(data)) + b"tEXt" + data + struct.pack(">I", zlib.crc32(b"tEXt" + data))
    return png[:-12] + chunk + png[-12:]


def text_of(png: bytes) -> str | None:
    """The text of the chunk *Source*; None if there is none."""
    _, found, rest = png.partition(b"tEXtSource\0")
    return rest[:64].decode("latin-1") if found else None


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def draw() -> None:
    """Draw all cards in Chromium."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        for name in CARDS:
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawing(name)}")
            Path(FOLDER / f"{name}.png").write_bytes(with_text(page.screenshot(), digest(name)))
        browser.close()


if __name__ == "__main__":
    draw()
