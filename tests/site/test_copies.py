"""Each page's copy in Markdown says what the page says: with its code, its responses and whole addresses."""

import re

import pytest

from extensions import copies, fences, page_tests, snippets
from tests.chain import chain
from tests.support import site

ROOT = "https://site.example/guide/"


def page_of(source):
    """A page as the build hands it over."""
    address = source.removesuffix(".md").removesuffix("index")
    text = (site.ROOT / "docs" / source).read_text("utf-8")
    return copies.Page(source, f"{address}/" if address else "", "A title", "A description.", "Learn", text)


SOURCES = [path.relative_to(site.ROOT / "docs").as_posix() for path in chain.pages(site.ROOT)]


@pytest.mark.parametrize("source", SOURCES)
def test_a_copy_has_the_page_s_files_and_nothing_to_fill_in(source):
    page = page_of(source)
    text = copies.copy(page, ROOT)
    blocks = ["\n".join(fence.body) for fence in fences.scan(text)]
    for fence in fences.scan(page.text):
        if not fence.include:
            assert "\n".join(fence.body) in blocks
            continue
        path, region = snippets.ROOT / fence.include["path"], fence.include["region"]
        wanted = snippets.region(path, region) if region else snippets.read(path)
        assert wanted.rstrip("\n") in blocks
    outside, done = [], 0
    for fence in fences.scan(text):
        outside += text.splitlines()[done : fence.line - 1]
        done = fence.last_line
    told = re.sub(r"`[^`]*`", "", "\n".join([*outside, *text.splitlines()[done:]]))
    assert not re.search(r"--8<--|\[test\]\(#|\[ledger\]|^<|\{ ?[.#]", told, re.MULTILINE)
    assert re.findall(r"</?[a-z]\w*(?:\s[^>]*)?/?>", told) == []
    assert [link for link in re.findall(r"\]\(([^)\s]+)", told) if not link.startswith("https://")] == []


def test_a_link_and_a_mark_become_whole_addresses():
    text = "# A\n\nSee [B](../recipes/b.md#c). [test](#test_d)\n\n![E](../assets/e.svg){ width=4 }\n"
    page = copies.Page("learn/a.md", "learn/a/", "A", "", "Learn", text)
    assert copies.copy(page, ROOT) == (
        f"# A\n\nSee [B]({ROOT}recipes/b/#c). [test]({ROOT}learn/a/#test_d)\n\n![E]({ROOT}assets/e.svg)\n"
    )


def test_a_list_of_terms_keeps_its_text():
    text = '### A\n\n<dl class="x">\n<dt>Expired</dt>\n<dd id="y">See <code>a &lt; b</code>.</dd>\n</dl>\n'
    page = copies.Page("a.md", "a/", "A", "", "Learn", text)
    assert copies.copy(page, ROOT) == "### A\n\n- **Expired**: See `a < b`.\n"


def test_an_app_is_followed_by_the_commands_that_run_it():
    [fence] = fences.scan('```python\n--8<-- "count_visits/wrong.py"\n```\n')
    lines = copies.listing(fence)
    assert lines[lines.index("To run it on Linux or macOS:") + 2 :] == ["```sh", "flask --app wrong run", "```"]
    [part] = fences.scan('```python\n--8<-- "your_first_session/app.py:write"\n```\n')
    assert "To run it on Linux or macOS:" not in copies.listing(part)


def test_html_in_a_sentence_becomes_markdown_and_code_stays():
    text = 'Press <kbd>K</kbd>, see <a href="../feed.xml">the feed</a>, write `<a href="x">`.\n'
    page = copies.Page("a.md", "a/", "A", "", "Learn", text)
    assert copies.copy(page, ROOT) == f'Press K, see [the feed]({ROOT}feed.xml), write `<a href="x">`.\n'


def test_a_region_is_filled_in_without_its_marks():
    [fence] = fences.scan('```python\n--8<-- "your_first_session/app.py:write"\n```\n')
    text = "\n".join(copies.listing(fence))
    assert text.startswith("\n`your_first_session/app.py`:\n\n```python\n")
    assert "--8<--" not in text
    assert "session[" in text


def test_a_broken_app_is_labelled():
    [fence] = fences.scan('```python\n--8<-- "count_visits/wrong.py"\n```\n')
    assert copies.listing(fence)[1] == "`count_visits/wrong.py` (wrong: do not copy):"


@pytest.mark.site
def test_the_site_has_a_copy_of_each_page_and_lists_them(built_site):
    listed = (built_site / "llms.txt").read_text("utf-8")
    whole = (built_site / "llms-full.txt").read_text("utf-8")
    for address in site.addresses():
        text = (built_site / address / "index.md").read_text("utf-8")
        assert f"({ROOT}{address}index.md): " in listed
        assert '<link rel="alternate " type="text/markdown" href="index.md"' in (
            built_site / address / "index.html"
        ).read_text("utf-8")
        assert (text in whole) == (address != "ledger/")


@pytest.mark.site
def test_the_list_of_tests_is_in_its_copy(built_site):
    text = (built_site / "ledger/index.md").read_text("utf-8")
    for page in chain.content_pages(site.ROOT):
        for one in page_tests.tests_of(page_tests.test_file(page.name)):
            assert f"#{one.name})" in text


@pytest.mark.browser
@pytest.mark.site
def test_a_page_is_copied_by_a_press(clean_page, site_url):
    clean_page.goto(f"{site_url}recipes/count-visits/")
    clean_page.get_by_role("button", name="Copy page as Markdown").click()
    clean_page.get_by_text("Copied.", exact=True).wait_for()
    assert clean_page.evaluate("navigator.clipboard.readText()").startswith("# Count visits\n")
