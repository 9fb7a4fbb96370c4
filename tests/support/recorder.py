"""A pytest plugin that remembers which snippet apps were loaded, and which of their routes were requested."""

import re
from collections import Counter
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from flask import Flask, request, request_started

# Methods that Flask adds by itself.
AUTOMATIC = {"HEAD", "OPTIONS"}

apps: WeakKeyDictionary[Flask, Path] = WeakKeyDictionary()
routes: dict[Path, set[tuple[str, str]]] = {}
requested: dict[Path, set[tuple[str, str]]] = {}
# The pages a test of which failed, with _ for -. What comes after it would only repeat the failure.
failed: set[str] = set()


def loaded(app: Flask, path: Path) -> None:
    """Note that a test loaded this app from this file."""
    apps[app] = path
    own = {
        (method, rule.rule) for rule in app.url_map.iter_rules() if rule.endpoint != "static" for method in rule.methods
    }
    routes[path] = {route for route in own if route[0] not in AUTOMATIC}


def note_request(app: Flask, **_: object) -> None:
    """Note the route that a request found, for apps that a test loaded."""
    if app in apps and request.url_rule:
        requested.setdefault(apps[app], set()).add((request.method, request.url_rule.rule))


request_started.connect(note_request)


# Tests that one process runs, by what they have in common: a page's tests, and those of a page that stays open.
TRANSCRIPT = re.compile(r"test_a_transcript_is_what_the_app_answers\[(?:snippets|tests/transcripts)/(\w+)/")
TOGETHER = [
    TRANSCRIPT,
    re.compile(r"requested_by_its_page\[(\w+)\]$"),
    # Those of Contributing take minutes, each in a copy of the project; but dozens share one.
    re.compile(r"^tests/pages/test_(?!contributing\.)(\w+)\.py"),
    re.compile(r"^tests/pages/test_contributing\.py::(test_what)_"),
    # These share a build, a copy of the project, a page whose Python runs, or a browser.
    re.compile(r"^tests/\w+/test_(two_builds|seeded_faults|hostile_apps|live_page|live_editor|live_frame)\.py"),
    re.compile(r"^tests/runner/(test_(?:smoke|conditions|live_engines)\.py).*\[(firefox|webkit)"),
    re.compile(r"^tests/(?:runner/|site/test_site_browser).*\[chromium-((?:[\w-]+/){0,2})[-\]]"),
]


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember a failure, and have it told without a line that names the process which ran the test."""
    if report.failed and (page := re.match(r"tests/pages/test_(\w+)\.py", report.nodeid)):
        failed.add(page[1])
    vars(report).pop("node", None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object):
    """Share tests out one by one, but keep those of a page together, so that one process sees all its requests.

    pytest-xdist's own groups would do, but version 3.8 loses them under pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByPage(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    config.option.loadscopereorder = False  # begin_early has put the items into their order
    return ByPage(config, log)


def together(nodeid: str) -> str:
    """The name of the group that one process runs; a test of none is one of its own."""
    for pattern in TOGETHER:
        if found := pattern.search(nodeid):
            return " ".join(found.groups())
    return nodeid


def begin_early(items: list[pytest.Item]) -> None:
    """Put the groups of tests that take long first, so that no process works at the end while the others wait."""
    size = Counter(together(item.nodeid) for item in items)
    long = {together(item.nodeid) for item in items if item.get_closest_marker("long")}
    place = {name: (name not in long, -number) for name, number in size.items()}
    items.sort(key=lambda item: place[together(item.nodeid)])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the check of what was requested behind all tests, cheap tests before dear ones, and those of a page together.

    The check of a folder needs every test of its page; where only some were selected, it is deselected too.
    """
    dear = ["process", "server", "site", "browser", "slow"]

    def order(item: pytest.Item) -> tuple[int, str, int]:
        cost = max((dear.index(mark.name) + 1 for mark in item.iter_markers() if mark.name in dear), default=0)
        shared = item.get_closest_marker("open_page")
        return (cost, item.callspec.params["address"], shared.args[0]) if shared else (cost, "", 0)

    items.sort(key=order)
    items.sort(key=lambda item: bool(TRANSCRIPT.search(item.nodeid)))
    if hasattr(config, "workerinput"):
        begin_early(items)
    checks = [item for item in items if item.get_closest_marker("whole_page")]
    if not checks:
        return
    whole = {Path(item.path).stem for item in items} - config.stash[PARTIAL]
    if any("::" in argument for argument in config.args):
        whole = set()
    dropped = [check for check in checks if f"test_{check.callspec.params['name']}" not in whole]
    items[:] = [item for item in items if item not in checks] + [c for c in checks if c not in dropped]
    if dropped:
        config.hook.pytest_deselected(items=dropped)


PARTIAL = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start with no test file known to be partly selected."""
    config.stash[PARTIAL] = set()
    config.addinivalue_line("markers", "whole_page: needs every test of a page to have run")


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember the test files of which only some tests are selected."""
    for item in items:
        item.config.stash[PARTIAL].add(Path(item.path).stem)
