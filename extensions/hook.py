"""MkDocs hook: what the theme leaves open in the finished HTML, and no reader depends on."""

import base64
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment
from mkdocs.exceptions import PluginError

from extensions import assets, changes, copies, history, lean, licences, proven, redirects, search, served, snippets

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
# The theme's palettes: site.css sets every color that they would.
PALETTE = re.compile(r'<link rel="stylesheet" href="[^"]*/palette\.[^"]*">\n?')
# Names, operators, punctuation and white space need no color; without their tags a page is a twentieth smaller.
PLAIN = re.compile(r'<span class="(?:[nopw]|nn)">([^<]*)</span>')

ordered: list = []  # the pages (mkdocs.structure.pages.Page), as the navigation has them
dated: dict[str, str | None] = {}  # each page's file below docs/, with the day of its last commit
classes: set[str] = set()  # the values of all class attributes that the pages have


def harden(html: str) -> str:
    """The page with a Content-Security-Policy that names its own inline scripts by their hashes (CSP 3, 2.3.1)."""
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE_SCRIPT.findall(html))
    scripts = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(scripts=scripts)}">'
    for error, mended in ERRORS.items():
        html = html.replace(error, mended)
    html = PALETTE.sub("", html, count=1)
    classes.update(lean.CLASSES.findall(html))
    if served.state["serve"]:  # its inline script, which loads the page again after an edit, comes later
        return html
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n      {meta}', 1)


def on_startup(command: str, **_: object) -> None:
    """Remember what is asked for."""
    served.state["serve"] = command == "serve"


def on_config(config: dict, **_: object) -> None:
    """Stop before the first build if the server could not start after it."""
    if not served.state["serve"] or served.state["started"]:
        return
    served.state["started"] = True
    host, port = config["dev_addr"]
    if served.taken(host, port):
        raise PluginError(f"port {port} is in use; choose another one, for example make serve PORT={port + 1}")


def on_serve(server, config: dict, **_: object):
    """Have the pages show the fault of a build that fails."""
    server.builder = served.shown(server.builder, Path(server.root), Path(config["docs_dir"]))
    return server


def on_build_error(error: Exception, **_: object) -> None:
    """Remember the fault: MkDocs only tells the server that there was one."""
    served.state["error"] = error


def on_pre_build(**_: object) -> None:
    """Stop a build that would be dead."""
    try:
        assets.check()
    except assets.BuildFault as fault:
        raise PluginError(str(fault)) from None


def on_nav(nav, **_: object) -> None:
    """Remember the order of the pages, and when each was last changed: for its foot, and for the sitemap."""
    ordered[:] = nav.pages
    days = history.changed()
    for page in ordered:
        dated[page.file.src_uri] = history.day_of(page.file.src_uri, days)
        if dated[page.file.src_uri]:  # or MkDocs keeps the day of the build: the sitemap compares all of them
            page.update_date = dated[page.file.src_uri]


def on_page_markdown(markdown: str, page, **_: object) -> str:
    """Tell the template the day; the front matter is read by now."""
    page.meta["changed"] = dated.get(page.file.src_uri)
    return markdown


def breadcrumbs(page) -> str:
    """The page's place in the navigation as JSON-LD (schema.org's BreadcrumbList)."""
    names = [*(section.title for section in reversed(page.ancestors)), page.title]
    items: list[dict] = [
        {"@type": "ListItem", "position": number, "name": name} for number, name in enumerate(names, 1)
    ]
    items[-1]["item"] = page.canonical_url
    found = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
    return json.dumps(found).replace("<", "\\u003c")


def on_page_content(html: str, **_: object) -> str:
    """A page's text, before the search reads it: it takes half as long without those tags."""
    return PLAIN.sub(r"\1", html)


def on_post_page(output: str, **_: object) -> str:
    """Every page."""
    return harden(output)


def on_post_template(output_content: str, template_name: str, **_: object) -> str:
    """The templates that MkDocs renders without a page: 404.html, but not the sitemap."""
    return harden(output_content) if template_name.endswith(".html") else output_content


def on_env(env: Environment, **_: object) -> Environment:
    """Tell the templates what this build was proven on, and leave the white space around their statements out.

    Tests name a record of their own in $PROVEN.
    """
    env.globals["proven"] = proven.read(Path(os.environ.get("PROVEN", proven.FILE)))
    env.globals["breadcrumbs"] = breadcrumbs
    env.trim_blocks = env.lstrip_blocks = True
    return env


def robots(address: str) -> str | None:
    """robots.txt (RFC 9309) of a site at the root of its host; None elsewhere, where nobody asks for one."""
    return f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n" if urlsplit(address).path == "/" else None


def on_post_build(config: dict, **_: object) -> None:
    """Write the zips that the pages offer and their copies in Markdown, what pages fetch, and a smaller style sheet."""
    site = Path(config["site_dir"])
    for path, data in snippets.ZIPS.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    pages = [
        copies.Page(
            source=page.file.src_uri,
            url=page.url,
            title=page.title,
            description=page.meta.get("description", ""),
            section=page.parent.title if page.parent else "Start here",
            text=page.file.content_string,
        )
        for page in ordered
    ]
    for name, text in copies.files(config["site_name"], config["site_description"], pages, config["site_url"]):
        (site / name).write_text(text, "utf-8")
    (site / changes.FEED).write_text(changes.feed(changes.read(), config["site_name"], config["site_url"]), "utf-8")
    if rules := robots(config["site_url"]):
        (site / "robots.txt").write_text(rules, "utf-8")
    licences.write(site)
    # Word lists of the theme's search, in the place of which the site has its own.
    shutil.rmtree(site / "assets/javascripts/lunr", ignore_errors=True)
    redirects.write(site, harden)
    try:
        assets.finish(site, serve=served.state["serve"])
    except assets.BuildFault as fault:
        raise PluginError(str(fault)) from None
    lean.trim_site(site, classes)
    search.write(
        site,
        [
            search.Page(
                url=page.url,
                title=page.title,
                description=page.meta.get("description", ""),
                questions=page.meta.get("questions", []),
                weight=page.meta.get("search", {}).get("boost", 1),
                entries=[entry.id for room in page.toc for topic in room.children for entry in topic.children]
                if page.url == search.MESSAGES
                else [],
            )
            for page in ordered
            if not page.meta.get("search", {}).get("exclude")
        ],
    )
