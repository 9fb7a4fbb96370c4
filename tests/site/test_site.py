"""The built site: nothing is lost between the Markdown and the HTML."""

import html
import json
import re
from pathlib import Path

import pytest

from extensions import fences, snippets, transcripts
from tests.bench import pages as bench
from tests.chain import chain
from tests.support import site

pytestmark = pytest.mark.site

ADDRESSES = site.addresses()


def page_html(built_site: Path, address: str) -> str:
    """The HTML of a page."""
    return (built_site / address / "index.html").read_text("utf-8")


def text_of(block: str) -> str:
    """The text of a piece of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", block))


def code_blocks(page: str) -> list[str]:
    """The texts of all code blocks of a page."""
    return [text_of(block) for block in re.findall(r"<pre[^>]*><span></span><code[^>]*>(.*?)</code>", page, re.DOTALL)]


def examples(page: str) -> list[tuple[str, str, dict[str, str], str]]:
    """The examples of a page: folder, app, files and HTML of each."""
    found = re.findall(
        r'<div class="example[^"]*"([^>]*)>(.*?)<script[^>]*class="example-files"[^>]*>(.*?)</script>', page, re.DOTALL
    )
    return [
        (
            re.search(r'data-folder="([^"]+)"', attributes)[1],
            re.search(r'data-app="([^"]+)"', attributes)[1],
            json.loads(packed),
            inner,
        )
        for attributes, inner, packed in found
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_fence_is_a_block_on_the_page(built_site, address):
    page = page_html(built_site, address)
    expected = []
    for fence in fences.scan(site.source(address).read_text("utf-8")):
        if fence.language == "http":
            continue
        text = "\n".join(fence.body)
        if fence.include:
            path = site.ROOT / "snippets" / fence.include["path"]
            text = region(path, fence.include["region"]) if fence.include["region"] else snippets.read(path)
        expected.append(text.strip())
    blocks = [block.strip() for block in code_blocks(page)]
    assert [text for text in expected if text not in blocks] == [], (
        f"{site.source(address)}: shown as plain text or changed"
    )


def region(path: Path, name: str) -> str:
    """The text of a region of a snippet file."""
    text = path.read_text("utf-8")
    return re.search(rf"\[start:{name}\]\n(.*?)\n[^\n]*\[end:{name}\]", text, re.DOTALL)[1]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_transcript_is_shown_whole(built_site, address):
    shown = [
        text_of(item)
        for item in re.findall(r'<ol class="exchanges"[^>]*>(.*?)</ol>', page_html(built_site, address), re.S)
    ]
    parts = [
        transcripts.parse((site.ROOT / "snippets" / fence.include["path"]).read_text("utf-8"))
        for fence in fences.scan(site.source(address).read_text("utf-8"))
        if fence.language == "http"
    ]
    assert len(shown) == len(parts)
    for text, transcript in zip(shown, parts, strict=True):
        for part in transcript:
            lines = (
                [part.text]
                if isinstance(part, transcripts.Step)
                else [part.status, *part.headers, part.session, part.body]
            )
            assert [line for line in lines if line not in text] == []


def test_take_it_apart_brings_the_key_of_an_app_that_is_only_tried_out(built_site):
    pages = "".join(page_html(built_site, address) for address in ADDRESSES)
    found = {"": 0, "&amp;key=dev": 0}
    for app, inner in re.findall(r'<ol class="exchanges" data-example="([^"]*)"[^>]*>(.*?)</ol>', pages, re.S):
        code = (site.ROOT / "snippets" / app).read_text("utf-8") if app else ""
        key = "&amp;key=dev" if '\napp.secret_key = "dev"' in code else ""
        for rest in re.findall(r'class="exchange-inspect" href="[^"#]*#cookie=[\w.-]+([^"]*)"', inner):
            assert rest == key, app
            found[key] += 1
    assert min(found.values()) > 10, found


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_app_on_a_page_is_in_an_example(built_site, address):
    included = [f.include for f in fences.scan(site.source(address).read_text("utf-8")) if f.include]
    apps = {i["path"] for i in included if not i["region"] and snippets.is_app(site.ROOT / "snippets" / i["path"])}
    carried = {f"{folder}/{name}" for folder, _, files, _ in examples(page_html(built_site, address)) for name in files}
    assert apps - carried == set()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_example_carries_its_files_as_they_are(built_site, address):
    for folder, app, files, inner in examples(page_html(built_site, address)):
        assert next(iter(files)) == app
        assert files == {name: snippets.read(site.ROOT / "snippets" / folder / name) for name in files}
        assert snippets.read(site.ROOT / "snippets" / folder / app).strip() in [b.strip() for b in code_blocks(inner)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_wrong_app_has_its_badge_in_words(built_site, address):
    for folder, app, _, inner in examples(page_html(built_site, address)):
        wrong = Path(app).name.startswith("wrong")
        assert ("Wrong: do not copy" in text_of(inner)) == wrong, f"{folder}/{app}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_markup_is_left_in_the_text(built_site, address):
    """An admonition without a blank line below its title, for example, is an ordinary paragraph to Markdown."""
    text = re.sub(r"<(pre|code)\b.*?</\1>", "", page_html(built_site, address), flags=re.DOTALL)
    assert re.findall(r"<p>(?:!!!|\?\?\?|===|--8<--).*|\[test\]\(.*", text) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_line_begins_with_the_mark_of_tests(built_site, address):
    spaces = re.findall(r'(\s*)<a [^>]*class="test-mark"', page_html(built_site, address))
    assert set(spaces) <= {"", "\N{NO-BREAK SPACE}"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_title_and_description_say_what_the_page_is(built_site, address):
    page = page_html(built_site, address)
    assert len(re.findall(r"<title>[^<]{10,70}</title>", page)) == 1
    description = html.unescape(re.search(r'<meta name="description" content="([^"]*)">', page)[1])
    assert 80 <= len(description) <= 170, f"{site.source(address)}: a description has 80 to 170 characters"


def test_titles_and_descriptions_are_unique(built_site):
    pages = [page_html(built_site, address) for address in ADDRESSES]
    for pattern in (r"<title>(.*?)</title>", r'<meta name="description" content="([^"]*)">'):
        found = [re.search(pattern, page)[1] for page in pages]
        assert len(set(found)) == len(found)


@pytest.mark.parametrize("address", [*ADDRESSES, "404.html"])
def test_nothing_is_loaded_from_another_host(built_site, address):
    page = (built_site / "404.html").read_text("utf-8") if address == "404.html" else page_html(built_site, address)
    loads = re.findall(r'<(?:script|img|iframe|source|video|audio)[^>]*\ssrc="([^"]+)"', page)
    loads += re.findall(r'<link rel="(?:stylesheet|icon|preload|preconnect|modulepreload)"[^>]*href="([^"]+)"', page)
    assert [load for load in loads if re.match(r"(?:https?:)?//", load)] == []
    assert 'http-equiv="Content-Security-Policy"' in page


def test_every_page_is_built(built_site):
    assert [address for address in ADDRESSES if not (built_site / address / "index.html").is_file()] == []
    assert len(ADDRESSES) == len(chain.pages(site.ROOT))


# The ledger grows with the site; it is a list, and no page to read through.
@pytest.mark.parametrize("address", [address for address in ADDRESSES if address != "ledger/"])
def test_a_page_weighs_no_more_than_80_000_bytes_before_interaction(built_site, address):
    weight, _ = bench.page_bytes(built_site, address)
    assert weight <= 80_000, (
        f"{site.source(address)}: {weight:,} bytes gzip; shorten its apps or tests, or part the page"
    )
