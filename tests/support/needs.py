"""A test whose program is missing doesn't run. The last lines name each such test and what it needs; CI fails then."""

import os
from typing import NoReturn

import pytest

# `make test` prints this file at its end.
LIST = ".cache/left_out.txt"


def missing(what: str) -> NoReturn:
    """Leave out the test that asks, because this machine lacks `what`, which says how to get it."""
    pytest.skip(f"needs {what}")


def left_out(config: pytest.Config) -> list[str]:
    """The tests that did not run, a line each with the reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return sorted(f"{report.nodeid}: {report.longrepr[2].removeprefix('Skipped: ')}" for report in reports)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run on CI that left tests out."""
    if os.environ.get("CI") == "true" and session.exitstatus == 0 and left_out(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the tests that did not run, and keep the list for the end of `make test`."""
    if hasattr(config, "workerinput") or not (lines := left_out(config)):
        return
    lines = [f"{len(lines)} tests did not run:" if len(lines) > 1 else "One test did not run:", *lines]
    terminalreporter.section("not run")
    for line in lines:
        terminalreporter.line(line)
    file = config.rootpath / LIST
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as kept:
        kept.write("\n".join(lines) + "\n")
