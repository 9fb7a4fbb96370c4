"""The glossary's terms on the other pages (extensions/glossary.py)."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from markdown import Markdown
from playwright.sync_api import expect

from extensions import glossary
from tests.support import site

TERMS = "## Salt { #salt }\n\nMixed into\na `key`.\n\nSee x.\n\n## HttpOnly { #httponly }\n\nAn attribute.\n"


@pytest.fixture
def page(tmp_path, monkeypatch):
    """page(text, name) is the HTML of a page below docs/ that has a glossary of two terms."""
    (tmp_path / glossary.PAGE).write_text(TERMS, "utf-8")
    monkeypatch.setattr(glossary.ledger, "DOCS", tmp_path)

    def convert(text, name="learn/x.md"):
        md = Markdown(extensions=["extensions.glossary", "tables"])
        md.treeprocessors.register(
            SimpleNamespace(file=SimpleNamespace(src_uri=name), run=lambda _: None), "relpath", 0
        )
        return md.convert(text)

    return convert


def link(word, anchor="salt", sentence="Mixed into a key."):
    """A term as a page shows it."""
    return f'<a class="term" href="../glossary.md#{anchor}" title="{sentence}">{word}</a>'


def test_the_first_use_of_a_term_is_a_link_with_its_sentence(page):
    assert page("A salt, a salt.\n\nSalt.") == f"<p>A {link('salt')}, a salt.</p>\n<p>Salt.</p>"


def test_two_terms_of_one_text_and_a_plural_are_found_in_their_order(page):
    html = page("*Both* salts and HttpOnly.")
    assert html == f"<p><em>Both</em> {link('salts')} and {link('HttpOnly', 'httponly', 'An attribute.')}.</p>"


def test_a_term_that_is_all_of_an_inline_code_is_linked(page):
    assert page("`HttpOnly` it is.") == f"<p>{link('<code>HttpOnly</code>', 'httponly', 'An attribute.')} it is.</p>"


@pytest.mark.parametrize(
    "first", ["## Salt", "[a salt](x.md)", "`salt=1`", "a-salt", "salty", "| salt |\n|---|\n| x |"]
)
def test_headings_links_code_and_other_words_are_left_as_they_are(page, first):
    html = page(f"{first}\n\nThe salt.")
    assert html.endswith(f"<p>The {link('salt')}.</p>")
    assert html.count("term") == 1


def test_a_page_of_another_section_has_no_links(page):
    assert page("A salt.", "reference/x.md") == "<p>A salt.</p>"


@pytest.mark.source
def test_each_entry_of_the_glossary_is_one_sentence_that_is_a_text_of_its_own():
    text = (site.ROOT / "docs" / glossary.PAGE).read_text("utf-8")
    found = glossary.entries(text)
    assert len(found) == len(re.findall("^## ", text, re.MULTILINE)) >= 10
    for term, (_, sentence) in found.items():
        assert re.fullmatch(r"[A-Z][^.!?]+\.", sentence), f"{term}: {sentence}"
        assert not re.search(r"[\[\]*`]", sentence), term
        assert not re.search(rf"\b{term}\b", sentence, re.IGNORECASE), f"{term} is explained by itself"


@pytest.mark.site
def test_a_page_of_each_section_leads_to_the_glossary(built_site):
    anchors = re.findall(r'<h2 id="([^"]+)"', (built_site / "glossary/index.html").read_text("utf-8"))
    for address in ("learn/signing-in-and-out", "understand/inside-the-cookie", "recipes/count-visits"):
        html = (built_site / address / "index.html").read_text("utf-8")
        found = re.findall(r'<a class="term" href="\.\./\.\./glossary/#([^"]+)" title="[^"]+">', html)
        assert found
        assert set(found) <= set(anchors)
        assert len(found) == len(set(found))


# What a learner meets in a response, a log or a sentence, and how the first page that has it explains it.
MET = {
    "302 FOUND": "302 FOUND sends the browser to the address in Location",
    "Location": "the address in Location",
    "Path=/": "Path=/ covers the whole app",
    "HttpOnly": "HttpOnly means that scripts on the page can't read the cookie",
    "view function": "The function below a route is called a view function",
    "base64": "glossary/#base64",
    "signature": "glossary/#signature",
    "endpoint": "the endpoint, the name that url_for takes",
    "traceback": "the traceback (the list of calls that led to the error)",
}


@pytest.mark.site
@pytest.mark.parametrize("word", MET)
def test_the_first_page_of_learn_that_has_a_word_explains_it(built_site, word):
    for name in re.findall(r"learn/(?!index)([\w-]+)\.md", (site.ROOT / "mkdocs.yml").read_text("utf-8")):
        html = (built_site / "learn" / name / "index.html").read_text("utf-8").partition('id="tests"')[0]
        text = " ".join(unescape(re.sub("<[^>]+>", "", html.partition("<article")[2])).split())
        if word.lower() in text.lower():
            assert MET[word] in (html if "/#" in MET[word] else text), name
            return
    pytest.fail(f"no page has {word}")


@pytest.mark.browser
def test_without_javascript_a_key_shows_the_sentence_and_a_touch_leads_to_the_entry(new_context, site_url):
    page = new_context(java_script_enabled=False, has_touch=True).new_page()
    page.goto(site_url + "recipes/count-visits/")
    term = page.locator("a.term").first
    sentence = term.get_attribute("title")
    expect(term).to_have_accessible_description(sentence)
    shown = "link => getComputedStyle(link, '::after').content"
    assert sentence not in term.evaluate(shown)
    term.focus()
    assert sentence in term.evaluate(shown)
    word = term.inner_text()
    term.tap()
    heading = page.get_by_role("heading", level=2, name=word)
    expect(heading).to_be_in_viewport()
    expect(page.locator(f"#{heading.get_attribute('id')} + p")).to_have_text(sentence)
