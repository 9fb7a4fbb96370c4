"""Each example that runs in the page, on a small page of its own for an <iframe>: embed/<folder>/<app>/.

It is taken from the finished page that shows the example, so that it is the same under every builder: without the
theme, but with as much of its style sheet as an example needs. It leads to that page, as it tells search engines too.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from extensions import assets, copies, lean, redirects, snippets

FOLDER = "embed"
UP = "../../../"  # from such a page to the site's root
EXAMPLE = re.compile(
    r'<div class="example(?: example-wrong)?" [^>]*>.*?<script [^>]*class="example-files"[^>]*>.*?</script>\s*</div>',
    re.DOTALL,
)
ATTRIBUTE = re.compile(r' data-([a-z]+)="([^"]*)"')
# What belongs to the text around an example: a question, a recorded state, their style sheets.
ASIDE = re.compile(
    r'<div class="predict".*?</div>\n?|<div class="recorded".*?<div id="code"></div>\n?|<link rel="stylesheet"[^>]*>',
    re.DOTALL,
)
OWN_FILE = re.compile(r'(?<=href=")(?:\.\./)*(?=assets/)')
# A listing can be wider than the frame: a key must reach it then.
LISTING, REACHED = "<pre><span></span><code>", '<pre><span></span><code tabindex="0">'
VARIABLE = re.compile(r"--[\w-]+")
SHEET = re.compile(r'href="(?:\./)?(assets/stylesheets/(?:\w+/)?main\.[^"]+\.css)"')
# Ahead of the first paint.
SCHEME = (
    '{const dark=matchMedia("(prefers-color-scheme: dark)"),'
    'look=()=>document.documentElement.dataset.mdColorScheme=dark.matches?"slate":"default";'
    'dark.addEventListener("change",look);look();document.documentElement.className="js"}'
)
# Ahead of the modules, which can't start in a frame without an origin. The height is all that another site gets.
FRAMED = (
    'if(origin==="null"){document.querySelector(".embed-allow").hidden=false;'
    'document.querySelector(".example").removeAttribute("data-app")}'
    "if(parent!==self)new ResizeObserver(([{target}])=>parent.postMessage("
    '{type:"flask-sessions-height",height:Math.ceil(target.getBoundingClientRect().height)},"*"'
    ")).observe(document.documentElement)"
)
PAGE = """<!doctype html>
<html lang="en" data-md-color-scheme="default">
<head>
<meta charset="utf-8">
<title>{name} - {site}</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
<link rel="icon" href="{up}assets/mark.svg">
<base target="_blank">
<link rel="stylesheet" href="{up}{theme}">
<link rel="stylesheet" href="{up}assets/site.css">
<link rel="stylesheet" href="{up}assets/embed.css">
<script>{scheme}</script>
<script src="{up}assets/live/page/live.js" type="module"></script>
</head>
<body>
<main class="md-typeset">
<h1 class="hidden-name">{name}</h1>
<p class="embed-allow" hidden>To run this app here, the frame must allow scripts and its own origin:
<code>sandbox="allow-scripts allow-same-origin"</code></p>
{example}
<p class="embed-off">To run this app in your browser, turn JavaScript on.</p>
<p class="embed-foot">This app is from
<a class="embed-page" href="{up}{url}" target="_blank" rel="noopener">{title}</a>, in {site}.</p>
</main>
<script>{framed}</script>
</body>
</html>
"""


@dataclass(frozen=True)
class Embed:
    """An example to embed: its folder, its app's file, its HTML, and the page that shows it first."""

    folder: str
    app: str
    html: str
    page: copies.Page

    @property
    def address(self) -> str:
        """Where it is, relative to the site's root."""
        return address_of(f"{self.folder}/{self.app}")


def address_of(example: str) -> str:
    """Where an example ("count_visits/app.py") is, relative to the site's root."""
    folder, _, app = example.partition("/")
    return f"{FOLDER}/{folder}/{snippets.module_of(app)}/"


def found(site: Path, pages: Sequence[copies.Page]) -> list[Embed]:
    """The examples of a finished site's pages that run in the reader's page, each once.

    Of the pages that show one, it leads to the page whose folder it is from, or else to the first.
    """
    embeds: dict[tuple[str, str], Embed] = {}
    for page in pages:
        own = page.url.rstrip("/").rpartition("/")[2].replace("-", "_")
        for block in EXAMPLE.findall((site / page.url / "index.html").read_text("utf-8")):
            data = dict(ATTRIBUTE.findall(block.partition(">")[0]))
            place = data["folder"], data["app"]
            if "local" in data or (place in embeds and data["folder"] != own):
                continue
            embeds[place] = Embed(*place, OWN_FILE.sub(UP, ASIDE.sub("", block)).replace(LISTING, REACHED), page)
    return list(embeds.values())


def theme(site: Path, embeds: Sequence[Embed], root: Path) -> str:
    """Put what the theme's style sheet has for these examples into the site; gives its path there."""
    words = {word for embed in embeds for value in lean.CLASSES.findall(embed.html) for word in value.split()}
    for sheet in [*root.glob("docs/assets/*.css"), *root.glob("live/page/**/*.css")]:
        words.update(VARIABLE.findall(sheet.read_text("utf-8")))
    # The one that pages use: Zensical writes those of two themes.
    [sheet] = SHEET.findall((site / "index.html").read_text("utf-8"))
    css = lean.trim((site / sheet).read_text("utf-8"), {*words, "md-typeset"}).encode()
    path = assets.hashed("assets/stylesheets/embed.css", css)
    (site / path).write_bytes(css)
    return path


def write(
    site: Path,
    name: str,
    address: str,
    pages: Sequence[copies.Page],
    harden: Callable[[str], str],
    root: Path = assets.ROOT,
) -> None:
    """Put a page for each example into a finished site; `harden` gives it its Content-Security-Policy.

    Where an example has another name now, the old name's address leads to it.
    """
    embeds = found(site, pages)
    if not embeds:
        return
    sheet = theme(site, embeds, root)
    for embed in embeds:
        path = site / embed.address / "index.html"
        path.parent.mkdir(parents=True)
        values = {
            "name": f"{embed.folder}/{embed.app}",
            "site": name,
            "canonical": urljoin(address, embed.page.url),
            "url": embed.page.url,
            "title": embed.page.title,
        }
        texts = {key: html.escape(value) for key, value in values.items()}
        page = PAGE.format(up=UP, theme=sheet, scheme=SCHEME, framed=FRAMED, example=embed.html, **texts)
        path.write_text(harden(page), "utf-8")
    there = {embed.address for embed in embeds}
    for old, new in redirects.read()["examples"].items():
        was, now = address_of(old), address_of(new)
        if now in there and was not in there:
            (site / was).mkdir(parents=True)
            (site / was / "index.html").write_text(harden(redirects.page(was, now)), "utf-8")
