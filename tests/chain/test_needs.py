"""A machine that lacks a program: everything else runs, and the last lines say what did not and why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import site

CONFTEST = """
import shutil

shutil.which = lambda *_, **__: None  # as where none of the programs is installed
from tests.conftest import *
"""
INI = """
[pytest]
markers =
    browser
    weekly
"""
TESTS = """
import pytest
from playwright.sync_api import Page

def test_of_nothing():
    pass

def test_of_nginx(nginx):
    nginx("")

def test_of_redis(redis):
    redis.ping()

@pytest.mark.browser
def test_of_each_engine(engine):
    engine.faults()

@pytest.mark.browser
def test_of_a_browser(page: Page):
    page.goto("about:blank")
"""


@pytest.fixture
def run(tmp_path: Path):
    """Run these tests on a machine without nginx, Redis and browser: `run(CI="true")` gives the result."""
    for name, text in {
        "conftest.py": CONFTEST,
        "test_programs.py": TESTS,
        "browsers/none": "",
        "pytest.ini": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(INI if name == "pytest.ini" else text, "utf-8")

    def run(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        cleared = {
            "CHROME_PATH": "",
            "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"),
            "PYTHONPATH": str(site.ROOT),
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "."],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if "PYTEST" not in name and name != "CI"}
            | cleared
            | variables,
            capture_output=True,
            text=True,
        )

    return run


@pytest.mark.process
@pytest.mark.parametrize("options", [(), ("--numprocesses=2",)], ids=["one process", "two processes"])
def test_each_test_that_did_not_run_is_named_with_what_it_needs(run, tmp_path, options):
    result = run(*options)
    assert result.returncode == 0, result.stdout + result.stderr
    *_, title, browser, chromium, firefox, webkit, nginx, redis, counts = filter(None, result.stdout.splitlines())
    assert title == "6 tests did not run:"
    assert browser.startswith("test_programs.py::test_of_a_browser[chromium]: needs Chromium or Chrome, or its path")
    assert chromium.startswith("test_programs.py::test_of_each_engine[chromium]: needs Chromium or Chrome, or its path")
    assert firefox.startswith("test_programs.py::test_of_each_engine[firefox]: needs Firefox (Debian: apt-get")
    assert webkit.startswith("test_programs.py::test_of_each_engine[webkit]: needs WebKitGTK's driver and Xvfb (Debian")
    assert nginx.startswith("test_programs.py::test_of_nginx: needs nginx (Debian: apt-get")
    assert redis.startswith("test_programs.py::test_of_redis: needs redis-server (Debian: apt-get")
    assert "1 passed, 6 skipped" in counts
    assert (tmp_path / ".cache/left_out.txt").read_text("utf-8").splitlines() == [
        title,
        browser,
        chromium,
        firefox,
        webkit,
        nginx,
        redis,
    ]


@pytest.mark.process
def test_a_run_that_left_tests_out_fails_on_ci(run):
    assert run(CI="true").returncode == 1
    assert run("-k", "nothing", CI="true").returncode == 0
