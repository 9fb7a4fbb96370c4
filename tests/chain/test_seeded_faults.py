"""Each check bites: a fault is put into a copy of the project, and one line says what to mend."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chain import omissions
from tests.support import forks, site

pytestmark = [pytest.mark.slow, pytest.mark.process]

RECIPE, APP = "docs/recipes/count-visits.md", "snippets/count_visits/app.py"
TEST, CONFIG = "tests/pages/test_count_visits.py", "mkdocs.yml"
TEXT = (site.ROOT / RECIPE).read_text("utf-8")
FENCE, END = TEXT[: TEXT.index("```python")].count("\n") + 1, TEXT.count("\n")
# A page all of whose tests are in the fast loop: else its requests are not counted there.
STORED, ITS_TEST = "snippets/what_can_be_stored", "tests/pages/test_what_can_be_stored.py"
FAST = ["tests/chain/test_chain.py", "tests/chain/test_style.py", TEST, ITS_TEST]
# The test of all transcripts and of Python on pages takes longer than the others. These faults are its own.
OUTPUT = "tests/chain/test_shown_output.py"
OF_OUTPUT = {"a false transcript", "a false printed output", "a transcript without an app", "Python that fails"}


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """A fault: a text replaced in a file."""

    def seed(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), "utf-8")

    return seed


def add(path: str, text: str) -> Callable[[Path], None]:
    """A fault: a text at the end of a file, which may be new."""

    def seed(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return seed


def both(*seeds: Callable[[Path], None]) -> Callable[[Path], None]:
    """A fault that takes two changes."""

    def seed(root: Path) -> None:
        for one in seeds:
            one(root)

    return seed


def remove(path: str) -> Callable[[Path], None]:
    """A fault: a file that is gone."""
    return lambda root: (root / path).unlink()


def fence(header: str, marker: str = "```", prefix: str = "") -> Callable[[Path], None]:
    """A fault: a block of Python on a page, behind an unusual header."""
    return add(RECIPE, f"\n{prefix}{marker}{header}\n{prefix}1 / 0\n{prefix}{marker}\n")


BUILD_FAULTS = {
    "a missing snippet": (
        replace(RECIPE, "visits/app.py", "visits/ap.py"),
        f"{RECIPE}:{FENCE}: there is no snippet file",
    ),
    "a misspelt region": (
        replace("docs/learn/your-first-session.md", "app.py:write", "app.py:wriet"),
        "snippets/your_first_session/app.py has no region 'wriet' (it has: read, write)",
    ),
    "lines by number": (replace(RECIPE, "visits/app.py", "visits/app.py:1:3"), f"{RECIPE}:{FENCE}: line numbers drift"),
    "a dead link": (replace(RECIPE, "your-first-session.md", "first-session.md"), "'learn/first-session.md'"),
    "a dead anchor": (replace(RECIPE, "your-first-session.md", "your-first-session.md#gone"), "anchor '#gone'"),
    "a page missing from the nav": (
        replace(CONFIG, "  - Home: index.md\n", ""),
        "index.md",
    ),
    "a nav line without a page": (
        replace(CONFIG, "Home: index.md", "Home: index.md\n  - About: about.md"),
        "'about.md' is included in the 'nav' configuration, which is not found",
    ),
    "a degraded fence": (fence("python foo"), "would degrade the block to plain text"),
    "a spaced fence header": (fence(" { .python }"), "would degrade the block to plain text"),
    "an unclosed fence": (add(RECIPE, "\n```python\nx = 1\n"), "the fence is never closed"),
    "an include outside a fence": (add(RECIPE, '\n--8<-- "count_visits/app.py"\n'), "stands outside a fence"),
    "a mark that names no test": (
        replace(RECIPE, "#test_each_visit_adds_one", "#test_each_visit_adds_two"),
        f"{RECIPE}: the mark #test_each_visit_adds_two names no test of {TEST}",
    ),
    "a renamed test": (
        replace(TEST, "test_each_visit_adds_one", "test_each_visit_adds_two"),
        f"{RECIPE}: the mark #test_each_visit_adds_one names no test of {TEST}",
    ),
    "a deleted test": (
        replace(TEST, "def test_each_visit_adds_one", "def each_visit_adds_one"),
        f"{RECIPE}: the mark #test_each_visit_adds_one names no test of {TEST}",
    ),
    "a broken transcript": (replace("snippets/count_visits/app.http", "GET /", "FETCH /"), "is neither a request"),
}
TEST_FAULTS = {
    "a snippet on no page": (add("snippets/count_visits/more.py", ""), "snippets/count_visits/more.py: no page shows"),
    "a folder without a page": (add("snippets/lost/app.py", ""), "snippets/lost: no page has this name"),
    "a page without a test": (remove(TEST), f"{RECIPE}: there is no {TEST}"),
    "a test that names no page": (replace(TEST, RECIPE, "a page"), f"{TEST}: begin it with a docstring"),
    "an app that no test loads": (
        both(
            add(f"{STORED}/more.py", "from flask import Flask\n\napp = Flask(__name__)\n"),
            add("docs/reference/what-can-be-stored.md", '\n```python\n--8<-- "what_can_be_stored/more.py"\n```\n'),
        ),
        f"{ITS_TEST}: no test loads {STORED}/more.py",
    ),
    "a route that no test requests": (
        add(f"{STORED}/app.py", '\n\n@app.delete("/all")\ndef forget():\n    return ""\n'),
        f"{ITS_TEST}: no test requests DELETE /all of {STORED}/app.py",
    ),
    "a test without its mark": (replace(RECIPE, "[test](#test_each_visit_adds_one)", ""), "is marked nowhere"),
    "a test marked twice": (add(RECIPE, "\n[test](#test_each_visit_adds_one)\n"), "is marked twice"),
    "a mark within a sentence": (
        replace(RECIPE, "[test](#test_each_visit_adds_one)", "[test](#test_each_visit_adds_one) Each time."),
        "[test](#test_each_visit_adds_one) is within its paragraph",
    ),
    "a page without a mark": (
        lambda root: (root / RECIPE).write_text(
            re.sub(r"\[test\]\S+", "", (root / RECIPE).read_text("utf-8")), "utf-8"
        ),
        f"{RECIPE}: no test is named",
    ),
    "a long sentence": (add(RECIPE, "\n" + "word " * 31 + ".\n"), "a sentence of 32 words"),
    "a wrong app without its test": (
        both(replace(TEST, "test_wrong_", "test_"), replace(RECIPE, "test_wrong_", "test_")),
        f"{TEST}: nothing shows wrong.py fail",
    ),
    "a false transcript": (
        replace("snippets/count_visits/app.http", "Visits: 2", "Visits: 3"),
        "the app now responds with",
    ),
    "a false printed output": (
        replace("docs/learn/your-first-session.md", '"green"}\'', '"blue"}\''),
        "the code prints something else than the page shows",
    ),
    "a transcript without an app": (
        add("snippets/count_visits/lost.http", "GET /\n"),
        "there is no snippets/count_visits/lost.py",
    ),
    "fences with tildes": (fence("python", "~~~"), f"{RECIPE}:{END + 2}: the test of inline Python does not see"),
    "fences of four backticks": (fence("python", "````"), "does not see this kind of fence"),
    "a quoted fence": (fence("python", prefix="> "), "a fence inside a quotation is not tested"),
    "untested Python": (
        add(RECIPE, "\n````text\n```\n```\n````\n\n```python\n1 / 0\n```\n"),
        f"{RECIPE}:{END + 7}: nothing runs this code",
    ),
    "Python that fails": (fence("python"), "ZeroDivisionError"),
    "line numbers": (add(RECIPE, '\n```text title="hl_lines=1"\nx\n```\n'), f"{RECIPE}:{END + 2}: line numbers drift"),
    "two pages of one name": (add("docs/learn/count-visits.md", ""), "two pages are named count_visits"),
    "a page outside the nav": (add("docs/recipes/lost.md", ""), "the nav lacks recipes/lost.md"),
    "a key in the open": (
        replace(APP, 'os.environ["SECRET_KEY"]', '"secret"'),
        f"{APP}: a key in the code",
    ),
    "a needless exemption": (remove("snippets/LICENSE"), "snippets/LICENSE needs no exemption any more"),
}
SITE_FAULTS = {
    "a changed live block": (
        replace("extensions/examples.py", "json.dumps(files)", 'json.dumps(files).replace("Visits", "Visit")'),
        "test_an_example_carries_its_files_as_they_are",
    ),
    "a badge lost": (replace("extensions/examples.py", "Wrong: do not copy", ""), "test_a_wrong_app_has_its_badge"),
    "an outside host": (
        replace(
            "docs/templates/main.html",
            "{% if page and page.meta %}",
            '<link rel="stylesheet" href="https://cdn.example/x.css">{% if page and page.meta %}',
        ),
        "test_nothing_is_loaded_from_another_host",
    ),
    "a lost description": (
        replace(RECIPE, "description: ", "description: short\nother: "),
        "a description has 80 to 170",
    ),
    "invalid HTML": (replace("docs/templates/404.html", "<ul>", "<ul><p>"), "test_every_page_is_valid_html"),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A copy of the project that is restored after each fault, where commands are forks: dozens of faults are tried."""
    root = omissions.copied(tmp_path_factory.mktemp("faults") / "project")
    copy = omissions.Copy(root, ("docs", "snippets", "tests/pages", CONFIG))
    yield copy
    copy.close()


