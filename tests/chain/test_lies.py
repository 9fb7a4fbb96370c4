"""Each lie can be told, and one that no test notices is found. `python -m tests.lies` tells all of them."""

import re
from dataclasses import replace

import pytest

from tests.bench import frameworks
from tests.chain import look
from tests.lies import lies, run
from tests.support import choice, site

ENTRY = """[[lie]]
statement = "A statement"
file = "snippets/count_visits/app.py"
old = {old}
new = {new}
tests = {tests}
"""
TRUE = {"old": "'''+ 1'''", "new": "'''+ 2'''", "tests": '["test_each_visit_adds_one"]'}


def test_every_lie_can_be_told(pytestconfig):
    # The first look reports the faults of a page; a lie about a test that is gone would repeat them.
    faulty = tuple(f"tests/lies/{name}.toml" for name in look.faulty())
    if faults := [line for line in lies.faults(site.ROOT, choice.wanted(pytestconfig)) if not line.startswith(faulty)]:
        pytest.fail("\n".join(faults), pytrace=False)


def test_each_cell_of_the_tables_of_frameworks_has_a_lie():
    page = "sessions_in_other_frameworks"
    source = (site.ROOT / f"tests/pages/test_{page}.py").read_text("utf-8")
    columns = re.findall(r"def (test_\w+)\(run, name\):\n    assert_cell\(", source)
    assert len(columns) == len(frameworks.CELLS)
    told = {test for lie in lies.read(site.ROOT)[0] if lie.page == page for test in lie.tests}
    assert {f"{test}[{name}]" for test in columns for name in frameworks.recorded()} <= told


def with_one_entry(copy):
    """Copy the project; what this gives writes an entry as the only lie, and gives the folder: project(old=…)."""
    run.copy(site.ROOT, copy)
    for path in (copy / "tests/lies").glob("*.toml"):
        path.unlink()

    def project(**changes):
        (copy / "tests/lies/count_visits.toml").write_text(ENTRY.format(**TRUE | changes), "utf-8")
        return copy

    return project


@pytest.fixture
def project(tmp_path):
    """A copy to run tests in."""
    return with_one_entry(tmp_path / "project")


@pytest.fixture(scope="module")
def entry(tmp_path_factory):
    """A copy whose entry is only looked at, so that all these tests share it."""
    return with_one_entry(tmp_path_factory.mktemp("lies") / "project")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"old": "'''not there'''"}, "is in snippets/count_visits/app.py 0 times"),
        ({"old": "'''visits'''"}, "and must be there once"),
        ({"new": "'''+ 1'''"}, "changes nothing"),
        ({"new": "'''+ ('''"}, "would not parse with it"),
        ({"tests": '["test_lost"]'}, "has no test test_lost"),
        ({"tests": '"test_each_visit_adds_one"'}, "tests is a list"),
        ({"tests": "[]"}, "tests is a list"),
        ({"old": "1 = "}, "see the top of tests/lies/lies.py"),
    ],
)
def test_an_entry_that_says_nothing_is_one_line(entry, changes, fault):
    [line] = lies.faults(entry(**changes))
    assert line.startswith("tests/lies/count_visits.toml: ")
    assert fault in line


@pytest.mark.process
def test_a_lie_that_no_test_notices_is_found(project):
    root = project(tests='["test_the_cookie_has_no_expiry_date"]')
    [lie], _ = lies.read(root)
    with run.Projects(root, 1) as projects:
        [[line]] = projects.tell([lie])
        assert "+ 1" in (projects.all[0].folder / lie.file).read_text("utf-8")
    assert "test_the_cookie_has_no_expiry_date passes although it is false" in line


@pytest.mark.process
def test_a_lie_that_its_test_notices_is_none(project):
    root = project()
    [lie], _ = lies.read(root)
    with run.Projects(root, 1) as projects:
        assert list(projects.tell([lie])) == [[]]


@pytest.mark.process
def test_each_lie_is_told_in_code_of_its_own(project):
    # The same size, in the same second, in one copy: Python must not take the bytecode of the first for the second.
    root = project()
    [told], _ = lies.read(root)
    passing = replace(told, number=2, old="return f", new="return F")
    with run.Projects(root, 1) as projects:
        first, [line], last = projects.tell([told, passing, told])
    assert (first, last) == ([], [])
    assert "test_each_visit_adds_one passes although it is false" in line


@pytest.mark.process
def test_a_lie_about_a_package_is_told(project):
    root = project()
    [lie], _ = lies.read(root)
    old = "return self.session_class(data)"
    told = replace(lie, file="flask/sessions.py", old=old, new="return self.session_class()")
    passing = replace(told, new="return self.session_class(dict(data))")
    with run.Projects(root, 1) as projects:
        nothing, [line] = projects.tell([told, passing])
    assert nothing == []
    assert "test_each_visit_adds_one passes although it is false" in line


@pytest.mark.process
def test_a_test_that_fails_without_a_lie_is_found(project):
    root = project()
    test = root / "tests/pages/test_count_visits.py"
    text = test.read_text("utf-8")
    test.write_text(
        text.replace("def test_each_visit_adds_one(client):", "def test_each_visit_adds_one(client):\n    assert False")
    )
    found, _ = lies.read(root)
    with run.Projects(root, 1) as projects:
        [line], _ = projects.failing(found)
    assert "test_each_visit_adds_one doesn't pass without a lie" in line


def test_a_skipped_test_says_nothing():
    [line] = run.judged("test_a", {"skipped"})
    assert "was skipped" in line
