"""What the site's builder leaves open, as plain functions: the hook calls them for MkDocs, zensical.py for Zensical."""

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from extensions import assets, challenges, changes, copies, embeds, lean, licences, redirects, served, snippets

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Errors in the theme's HTML: a checkbox has nothing to complete, and a tabindex is a number.
ERRORS = {
    f'type="checkbox" id="{toggle}" autocomplete="off"': f'type="checkbox" id="{toggle}"'
    for toggle in ("__drawer", "__search")
} | {' tabindex=""': ""}
# The label that opens a part in the menu has an icon and no name where the part's own name is a link to its page.
NAMELESS = re.compile(
    r'(<span class="md-ellipsis">\s*([^<]+?)\s*</span>\s*</a>\s*<label class="md-nav__link[^>]*>\s*)'
    r'(<span class="md-nav__icon md-icon">)(?=</span>)'
)
# White space at the beginning of a line of the frame around a page's text.
INDENT = re.compile(r"\n\s+")
# What built the site is of no use to a reader.
GENERATOR = re.compile(r'<meta name="generator"[^>]*>\n?')
# The theme's palettes: site.css sets every color that they would.
PALETTE = re.compile(r'<link rel="stylesheet" href="[^"]*/palette\.[^"]*">\n?')
# Names, operators, punctuation and white space need no color; without their tags a page is a twentieth smaller.
PLAIN = re.compile(r'<span class="(?:[nopw]|nn)">([^<]*)</span>')

classes: set[str] = set()  # the values of all class attributes that the pages have


def lighter(html: str) -> str:
    """A page without the indentation of what is around its text."""
    start, article, rest = html.partition("<article")
    text, foot, end = rest.rpartition('<footer class="page-foot">')
    if not foot:
        return html
    return "".join([INDENT.sub("\n", start), article, text, foot, INDENT.sub("\n", end)])


def harden(html: str) -> str:
    """The page with a Content-Security-Policy that names its own inline scripts by their hashes (CSP 3, 2.3.1)."""
    html = NAMELESS.sub(r'\1\3<span class="hidden-name">Pages of \2</span>', lighter(html))
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE_SCRIPT.findall(html))
    scripts = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(scripts=scripts)}">'
    for error, mended in ERRORS.items():
        html = html.replace(error, mended)
    if 'id="__toc"' not in html:  # the page of a part has no such checkbox
        html = html.replace(' for="__toc"', "")
    html = GENERATOR.sub("", PALETTE.sub("", html, count=1), count=1)
    classes.update(lean.CLASSES.findall(html))
    if served.state["serve"]:  # its inline script, which loads the page again after an edit, comes later
        return html
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{meta}', 1)


def plainer(html: str) -> str:
    """A page's text without those tags."""
    return PLAIN.sub(r"\1", html)


def breadcrumbs(names: Sequence[str], address: str) -> str:
    """A page's place in the navigation as JSON-LD (schema.org's BreadcrumbList); the last of the names is its own."""
    items: list[dict] = [
        {"@type": "ListItem", "position": number, "name": name} for number, name in enumerate(names, 1)
    ]
    items[-1]["item"] = address
    found = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
    return json.dumps(found).replace("<", "\\u003c")


def robots(address: str) -> str | None:
    """robots.txt (RFC 9309) of a site at the root of its host; None elsewhere, where nobody asks for one."""
    return f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n" if urlsplit(address).path == "/" else None


def write(site: Path, name: str, description: str, address: str, pages: Sequence[copies.Page]) -> None:
    """Write the zips that the pages offer their copies in Markdown, pages to embed, what pages fetch, and a smaller
    style sheet.

    Raises assets.BuildFault if the site can't be finished.
    """
    for path, data in snippets.ZIPS.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    for path, data in challenges.files():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    for path, text in copies.files(name, description, list(pages), address):
        (site / path).write_text(text, "utf-8")
    (site / changes.FEED).write_text(changes.feed(changes.read(), name, address), "utf-8")
    if rules := robots(address):
        (site / "robots.txt").write_text(rules, "utf-8")
    licences.write(site)
    # Word lists of the theme's search, in the place of which the site has its own.
    shutil.rmtree(site / "assets/javascripts/lunr", ignore_errors=True)
    embeds.write(site, name, address, pages, harden)
    redirects.write(site, harden)
    assets.finish(site, serve=served.state["serve"])
    lean.trim_site(site, classes)