@pytest.fixture
def copy(shared):
    """The shared copy, as it is without a fault."""
    yield shared
    shared.restore()


def run(root: Path, *command: str) -> str:
    """The output of a command in a copy, which must fail."""
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, env=forks.environment(root), capture_output=True, text=True
    )
    assert result.returncode, f"nothing failed:\n{result.stdout}"
    return result.stdout + result.stderr


def forked(copy: omissions.Copy, *command: str) -> str:
    """The output of a command in the shared copy, which must fail."""
    result = copy.forks.run(*command)
    assert result.returncode, f"nothing failed:\n{result.stdout}"
    return result.stdout


def assert_one_line(output: str, cause: str) -> None:
    """The cause is told, and in a few lines: no traceback."""
    assert cause in output, output
    assert "Traceback" not in output, output


@pytest.mark.parametrize("name", BUILD_FAULTS)
def test_the_build_stops_at(copy, name):
    seed, cause = BUILD_FAULTS[name]
    seed(copy.root)
    output = forked(copy, "mkdocs", "build", "--strict", "--site-dir", ".cache/site")
    assert_one_line(output, cause)
    assert len([line for line in output.splitlines() if "ERROR" in line or "WARNING" in line]) <= 2, output


@pytest.mark.parametrize("name", TEST_FAULTS)
def test_the_fast_tests_stop_at(copy, name):
    seed, cause = TEST_FAULTS[name]
    seed(copy.root)
    files = [file for file in FAST if (copy.root / file).is_file()] + [OUTPUT] * (name in OF_OUTPUT)
    assert_one_line(forked(copy, "pytest", "-q", *files), cause)


