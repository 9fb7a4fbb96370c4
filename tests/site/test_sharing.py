"""What other programs see of a page: cards, breadcrumbs, robots.txt, the day of its last change."""

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from extensions import finish, history, hook
from tests.support import cards, site

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.source
@pytest.mark.parametrize("name", cards.CARDS)
def test_each_card_is_drawn_from_its_drawing_of_today_and_small(name):
    png = (cards.FOLDER / f"{name}.png").read_bytes()
    assert cards.text_of(png) == cards.digest(name), "run python -m tests.support.cards"
    assert cards.size_of(png) == cards.SIZE
    assert len(png) <= 60_000


def test_a_card_that_was_drawn_from_something_else_is_noticed():
    png = (cards.FOLDER / "site.png").read_bytes()
    assert cards.text_of(png) != cards.digest("learn")
    assert cards.text_of(cards.with_text(png[:33] + png[-12:], "0" * 64)) == "0" * 64


@pytest.mark.site
def test_every_page_names_its_card_its_address_and_its_place(built_site):
    pages = [path for path in built_site.rglob("index.html") if "This page has moved" not in path.read_text("utf-8")]
    pages = [path for path in pages if path.relative_to(built_site).parts[0] != "embed"]  # they are parts of pages
    assert len(pages) > 40
    for path in pages:
        text = path.read_text("utf-8")
        found = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', text))
        address = re.search(r'<link rel="canonical" href="([^"]+)"', text)[1]
        assert found["og:url"] == address
        assert (built_site / found["og:image"].partition(f"{site.PREFIX}/")[2]).is_file()
        assert found["og:site_name"]
        assert found["twitter:card"] == "summary_large_image"
        for crumbs in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text):
            items = json.loads(crumbs)["itemListElement"]
            assert [item["position"] for item in items] == list(range(1, len(items) + 1))
            assert items[-1]["item"] == address
    assert "ld+json" in (built_site / "recipes/count-visits/index.html").read_text("utf-8")


@pytest.mark.site
def test_the_sitemap_has_the_day_of_each_page_s_last_change(built_site):
    days = history.changed()
    for entry in ET.parse(built_site / "sitemap.xml").getroot():  # noqa: S314 - the build has just written it
        page = site.source(entry.findtext(f"{SITEMAP}loc").partition(f"{site.PREFIX}/")[2])
        assert entry.findtext(f"{SITEMAP}lastmod") == history.day_of(
            page.relative_to(site.ROOT / "docs").as_posix(), days
        )


@pytest.mark.source
def test_robots_txt_is_for_a_site_at_the_root_of_its_host():
    assert finish.robots("https://a.example/").endswith("Sitemap: https://a.example/sitemap.xml\n")
    assert finish.robots("https://a.example/guide/") is None


@pytest.mark.site
def test_this_site_has_a_path_and_no_robots_txt(built_site):
    assert not (built_site / "robots.txt").exists()


@pytest.mark.process
def test_the_day_comes_from_git_and_is_left_out_where_git_cannot_tell(tmp_path):
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path / "full", check=True, capture_output=True)

    assert history.changed(tmp_path) == {}
    page, snippet = tmp_path / "full/docs/learn/x-y.md", tmp_path / "full/snippets/x_y/app.py"
    for path in (page, snippet):
        path.parent.mkdir(parents=True)
        path.write_text("1")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "1", "--date=2026-01-02T12:00:00Z")
    days = history.changed(tmp_path / "full")
    assert set(days) == {"docs/learn/x-y.md", "snippets/x_y/app.py"}
    assert history.day_of("learn/x-y.md", days | {"snippets/x_y/app.py": "2999-01-01"}) == "2999-01-01"
    assert history.day_of("learn/other.md", days) is None
    git("clone", "-q", "--depth", "1", f"file://{tmp_path}/full", str(tmp_path / "shallow"))
    git("commit", "-q", "--allow-empty", "-m", "2")
    git("clone", "-q", "--depth", "1", f"file://{tmp_path}/full", str(tmp_path / "shallow2"))
    assert history.changed(tmp_path / "shallow2") == {}


def test_a_page_that_git_does_not_know_yet_keeps_the_day_of_the_build(monkeypatch):
    """MkDocs compares the days of all pages, so none may be missing."""
    pages = [SimpleNamespace(file=SimpleNamespace(src_uri=name), update_date="2026-01-01") for name in ("a.md", "b.md")]
    monkeypatch.setattr(hook, "ordered", [])
    monkeypatch.setattr(hook, "dated", {})
    monkeypatch.setattr(hook.history, "changed", lambda: {"docs/a.md": "2026-11-27"})
    hook.on_nav(SimpleNamespace(pages=pages))
    assert [page.update_date for page in pages] == ["2026-11-27", "2026-01-01"]
