"""Runs a page's proofs for the worker in the page: pytest, unchanged, on the page's own test file.

It comes with pytest in a zip of its own (runtime/pytest.zip), unpacked at ROOT when a reader asks for the first proof.
"""

import io
import json
import os
import re
import shutil
import sys
import traceback
from collections.abc import Generator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType

# pytest imports these to color its reports, which is not asked for here; the real ones weigh more than pytest.
for _module, _names in {
    "pygments": (),
    "pygments.formatters": (),
    "pygments.formatters.terminal": ("TerminalFormatter",),
    "pygments.lexer": ("Lexer",),
    "pygments.lexers": (),
    "pygments.lexers.diff": ("DiffLexer",),
    "pygments.lexers.python": ("PythonLexer",),
}.items():
    sys.modules[_module] = ModuleType(_module)
    vars(sys.modules[_module]).update(dict.fromkeys(_names, object))

import pytest  # noqa: E402

ROOT = Path("/proofs")
ARGUMENTS = ["-q", "--no-header", "--color=no", "--tb=short", "-p", "no:faulthandler"]


class Reports:
    """A pytest plugin that adds up the reports of each test function; its parametrized cases are one proof."""

    def __init__(self) -> None:
        self.proofs: dict[str, dict] = {}
        self.broken = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what keeps the test file from being imported."""
        if report.failed:
            self.broken = str(report.longrepr)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say of an app that did not start just that: pytest's own report has many lines, and the cause is the last."""
        report = yield
        if report.failed and call.excinfo and (line := not_started(call.excinfo.value)):
            report.longrepr, report.sections = line, []
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of one case to its proof."""
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        proof = self.proofs.setdefault(name, {"passed": True, "seconds": 0.0, "cases": 0, "report": ""})
        proof["seconds"] += report.duration
        proof["cases"] += report.when == "call"
        if report.failed:
            proof["passed"] = False
            # With what the app printed and logged: there stands why it answered with 500.
            proof["report"] += "\n".join(
                [report.longreprtext, *(f"{title}:\n{text}" for title, text in report.sections)]
            )
            proof["report"] += "\n"


def not_started(error: BaseException) -> str:
    """One line for an error that came while an app was loaded, with its place in the app's files; else an empty one.

    The fixture `app` of tests/conftest.py has made a line of it already, whose form is for a terminal.
    """
    if found := re.fullmatch(r"snippets/[^/]+/(\S+):(\d+): (.*); fix the app", str(error), re.DOTALL):
        return f"{found[1]} did not start. {found[3]} ({found[1]}, line {found[2]})"
    frames = [(frame.f_code, line, frame.f_locals) for frame, line in traceback.walk_tb(error.__traceback__)]
    loading = [seen for code, _, seen in frames if code.co_name == "load_app" and "path" in seen]
    if not loading:
        return ""
    snippets = f"{ROOT}/snippets/"
    app = str(loading[-1]["path"]).removeprefix(snippets)
    folder = snippets + app.partition("/")[0] + "/"
    places = [(code.co_filename, line) for code, line, _ in frames if code.co_filename.startswith(folder)]
    what = str(error)
    if isinstance(error, SyntaxError) and error.filename:
        places, what = [(error.filename, error.lineno or 1)], error.msg
    where = ", line ".join(map(str, places[-1])).removeprefix(folder) if places else app.partition("/")[2]
    return f"{app.partition('/')[2]} did not start. {type(error).__name__}: {what} ({where})"


def write(files: dict[str, str]) -> None:
    """Replace the page's own files, paths below ROOT mapped to texts."""
    shutil.rmtree(ROOT / "snippets", ignore_errors=True)
    for name, text in files.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, "utf-8")


def prove(text: str) -> str:
    """Run proofs. `text` is JSON: "files" (the page's test file and snippets), "test" (the former's path), "names".

    Returns JSON: "proofs", by name whether each "passed", its "seconds", "cases" and pytest's own "report"; and
    "broken", pytest's report if the test file can't be imported.
    """
    message = json.loads(text)
    write(message["files"])
    os.chdir(ROOT)
    reports = Reports()
    output = io.StringIO()
    before = dict(os.environ)
    with redirect_stdout(output), redirect_stderr(output):
        code = pytest.main(
            [*ARGUMENTS, *(f"{message['test']}::{name}" for name in message["names"])], plugins=[reports]
        )
    os.environ.clear()
    os.environ.update(before)
    # The next run must see an edited test file, so its module is forgotten.
    sys.modules.pop(message["test"].removesuffix(".py").replace("/", "."), None)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not reports.broken:
        reports.broken = output.getvalue()
    return json.dumps({"proofs": reports.proofs, "broken": reports.broken})
