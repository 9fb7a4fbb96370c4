"""Most wrong apps are challenges, and each challenge tells right from wrong."""

import re

import pytest

from extensions import challenges, snippets
from tests.chain import chain

pytestmark = pytest.mark.source
MOST_LEFT_OUT = 5


def shown_whole(app: str) -> bool:
    """Whether a page includes an app, and not only a part of it."""
    return any(f'--8<-- "{app}"' in page.read_text("utf-8") for page in chain.pages(challenges.PROJECT))


def test_the_wrong_apps_that_run_in_the_page_are_challenges_but_for_a_few():
    """A new recipe may come without one, which is a hint in tests/challenges/challenges.toml; few are without."""
    apps = challenges.wrong_apps()
    runs = [app for app in apps if not snippets.only_local(snippets.files_of(snippets.ROOT / app))]
    declared = challenges.declared()
    assert set(declared) <= set(runs)
    assert all(bool(one.get("hint")) is not bool(one.get("left_out")) for one in declared.values())
    left_out = [app for app, one in declared.items() if "left_out" in one]
    assert len([app for app in runs if app not in declared] + left_out) <= MOST_LEFT_OUT
    assert [app for app in declared if shown_whole(app) is (app in left_out)] == []


def test_what_was_chosen_is_up_to_date():
    """After a change of an app, its fix or its tests: `python -m tests.challenges`."""
    found = {one.app: {"page": one.page, "hash": one.hash, "tests": list(one.names)} for one in challenges.read()}
    assert found == challenges.chosen()
    assert all(len(one.tests) > 1 or one.names for one in challenges.read())


def test_a_hint_is_one_or_two_sentences():
    for one in challenges.read():
        assert one.hint.endswith((".", "?"))
        assert len(one.hint) < 140, one.app
        assert len(re.findall(r"[.?](?: |$)", one.hint)) <= 2, one.app


def test_each_lesson_ends_with_a_challenge():
    """Before its recap, on the page or by a link to the app above."""
    folders = {one.folder for one in challenges.read()}
    lessons = sorted((challenges.PROJECT / "docs/learn").glob("*.md"))
    for page in [page for page in lessons if page.stem != "index"]:
        text = page.read_text("utf-8")
        assert chain.name(page) in folders
        assert re.search(r"^## Fix this app\n.*^## Recap\n", text, re.MULTILINE | re.DOTALL), page


@pytest.mark.process
@pytest.mark.parametrize("folder", sorted({one.folder for one in challenges.read()}))
def test_the_right_app_passes_and_the_wrong_one_and_one_without_a_view_fail(folder):
    from tests.challenges import run

    found = [line for one in challenges.read() if one.folder == folder for line in run.faults(one)]
    assert found == []
