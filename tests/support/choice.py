"""Which tests run: of one page with --page, none that repeats a fault of the first look, and what once a week."""

from pathlib import Path

import pytest

from tests.chain import chain, look

# The tests of all files that a writer of one page wants to have run.
OF_ALL = (
    "tests/chain/test_chain.py",
    "tests/chain/test_prose.py::test_each_number",
    "tests/chain/test_words.py::test_no_file",
    "tests/chain/test_lies.py::test_every_lie_can_be_told",
    "tests/chain/test_shown_output.py::test_each_transcript",
)
# The pages that are made from all others.
LISTS = {"ledger", "questions"}
# The tests of each page, by its name in brackets.
OF_EACH = ("tests/chain/test_style.py", "tests/chain/test_shown_output.py")
# Firefox and WebKit run these at each change: the smoke list, and what pages say of engines. The rest is weekly.
EVERY_TIME = ("tests/runner/test_smoke.py::", "tests/pages/")
OTHER_ENGINES = ("firefox", "webkit")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what Firefox and WebKit run once a week: Chromium runs the same tests at each change."""
    if not item.get_closest_marker("browser") or item.nodeid.startswith(EVERY_TIME) or not hasattr(item, "callspec"):
        return
    if any(value in OTHER_ENGINES for value in item.callspec.params.values() if isinstance(value, str)):
        item.add_marker(pytest.mark.weekly)


def wanted(config: pytest.Config) -> str:
    """The page that --page names, with _ for -; "" for all."""
    return chain.name(Path(config.getoption("page"))) if config.getoption("page") else ""


def pytest_configure(config: pytest.Config) -> None:
    """Read only the files that the tests of one page need."""
    if not (name := wanted(config)):
        return
    test = f"tests/pages/test_{name}.py"
    names = {chain.name(page) for page in chain.pages(look.ROOT)}
    if name not in names and not (look.ROOT / test).is_file() and not (look.ROOT / "snippets" / name).is_dir():
        raise pytest.UsageError(f"there is no page {name.replace('_', '-')}; --page takes its file's name without .md")
    files = dict.fromkeys(test.partition("::")[0] for test in (*OF_ALL, *OF_EACH))
    runs = (look.ROOT / test).is_file() and name not in look.stopped()
    config.args[:] = [*files, *([test] if runs else [])]


def looks(config: pytest.Config) -> bool:
    """Whether this run reports the faults of the first look."""
    paths = [Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args]
    return any(look.ROOT / "tests/chain/test_chain.py" in (path, *path.rglob("test_chain.py")) for path in paths)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the test file of a page that lacks a file, or has one that can't be parsed."""
    if collection_path.parent != look.ROOT / "tests/pages" or not looks(config):
        return None
    return True if collection_path.stem.removeprefix("test_") in look.stopped() else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose."""
    name, faulty = wanted(config), look.faulty() if looks(config) else set()
    if config.getoption("update_examples", False):
        faulty = look.stopped()
    if faulty:
        faulty |= LISTS
    dropped = [item for item in items if repeats(item, faulty) or (name and not belongs(item, name))]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in set(dropped)]


def parameter(item: pytest.Item) -> str:
    """The page that a test's brackets name, with _ for -; "" if there is none."""
    inside = item.nodeid.partition("[")[2].rstrip("]").removeprefix("chromium-").replace("-", "_")
    inside = inside.replace("tests/transcripts/", "snippets/")
    parts = inside.removeprefix("docs/").partition(".md")[0].strip("/").split("/")
    return parts[1] if len(parts) > 1 else parts[0]


def repeats(item: pytest.Item, faulty: set[str]) -> bool:
    """Whether a test reads a faulty page again: its transcripts, its copy, its routes."""
    return not item.nodeid.startswith(("tests/pages/", "tests/chain/test_style.py")) and parameter(item) in faulty


def belongs(item: pytest.Item, name: str) -> bool:
    """Whether a test is one of this page, or one of all."""
    if item.nodeid.startswith(("tests/pages/", *OF_ALL)):
        return True
    return parameter(item) == name
