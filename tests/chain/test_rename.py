"""A page is renamed by one command: nothing names it any more, and its old address leads to the new one."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.chain import specimen
from tests.site import old
from tests.support import rename, site

NAME = rename.Name("recipes", "old-page")
MOVED = rename.Name("understand", "new-page")


@pytest.mark.parametrize(
    ("here", "text", "expected"),
    [
        ("learn/first", "[a](../recipes/old-page.md#next)", "[a](../understand/new-page.md#next)"),
        (
            "recipes/other",
            "[a](old-page.md), [b](other.md)",
            "[a](../understand/new-page.md), [b](other.md)",
        ),
        ("index", "[a](recipes/old-page.md)", "[a](understand/new-page.md)"),
        ("recipes/old-page", "[a](other.md) [b](../learn/x.md)", "[a](../recipes/other.md) [b](../learn/x.md)"),
        ("recipes/old-page", "![a](../assets/figures/a.svg)", "![a](../assets/figures/a.svg)"),
        ("recipes/old-page", "[a](#next) [b](https://x.example/y.md)", "[a](#next) [b](https://x.example/y.md)"),
        ("recipes/other", "[a](not-old-page.md)", "[a](not-old-page.md)"),
    ],
)
def test_links_lead_to_the_new_place_and_from_it(here, text, expected):
    assert rename.linked(text, here, NAME, MOVED) == expected


TABLE = """# A comment.

[pages]
"learn/older/" = "recipes/old-page/"

[anchors]
"recipes/old-page/#old" = "new"

# Another.
[examples]
"older/app.py" = "old_page/app.py"
"""


def test_redirects_of_the_old_name_lead_on_to_the_new_one():
    table = tomllib.loads(rename.redirected(TABLE, NAME, MOVED, ["app.py"]))
    assert table["pages"] == {
        "learn/older/": "understand/new-page/",
        "recipes/old-page/": "understand/new-page/",
    }
    assert table["anchors"] == {"understand/new-page/#old": "new"}
    assert table["examples"] == {
        "older/app.py": "new_page/app.py",
        "old_page/app.py": "new_page/app.py",
    }


def test_a_page_that_gets_its_old_name_back_has_no_redirect_to_itself():
    text = rename.redirected(TABLE, NAME, MOVED, ["app.py"])
    table = tomllib.loads(rename.redirected(text, MOVED, NAME, ["app.py"]))
    assert "recipes/old-page/" not in table["pages"]
    assert table["pages"]["understand/new-page/"] == "recipes/old-page/"
    assert "old_page/app.py" not in table["examples"]


def test_the_page_s_headings_in_the_ledger_and_among_the_questions_lead_to_the_new_ones():
    entries = ["ledger/#old-page", "questions/#old-page", "questions/#older-page"]
    text = rename.redirected(
        TABLE.replace("[anchors]", '[anchors]\n"ledger/#older" = "old-page"'), NAME, MOVED, [], entries
    )
    assert tomllib.loads(text)["anchors"] == {
        "understand/new-page/#old": "new",
        "ledger/#older": "new-page",
        "ledger/#old-page": "new-page",
        "questions/#old-page": "new-page",
    }
    assert {"ledger/#new-page", "questions/#new-page"} <= set(rename.listed("\n".join(entries), NAME, MOVED).split())
    back = rename.redirected(text, MOVED, NAME, [], ["ledger/#new-page"])
    assert "ledger/#old-page" not in tomllib.loads(back)["anchors"]


def test_comments_of_the_table_stay():
    text = rename.redirected(TABLE, NAME, MOVED, [])
    assert [line for line in text.splitlines() if line.startswith("#")] == ["# A comment.", "# Another."]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("no-such-page", "other", "there is no page no-such-page"),
        ("count-visits", "Count_Visits", "'Count_Visits' can't be a page's name"),
        ("count-visits", "remember-me", "there is a page remember-me already"),
        ("count-visits", "count-visits", "there is a page count-visits already"),
        ("count-visits", "tools/count-visits", "there is no section tools"),
    ],
)
def test_a_name_that_is_no_good_is_one_line(before, after, fault):
    with pytest.raises(rename.Fault, match=re.escape(fault)):
        rename.names(before, after, site.ROOT)


# The page that most tests take as their example, one whose name is a common word, and one that moves.
RENAMED = {
    "recipes/count-visits": "recipes/count-each-visit",
    "reference/configuration": "reference/all-settings",
    "recipes/why-is-my-session-gone": "understand/where-my-session-went",
}


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.long
def test_renamed_pages_leave_no_dead_link_and_no_dead_address(project_copy, tmp_path):
    """Each page is renamed in the same copy, and its own checks run; what is of the whole site is looked at once."""
    entries = (project_copy / rename.ADDRESSES).read_text("utf-8").splitlines()
    for before, after in RENAMED.items():
        result = specimen.run(project_copy, f"python -m tests.support.rename {before} {after}")
        assert result.returncode == 0, result.stdout
        assert float(re.search(r"in ([\d.]+) seconds", result.stdout)[1]) < 30
        assert_nothing_names(before, project_copy)
        assert [*(project_copy / "tests").glob(f"*/{before.partition('/')[2].replace('-', '_')}*")] == []
        result = specimen.run(project_copy, f"python -m pytest -q --page {after.partition('/')[2]}")
        assert result.returncode == 0, result.stdout
    for command in ("ruff check", "ruff format --check"):
        result = specimen.run(project_copy, command)
        assert result.returncode == 0, result.stdout
    built = site.build(tmp_path / "site", project_copy)
    assert built.returncode == 0, built.stdout
    assert [fault for entry in entries if (fault := old.fault(tmp_path / "site", entry))] == []
    listed = (project_copy / rename.ADDRESSES).read_text("utf-8").splitlines()
    for before, after in RENAMED.items():
        mine = [entry for entry in entries if entry.startswith(f"{before}/")]
        assert len(mine) > 5
        assert len([entry for entry in listed if entry.startswith(f"{after}/")]) == len(mine)
        moved = (tmp_path / "site" / before / "index.html").read_text("utf-8")
        assert f'href="../../{after}/"' in moved


def assert_nothing_names(page: str, root: Path) -> None:
    """No text of the project has the page's old place, but for the lists of what it was."""
    kept = {rename.REDIRECTS, rename.ADDRESSES, "tests/chain/test_rename.py"}
    names = {path.relative_to(root).as_posix() for path in rename.texts(root)}
    assert kept < names
    assert [
        name
        for path in rename.texts(root)
        if (name := path.relative_to(root).as_posix()) not in kept and page in path.read_text("utf-8")
    ] == []
