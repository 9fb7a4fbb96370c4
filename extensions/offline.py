"""Put the service worker into a finished site: it keeps pages, so that they work without network.

Its address never changes, so that a browser finds each new version, or the one that takes it away. It has to be the
last step of a build, because the build's name is a hash of all pages.
"""

import hashlib
import json
import os
import re
from pathlib import Path

from extensions import assets, search, served

NAME = "service-worker.js"
# Files that have a hash of their contents in their address, as live/offline/service-worker.js knows them.
HASHED = re.compile(r"assets/.*[-.](?:[0-9a-f]{8}|[0-9A-Z]{8})[./]")
# What every page with an example needs: the modules and the runtime, without what some apps, tests or a search fetch.
CORE = re.compile(r"assets/live/(?:[\w-]+\.(?:js|css)|cpython-\w+/.*|pyodide-.*|python-.*)")
IMAGE = re.compile(r' (src|href)="([^":]*?)(assets/(?:figures/|images/)?[\w-]+\.(?:svg|png))"')
SHEET = re.compile(r"(assets/stylesheets/main\.)\w{8}(\.min\.css)")
CHARSET = '<meta charset="utf-8">'


def content_hash(path: Path) -> str:
    """Eight characters of the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def with_hash(site: Path, name: str) -> str:
    """The address of a copy of an image, with a hash of its contents; the image keeps its own address as well."""
    data = (site / name).read_bytes()
    copy = assets.hashed(name, data)
    (site / copy).write_bytes(data)
    return copy


def address_files(site: Path, pages: dict[Path, str]) -> dict[Path, str]:
    """The pages with addresses of images, and of the theme's style sheet, that contain a hash of the contents."""
    sheets = {}
    for sheet in site.glob("assets/stylesheets/main.*.min.css"):
        new = sheet.with_name(SHEET.sub(rf"main.{content_hash(sheet)}.min.css", "assets/stylesheets/" + sheet.name))
        sheets[sheet.name] = new.name
        sheet.rename(new)
    copies: dict[str, str] = {}

    def image(match: re.Match) -> str:
        attribute, up, name = match.groups()
        if name not in copies:
            copies[name] = with_hash(site, name) if (site / name).is_file() else name
        return f' {attribute}="{up}{copies[name]}"'

    done = {}
    for path, html in pages.items():
        for old, renamed in sheets.items():
            html = html.replace(old, renamed)
        done[path] = IMAGE.sub(image, html)
    return done


def write(site: Path, root: Path = assets.ROOT) -> None:
    """Write the service worker, and each page's build into the page. A site to `serve` here has neither.

    SERVICE_WORKER=gone in the environment writes the one that takes the others away.
    """
    if served.state["serve"]:
        return
    paths = sorted(page for page in site.rglob("*.html") if page.relative_to(site).parts[0] != "assets")
    pages = address_files(site, {path: path.read_text("utf-8") for path in paths})
    gone = os.environ.get("SERVICE_WORKER") == "gone"
    files = sorted(path.relative_to(site).as_posix() for path in site.glob("assets/**/*") if path.is_file())
    files = [name for name in files if HASHED.match(name) and not name.endswith(".map")]
    texts = "".join(f"{path.relative_to(site).as_posix()}\n{html}\n" for path, html in pages.items())
    build = hashlib.sha256("\n".join([texts, *files]).encode()).hexdigest()[:8]
    for path, html in pages.items():
        named = html if gone else html.replace(CHARSET, f'{CHARSET}<meta name="build" content="{build}">', 1)
        path.write_text(named, "utf-8")
    script = (root / "live/offline" / ("gone.js" if gone else NAME)).read_text("utf-8")
    core = [name for name in files if CORE.fullmatch(name)]
    settings = site / search.THEME_INDEX
    # Each page of the theme asks for it, at an address without a hash. Zensical has none.
    asked = {search.THEME_INDEX: settings.read_text("utf-8")} if settings.is_file() else {}
    values = {"BUILD": build, "CORE": core, "FILES": files, "ASKED": asked}
    first = "" if gone else f"self.OFFLINE = {json.dumps(values, separators=(',', ':'))};\n"
    (site / NAME).write_text(first + script, "utf-8")
