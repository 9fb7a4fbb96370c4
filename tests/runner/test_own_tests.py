"""Flask's, Werkzeug's and itsdangerous' own tests, which nobody here wrote, pass in the Python that pages run.

They come from the source archives (tests/support/sources.py). tests/runner/own_tests.toml lists those that can't pass
there, with a reason each.
"""

import base64
import io
import json
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.runner import live_page
from tests.support import modules, needs, sources

pytestmark = [pytest.mark.browser]

LISTED = tomllib.loads(Path(__file__).with_name("own_tests.toml").read_text("utf-8"))
# An app that runs a package's tests when it is imported: outside of any request, as on a command line.
APP = """
import base64
import contextlib
import io
import json
import sys
import types
import zipfile

import _pytest.monkeypatch
import pytest
from flask import Flask

if not hasattr(_pytest.monkeypatch, "notset"):  # Flask 3.1's tests know it by the name of pytest 8
    _pytest.monkeypatch.notset = _pytest.monkeypatch.NOTSET

FOLDER = "/own/NAME"
zipfile.ZipFile(io.BytesIO(base64.b64decode(open("tests.zip.txt").read()))).extractall(FOLDER)
# Werkzeug's fixtures of servers import it. The tests that use them are listed.
sys.modules["ephemeral_port_reserve"] = types.ModuleType("ephemeral_port_reserve")
# What the package that came before this one, and pages' own tests, are called as well.
for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "conftest", "test_apps")]:
    del sys.modules[name]
outcomes = {}


class Outcomes:
    def pytest_collectreport(self, report):
        if report.outcome != "passed":
            outcomes[report.nodeid] = report.outcome, str(report.longrepr)[-300:]

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            outcomes[report.nodeid] = report.outcome, str(report.longrepr)[-300:]


arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--tb=short", "--import-mode=importlib"]
arguments.append("--continue-on-collection-errors")
output = io.StringIO()
with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
    code = pytest.main([*arguments, *DESELECTED, f"--rootdir={FOLDER}", f"{FOLDER}/tests"], plugins=[Outcomes()])

app = Flask(__name__)
app.add_url_rule("/", "index", lambda: {"code": code, "outcomes": outcomes, "output": output.getvalue()[-3000:]})
"""
# The tests take longer than an app may: this page ends none.
PATIENT = "const real = setTimeout; self.setTimeout = (f, ms, ...more) => (ms === 8000 ? 0 : real(f, ms, ...more));"
OUTCOMES = """async ([module, app, zip]) => {
    const { call } = await import(module);
    const message = { example: "own/own_tests.py", time: { offset: 0 } };
    const files = { "tests/test_first.py": "def test_first():\\n    pass\\n" };
    await call({ ...message, call: "prove", files, test: "tests/test_first.py", names: ["test_first"] });
    const all = { "own_tests.py": app, "tests.zip.txt": zip, "imports.py": "import asgiref" };
    const { error, log } = await call({ ...message, call: "load", app: "own_tests.py", files: all, env: {} });
    if (error) throw new Error(error + log);
    const { exchanges } = await call({ ...message, call: "visit", method: "GET", path: "/" });
    return exchanges[0].text;
}"""


def zipped(folder: Path) -> str:
    """A source archive's tests and their settings, as a text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [folder / "pyproject.toml", *(folder / "tests").rglob("*")]:
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.fixture(scope="module")
def page(browser):
    """A page in which an app may take its time."""
    if not sources.folders():
        needs.missing(sources.MISSING)
    with live_page.served() as address:
        page = browser.new_page()
        page.add_init_script(PATIENT)
        page.goto(f"{address}?count_visits/app.py")
        yield page
        page.close()


@pytest.mark.long
@pytest.mark.parametrize("package", sources.PACKAGES)
def test_a_packages_own_tests_pass_in_the_page_but_for_those_listed(page, package):
    listed = {entry["test"]: entry["reason"] for entry in LISTED[package]}
    folder = next(path for path in sources.folders() if path.name.startswith(package))
    whole = [name for name in listed if "::" not in name]
    sometimes = {entry["test"] for entry in LISTED[package] if entry.get("sometimes")}
    app = APP.replace("NAME", package).replace(
        "DESELECTED", repr([f"--ignore=/own/{package}/{name}" for name in whole])
    )
    found = json.loads(page.evaluate(OUTCOMES, [modules.address(page), app, zipped(folder)]))
    outcomes = {name: outcome for name, (outcome, _) in found["outcomes"].items()}
    passed = {name for name, outcome in outcomes.items() if outcome == "passed"}
    others = {name for name in outcomes if name not in passed}
    print(f"{package}: {len(passed)} passed, {len(listed)} listed")
    assert {name: found["outcomes"][name] for name in others - set(listed)} == {}, found["output"]
    assert set(listed) - set(whole) - sometimes - others == set(), "these pass by now: take them off the list"
    assert len(passed) >= LISTED["passed"][package]