@pytest.mark.long
def test_the_tests_of_the_site_stop_at_each_fault(project_copy):
    """All faults are in one build; each is seen by a check of its own."""
    for seed, _ in SITE_FAULTS.values():
        seed(project_copy)
    files = ["tests/site/test_site.py", "tests/site/test_site_html.py"]
    told = run(project_copy, "pytest", "-q", "--tb=short", "-m", "site", *files)
    assert [name for name, (_, cause) in SITE_FAULTS.items() if cause not in told] == []


def test_the_test_of_shell_commands_stops_at_one_that_fails(project_copy):
    add(RECIPE, "\n```sh\nflask --app nowhere routes\n```\n")(project_copy)
    told = run(project_copy, "pytest", "-q", "-m", "process", "-k", "nowhere", "tests/chain/test_commands.py")
    assert "Could not import 'nowhere'" in told


@pytest.mark.long
def test_a_failed_build_leaves_the_last_good_site(project_copy):
    good = project_copy / "site/index.html"
    subprocess.run(["make", "site"], cwd=project_copy, check=True, env=os.environ | {"PYTHONPATH": str(project_copy)})
    before = good.read_bytes()
    replace(RECIPE, "visits/app.py", "visits/ap.py")(project_copy)
    failed = subprocess.run(["make", "site"], cwd=project_copy, env=os.environ | {"PYTHONPATH": str(project_copy)})
    assert failed.returncode
    assert good.read_bytes() == before
    assert project_copy != site.ROOT
