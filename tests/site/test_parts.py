"""Each part of the site has a page of its own, which the menu opens and which leads to all pages of the part."""

import posixpath
import re

import pytest

from extensions import zensical
from tests.support import site

pytestmark = pytest.mark.source

PARTS = [item for item in zensical.configuration()["nav"] if isinstance(next(iter(item.values())), list)]


def links(name: str) -> set[str]:
    """The pages to which a page links, by their paths below docs/."""
    found = re.findall(r"\]\(([^)#]+\.md)", (site.ROOT / "docs" / name).read_text("utf-8"))
    return {posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) for link in found}


@pytest.mark.parametrize("part", [part for part in PARTS if "About" not in part], ids=lambda part: next(iter(part)))
def test_the_page_of_a_part_comes_first_and_leads_to_the_others(part):
    ((title, (first, *others)),) = part.items()
    assert first.endswith("/index.md"), f"mkdocs.yml: {title} has no page of its own"
    there = {page for page in others if (site.ROOT / "docs" / page).is_file()}  # the chain looks for the rest
    missing = sorted(there - links(first))
    if missing:
        pytest.fail(f"docs/{first} has no link to {', '.join(missing)}; add one", pytrace=False)
