"""MkDocs hook: what the theme leaves open in the finished HTML, and no reader depends on."""

import os
from pathlib import Path

from jinja2 import Environment
from mkdocs.exceptions import PluginError

from extensions import assets, copies, finish, history, offline, proven, search, served

ordered: list = []  # the pages (mkdocs.structure.pages.Page), as the navigation has them
dated: dict[str, str | None] = {}  # each page's file below docs/, with the day of its last commit


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
    """The page's place in the navigation."""
    names = [*(section.title for section in reversed(page.ancestors)), page.title]
    return finish.breadcrumbs(names, page.canonical_url)


def on_page_content(html: str, **_: object) -> str:
    """A page's text, before the search reads it: it takes half as long without those tags."""
    return finish.plainer(html)


def on_post_page(output: str, **_: object) -> str:
    """Every page."""
    return finish.harden(output)


def on_post_template(output_content: str, template_name: str, **_: object) -> str:
    """The templates that MkDocs renders without a page: 404.html, but not the sitemap."""
    return finish.harden(output_content) if template_name.endswith(".html") else output_content


def on_env(env: Environment, **_: object) -> Environment:
    """Tell the templates what this build was proven on, and leave the white space around their statements out.

    Tests name a record of their own in $PROVEN.
    """
    env.globals["proven"] = proven.read(Path(os.environ.get("PROVEN", proven.FILE)))
    env.globals["breadcrumbs"] = breadcrumbs
    env.trim_blocks = env.lstrip_blocks = True
    return env


def on_post_build(config: dict, **_: object) -> None:
    """Finish the site, and put its search into it."""
    site = Path(config["site_dir"])
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
    try:
        finish.write(site, config["site_name"], config["site_description"], config["site_url"], pages)
    except assets.BuildFault as fault:
        raise PluginError(str(fault)) from None
    search.write(
        site,
        [
            search.Page(
                url=page.url,
                title=page.title,
                description=page.meta.get("description", ""),
                questions=page.meta.get("questions", []),
                sections=page.meta.get("sections", {}),
                weight=page.meta.get("search", {}).get("boost", 1),
                entries=[entry.id for room in page.toc for topic in room.children for entry in topic.children]
                if page.url == search.MESSAGES
                else [],
            )
            for page in ordered
            if not page.meta.get("search", {}).get("exclude")
        ],
    )
    offline.write(site)
