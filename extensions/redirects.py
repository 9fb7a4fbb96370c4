"""Keep old addresses working, without rules on the server: redirects.toml names what has taken their place.

A page that moved leaves a small page that leads to the new one and keeps the fragment. An anchor that has another name
is an empty element at its new place. An example that has another name knows the old one, which shared links contain.
"""

import html
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")
PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>This page has moved</title>
    <meta name="viewport" content="width=device-width">
    <meta name="robots" content="noindex">
    <script>
      addEventListener("DOMContentLoaded", () => location.replace(document.links[0].href + location.hash));
    </script>
    <noscript><meta http-equiv="refresh" content="0; url={address}"></noscript>
  </head>
  <body>
    <p>This page has moved: <a href="{address}">{address}</a></p>
  </body>
</html>
"""


def read(path: Path = TABLE) -> dict[str, dict[str, str]]:
    """The table: pages, anchors and examples."""
    return tomllib.loads(path.read_text("utf-8"))


def page(old: str, new: str) -> str:
    """The page that stays at an old address; both are relative to the site's root."""
    return PAGE.format(address=html.escape("../" * old.count("/") + new))


def with_aliases(text: str, anchors: dict[str, str]) -> str:
    """A page on which old anchors lead to the elements of these ids."""
    for old, new in anchors.items():
        text = re.sub(rf'<\w+ (?:[^>]* )?id="{re.escape(new)}"', rf'<a id="{old}"></a>\g<0>', text, count=1)
    return text


def with_examples(text: str, examples: dict[str, str]) -> str:
    """A page whose examples know their old names, of which one can have several."""
    for new in dict.fromkeys(examples.values()):
        folder, _, app = new.partition("/")
        named = rf' data-app="{re.escape(app)}"[^>]* data-folder="{re.escape(folder)}"'
        names = " ".join(old for old, other in examples.items() if other == new)
        text = re.sub(named, rf'\g<0> data-was="{names}"', text)
    return text


def write(folder: Path, harden: Callable[[str], str], table: dict[str, dict[str, str]] | None = None) -> None:
    """Put the old addresses into a finished site; `harden` gives a page its Content-Security-Policy."""
    table = table or read()
    for old, new in table["pages"].items():
        path = folder / old / "index.html"
        path.parent.mkdir(parents=True)  # fails if there is still a page
        path.write_text(harden(page(old, new)), "utf-8")
    for address in {key.partition("#")[0] for key in table["anchors"]}:
        path = folder / address / "index.html"
        own = {key.partition("#")[2]: new for key, new in table["anchors"].items() if key.startswith(f"{address}#")}
        path.write_text(with_aliases(path.read_text("utf-8"), own), "utf-8")
    if table["examples"]:
        for path in folder.rglob("index.html"):
            path.write_text(with_examples(path.read_text("utf-8"), table["examples"]), "utf-8")
