"""The extensions find their page with both builders, and what MkDocs' hook does is done for Zensical by functions."""

import json
import re
from types import SimpleNamespace

import pytest
from markdown import Markdown

from extensions import copies, faults, finish, snippets
from extensions import zensical as builder
from tests.chain import chain
from tests.site import zensical
from tests.support import needs, site

PATH = "recipes/count-visits.md"


def converter(builder_name):
    """Python-Markdown as a builder sets it up for a page."""
    md = Markdown()
    if builder_name == "MkDocs":
        file = SimpleNamespace(src_uri=PATH, dest_uri="recipes/count-visits/index.html", content_string="")
        md.treeprocessors.register(SimpleNamespace(file=file), "relpath", 0)
    elif builder_name == "Zensical":
        md.preprocessors.register(SimpleNamespace(page=SimpleNamespace(path=PATH)), "rendering_context", 0)
    return md


@pytest.mark.parametrize(("name", "root"), [("MkDocs", "../../"), ("Zensical", "../")])
def test_an_extension_finds_the_page_and_the_way_to_the_root(name, root):
    page = faults.page_of(converter(name))
    assert page.src_uri == PATH
    assert faults.name_of(page) == f"docs/{PATH}"
    assert faults.root_from(page) == root


def test_without_a_builder_there_is_no_page():
    page = faults.page_of(converter("none"))
    assert (page, faults.name_of(page), faults.root_from(page)) == (None, "page", "")


@pytest.mark.source
def test_a_page_of_zensical_has_its_whole_text():
    page = faults.page_of(converter("Zensical"))
    assert page.content_string == (site.ROOT / "docs" / PATH).read_text("utf-8")


@pytest.mark.source
def test_a_page_of_the_navigation_has_its_title_section_and_description():
    if chain.lost_pages(site.ROOT):
        needs.missing("each page of the navigation, which tests/chain/ looks for")
    found = list(builder.pages(builder.configuration()["nav"]))
    # Pages that the navigation lacks are left to tests/chain/.
    assert {page.source for page in found} <= {
        path.relative_to(site.ROOT / "docs").as_posix() for path in chain.pages(site.ROOT)
    }
    assert {page.url for page in found} <= set(site.addresses())
    assert next(page for page in found if page.source == PATH).description.startswith("Count page visits")
    assert [(page.title, page.section) for page in found if page.source in ("index.md", PATH)] == [
        ("Home", "Start here"),
        ("Count visits", "Recipes"),
    ]


@pytest.mark.source
def test_the_address_comes_from_the_environment_if_it_is_there(monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    assert builder.configuration()["site_url"].startswith("https://")
    monkeypatch.setenv("SITE_URL", "https://a.example/")
    assert builder.configuration()["site_url"] == "https://a.example/"


@pytest.mark.source
def test_a_page_s_zips_are_those_that_its_examples_offer(monkeypatch):
    monkeypatch.setattr(snippets, "ZIPS", {})
    builder.offer_zips((site.ROOT / "docs" / PATH).read_text("utf-8"))
    assert list(snippets.ZIPS) == ["assets/zips/count_visits-app.zip"]
    builder.offer_zips('```python\n--8<-- "count_visits/wrong.py"\n```\n')
    assert len(snippets.ZIPS) == 1


def test_a_page_gets_its_place_and_its_day():
    page = copies.Page(PATH, "recipes/count-visits/", "Count <visits>", "", "Recipes", "")
    html = builder.with_place_and_day(f"{builder.HEAD}>{builder.FOOT}", page, "https://a.example/", "2026-11-27")
    crumbs = json.loads(re.search(r"json\">(.*?)</script>", html)[1])["itemListElement"]
    assert [item["name"] for item in crumbs] == ["Recipes", "Count <visits>"]
    assert crumbs[-1]["item"] == "https://a.example/recipes/count-visits/"
    assert "<li>Last changed on 2026-11-27</li>" in html
    assert builder.with_place_and_day(builder.FOOT, page, "https://a.example/", None) == builder.FOOT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('href="../../../assets/a.css"', 'href="../../assets/a.css"'),
        ('src="../../../a.js"', 'src="../../a.js"'),
        ('href="../../assets/a.css"', 'href="../../assets/a.css"'),
        ('href="../x/"', 'href="../x/"'),
    ],
)
def test_a_link_that_leads_above_the_root_loses_one_step(before, after):
    assert builder.with_right_ways(before, 2) == after


@pytest.mark.source
def test_the_page_for_what_is_missing_links_the_first_page_of_each_part():
    html = 'begin on one of these.</p>\n<ul><li><a href="/"></a></li></ul>'
    nav = [{"Home": "index.md"}, {"Recipes": [PATH]}]
    found = builder.with_starts(html, nav, "https://a.example/guide/")
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', found) == [
        ("/guide/", "Home"),
        ("/guide/recipes/count-visits/", "Count visits"),
    ]


def test_the_script_of_the_other_search_box_goes():
    html = '<script src="../assets/search.js" type="module"></script><script src="../assets/site.js" defer></script>'
    assert builder.OWN_SEARCH.sub("", html) == '<script src="../assets/site.js" defer></script>'


def test_the_tags_that_need_no_color_go():
    assert finish.plainer('<span class="n">a</span><span class="k">def</span>') == 'a<span class="k">def</span>'


def test_no_template_calls_a_method_that_zensical_lacks():
    templates = (site.ROOT / "docs/templates").rglob("*.html")
    told = "".join(re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL) for path in templates)
    assert not re.search(r"\.(?:split|startswith|endswith|join|get|items)\(|page\.file", told)


PAGE = '<article><div class="example"><a class="test-mark" id="x" href="#x">a</a></div></article><a href="{}">b</a>'


def built(folder, link):
    """A site of one page with a link."""
    folder.mkdir()
    (folder / "index.html").write_text(PAGE.format(link))
    return zensical.counts(folder)


def test_what_two_builds_have_is_counted(tmp_path):
    found, faults = built(tmp_path / "a", "#x")
    assert faults == []
    assert {name for name, number in found.items() if number} == {
        "pages, with 404.html and moved ones",
        "examples",
        "marks of tests",
        "links in texts",
    }
    assert zensical.differences({"A": found, "B": found}) == []
    assert zensical.differences({"A": found, "B": found | {"examples": 2}}) == ["examples: 1 and 2"]


@pytest.mark.parametrize("link", ["#y", "none/", "../above/", "assets/none.css"])
def test_a_link_that_leads_nowhere_is_a_difference(tmp_path, link):
    found, faults = built(tmp_path / "a", link)
    assert faults == [f": {link}"]
    assert zensical.differences({"A": found, "B": found})[0] == "A has 1 broken links"
