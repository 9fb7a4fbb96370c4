"""Tests of docs/contributing.md: its own steps and commands, taken in a copy of the project."""

import contextlib
import re
import shlex

import pytest

from tests.chain import omissions, specimen
from tests.support import forks, servers, site

pytestmark = [pytest.mark.slow, pytest.mark.process]

CHECK = "python -m pytest -q --page greet-by-name"
LOOP = "python -m pytest -q"
# The loop without other pages' own tests, which read no other page, in a fork that has read all files already.
# With the finished page, all of them run.
LOOP_OF_ONE = f"{LOOP} -n 0 '--ignore-glob=tests/pages/test_[!g]*.py'"
# What the check says after each of the first steps.
NEXT = {
    specimen.APP: "snippets/greet_by_name: no page has this name; write docs/…/greet-by-name.md",
    specimen.TEST: "snippets/greet_by_name: no page has this name; write docs/…/greet-by-name.md",
    specimen.RECIPE: "mkdocs.yml: the nav lacks recipes/greet-by-name.md; add a line for it",
    specimen.NAV: "",
}
# `make test` runs these tests, and test_commands.py serves the site.
NOT_HERE = ("make test", "make serve")


@pytest.mark.long
def test_the_steps_and_commands_of_the_page_work_in_their_order(project_copy):
    taken = []
    for path, text in specimen.steps():
        if path:
            specimen.write(project_copy, path, text)
        elif text not in NOT_HERE:
            result = specimen.run(project_copy, text)
            assert result.returncode == 0, f"{text}\n{result.stdout}"
            taken.append(text)
    assert len(taken) >= 4
    # The last command has renamed the page.
    assert (project_copy / "docs/recipes/greet-visitors-by-name.md").is_file()


@pytest.mark.long
def test_the_finished_page_passes_the_fast_loop_the_tests_of_the_site_and_the_linters(project_copy):
    specimen.add(project_copy)
    for command in (
        LOOP,
        "python -m pytest -q -m site tests/site/test_site.py",
        "ruff format --check",
        "ruff check",
    ):
        result = specimen.run(project_copy, command)
        assert result.returncode == 0, result.stdout


@pytest.mark.long
def test_after_each_step_one_line_names_the_next(project_copy):
    """By the check of the page and by the loop, as forks of one process; the test of all steps starts them anew."""
    steps = [step for step in specimen.steps() if step[0]][: len(NEXT)]
    assert [path for path, _ in steps] == list(NEXT)
    with contextlib.closing(forks.Forks(project_copy)) as processes:
        for path, text in steps:
            specimen.write(project_copy, path, text)
            if NEXT[path]:
                for command in (CHECK, LOOP_OF_ONE):
                    assert omissions.one_line(forked(processes, command).stdout) == NEXT[path]
            else:  # the test above runs the loop with the finished page
                result = forked(processes, CHECK)
                assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """A copy of the project with the whole page, where CHECK runs as a fork: dozens of slips are tried."""
    root = omissions.copied(tmp_path_factory.mktemp("contributing") / "project")
    specimen.add(root)
    copy = omissions.Copy(root)
    yield copy
    copy.close()


def forked(processes, command):
    """The result of a command of the page in a fork."""
    return processes.run(*shlex.split(command.removeprefix("python -m ")))


def checked(copy):
    """What CHECK prints in a copy."""
    return forked(copy.forks, CHECK)


@pytest.mark.parametrize("name", [name for name in omissions.OMISSIONS if name not in omissions.OF_ALL])
def test_what_is_left_out_is_reported_in_one_line(added, name):
    seed, line = omissions.OMISSIONS[name]
    seed(added.root)
    try:
        assert line in omissions.one_line(checked(added).stdout)
    finally:
        added.restore()


@pytest.mark.parametrize("name", omissions.HARMLESS)
def test_what_does_no_harm_is_not_reported(added, name):
    omissions.HARMLESS[name](added.root)
    try:
        result = checked(added)
        assert result.returncode == 0, result.stdout
    finally:
        added.restore()


def test_a_port_in_use_is_reported_in_one_line_with_what_to_do(project_copy, serve):
    with servers.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = specimen.run(project_copy, f"make serve PORT={port}")
    assert result.returncode
    assert f"port {port} is in use; choose another one, for example make serve PORT={port + 1}" in result.stdout
    assert "Traceback" not in result.stdout


def test_the_files_that_the_page_names_are_there():
    table = (site.ROOT / specimen.PAGE).read_text("utf-8").partition("## How to change the runner")[2]
    names = re.findall(r"`((?:live|tests)/[\w./]+|test_\w+\.py)`", table)
    assert len(names) > 12
    for name in names:
        assert (site.ROOT / name).exists() or (site.ROOT / "tests/runner" / name).is_file(), name
