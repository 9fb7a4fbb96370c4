"""The mutants: every kind of change is made, each one alone, and one that no test notices is reported."""

import ast
import functools
import os
import signal
import subprocess
import sys
import time
import weakref
from collections import Counter

import pytest
from flask.sessions import SecureCookieSession, SessionMixin

from tests.mutants import __main__ as command
from tests.mutants import mutate, packages
from tests.support import servers, site

TEXT = '''"""A docstring."""
import os

LIMIT = 4

@app.get("/")
def index(name):
    if name == "":
        return str(LIMIT, strict=True)
    return [letter for letter in name if letter]
'''

# A page whose only test says little of its app.
SHORT = {
    "snippets/count_visits/app.py": """from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return str(1)
""",
    "tests/pages/test_count_visits.py": """def test_it_opens(client):
    client.get("/")
""",
}


def test_each_operator_changes_one_thing_and_leaves_docstrings_alone():
    found = list(mutate.mutants(TEXT))
    plain = mutate.plain(TEXT)
    assert {mutant.operator for mutant in found} == {
        "statement removed",
        "condition negated",
        "comparison replaced",
        "number made 0",
        "number plus 1",
        "string emptied",
        "string replaced",
        "constant negated",
        "decorator removed",
        "keyword removed",
        "return without value",
    }
    assert all('"""A docstring."""' in mutant.text and mutant.text != plain for mutant in found)
    assert len({mutant.text for mutant in found}) == len(found)


def test_a_mutant_names_what_was_changed():
    names = [mutant.name for mutant in mutate.mutants("x = 3\nif x > 3:\n    del x\n")]
    assert "statement removed: del x" in names
    assert "comparison replaced: x > 3" in names
    assert "number plus 1: 3" in names


def test_a_mutant_names_the_function_whose_body_is_changed():
    text = "class A:\n    x = 1\n\n    def f(self, y=2):\n        def g():\n            return 3\n        return g\n"
    functions = {mutant.name: mutant.function for mutant in mutate.mutants(text)}
    assert functions["number plus 1: 1"] == functions["number plus 1: 2"] == ""
    assert functions["number plus 1: 3"] == "A.f.<locals>.g"
    assert functions["return without value: return g"] == "A.f"
    assert functions["statement removed: def g(): return 3"] == "A.f"


FILE = "snippets/a/app.py"
LEFT = {"file": FILE, "line": 3, "name": "statement removed: x"}
COUNTED = {"file": FILE, "counts": {"statement removed": 40}}


@pytest.mark.parametrize(
    ("listed", "found", "fault", "total"),
    [
        ("", 0, "", 40),
        ("", 1, f"{FILE}:3: no test notices statement removed: x; test it, or list it with a reason", 40),
        (f"{FILE}: statement removed: x", 1, "", 40),
        (f"{FILE}: statement removed: x  # nobody can tell", 1, "", 39),
        (f"{FILE}: statement removed: x", 0, "a test notices snippets/a/app.py: statement removed: x; delete", 40),
        (f"{FILE}: statement removed: x", 2, f"{FILE}:3: no test notices statement removed: x; test it", 40),
        ("untried: a", 1, "", 40),
        ("untried: a  # nobody copies it", 1, "", 40),
    ],
)
def test_what_is_found_and_what_is_listed_have_to_agree(tmp_path, monkeypatch, listed, found, fault, total):
    monkeypatch.setattr(command, "LIST", tmp_path / "survivors.txt")
    command.LIST.write_text(f"# A comment.\n{listed}\n")
    score = command.Score([COUNTED, *[LEFT] * found])
    assert len(score.faults) == bool(fault)
    assert fault in "".join(score.faults)
    assert score.total["to copy, code"] == total
    score.known.write(score.found, score.files)
    assert command.LIST.read_text().startswith("# A comment.\n")
    assert command.Score([COUNTED, *[LEFT] * found]).faults == []


def test_a_page_that_is_untried_for_a_reason_is_tried_only_if_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "LIST", tmp_path / "survivors.txt")
    command.LIST.write_text("untried: versions  # nobody copies it\nuntried: count_visits\n")
    assert "count_visits" in command.selected([])
    assert "versions" not in command.selected([])
    assert command.selected(["versions"]) == {"versions": []}
    changed = ["snippets/versions/app.py", "versions", "snippets/count_visits/app.py", "count_visits"]
    monkeypatch.setattr(command, "changed_since", lambda _: changed)
    assert command.selected(["--changed-since", "HEAD"]) == {"count_visits": []}
    other = command.Known.read()
    other.write(Counter(), [])
    assert command.Known.read() == other


def test_shares_that_are_too_low_are_faults(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "LIST", tmp_path / "survivors.txt")
    command.LIST.write_text("")
    assert command.Score([COUNTED, LEFT]).too_low() == []
    assert command.Score([COUNTED, LEFT, LEFT]).too_low() == [
        "to copy, code: less than 97% are noticed; test more of them"
    ]
    command.LIST.write_text(f"{FILE}: statement removed: x  # nobody can tell\n" * 2)
    assert "more than 3% have a reason" in command.Score([COUNTED, LEFT, LEFT]).too_low()[0]


def test_each_mutant_of_flask_that_no_test_notices_needs_a_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "LIST", tmp_path / "survivors.txt")
    file = "flask/sessions.py"
    lines = [
        {"file": file, "counts": {"string emptied": 500}},
        {"file": file, "line": 9, "name": "string emptied: 'a'"},
    ]
    command.LIST.write_text(f"{file}: string emptied: 'a'\n")
    assert "list it with a reason" in command.Score(lines).faults[0]
    command.LIST.write_text(f"{file}: string emptied: 'a'  # no page says it\n")
    assert command.Score(lines).faults == command.Score(lines).too_low() == []


def mutants_of(text, lines=None):
    return [mutant.name for mutant in mutate.mutants(text, packages.left_out(lines))]


def test_what_only_type_checkers_read_has_no_mutants():
    text = """import typing as t
if t.TYPE_CHECKING:
    x = 1
@t.overload
def f(a: t.Literal[2]) -> "b": ...
y: t.Literal["c"] = t.cast("d", z)
"""
    assert mutants_of(text) == ["statement removed: y: t.Literal['c'] = t.cast('d', z)"]


def test_lines_that_flask_never_runs_have_no_mutants():
    text = """class A:
    b = 1
    def c(self):
        if self:
            return 2
        return 3
    def d(self):
        return 4
class E:
    f = 5
"""
    numbers = [name for name in mutants_of(text, {4, 5}) if name.startswith("number plus")]
    assert sorted(numbers) == ["number plus 1: 1", "number plus 1: 2"]


def test_flask_uses_what_checks_a_signature_and_nothing_that_writes_a_file():
    used = packages.used()
    assert {*packages.ITSDANGEROUS} == used.keys()
    tree = ast.parse((packages.PACKAGES / "itsdangerous/serializer.py").read_text("utf-8"))
    runs = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(node.lineno <= line <= (node.end_lineno or 0) for line in used["itsdangerous/serializer.py"])
    }
    assert {"iter_unsigners", "load_payload"} <= runs
    assert not runs & {"dump", "load", "loads_unsafe"}


def patch(function, old, new):
    module = packages.Module("flask/sessions.py")
    text = module.path.read_text("utf-8")
    assert old in text
    return module.patch(mutate.Mutant("changed", 1, old, text.replace(old, new, 1), function))


def test_a_mutant_takes_the_place_of_a_loaded_function():
    put = patch("SessionMixin.permanent", "False)", "True)")
    code = SessionMixin.permanent.fget.__code__
    assert put
    try:
        put()
        assert SecureCookieSession().permanent is True
    finally:
        SessionMixin.permanent.fget.__code__ = code
    assert SecureCookieSession().permanent is False


def test_functions_are_found_beside_weak_references_to_what_is_gone():
    gone = weakref.proxy(SecureCookieSession())
    with pytest.raises(ReferenceError):
        bool(gone)
    assert packages.Module("flask/sessions.py").functions


def test_a_mutant_of_no_function_or_with_other_variables_needs_a_new_process():
    assert patch("", "modified = True", "modified = False") is None
    assert patch("SecureCookieSession.__init__", "super().__init__(initial, on_update)", "pass") is None


def test_changed_tests_and_transcripts_have_their_page_tried(monkeypatch):
    changed = """snippets/count_visits/app.py
snippets/two_clocks/app.py
snippets/two_clocks/gone.py
snippets/what_clear_does/app.http
tests/pages/test_count_visits.py
tests/pages/test_cookie_inspector.py
tests/transcripts/remember_me/wrong.http
"""
    result = subprocess.CompletedProcess([], 0, changed)
    monkeypatch.setattr(command.subprocess, "run", lambda *args, **options: result)
    assert command.selected(["--changed-since", "HEAD^"]) == {
        "count_visits": [],
        "remember_me": [],
        "two_clocks": ["snippets/two_clocks/app.py"],
        "what_clear_does": [],
    }


# It serves a folder, writes where, and waits.
SERVES = """
import pathlib, sys, time
from tests.support import servers
port = servers.free_port()
command = [sys.executable, "-m", "http.server", "--bind=127.0.0.1", str(port)]
with servers.running(command, pathlib.Path("."), f"http://127.0.0.1:{port}/"):
    print(port, flush=True)
    time.sleep(600)
"""


def wait_until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.process
def test_a_server_ends_when_the_process_that_started_it_is_killed(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(site.ROOT)}
    program = [sys.executable, "-c", SERVES]
    with subprocess.Popen(program, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        address = f"http://127.0.0.1:{int(process.stdout.readline())}/"
        assert servers.answers(address)
        process.kill()
    wait_until(lambda: not servers.answers(address))


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_nothing_that_the_command_started_outlives_it(project_copy, tmp_path, sent):
    (project_copy / "tests/pages/test_count_visits.py").write_text(
        f"""import os, pathlib, subprocess, sys, time
import pytest

@pytest.mark.server
def test_it_starts_a_server(tmp_path):
    sys.path.insert(0, os.getcwd())
    from tests.support import servers
    port = servers.free_port()
    command = [sys.executable, "-m", "http.server", "--bind=127.0.0.1", str(port)]
    with servers.running(command, tmp_path, f"http://127.0.0.1:{{port}}/"):
        pathlib.Path({str(tmp_path / "seen")!r}).write_text(f"{{port}} {{os.getpid()}}")
        time.sleep(600)
""",
        "utf-8",
    )
    seen = tmp_path / "seen"
    command = [sys.executable, "-m", "tests.mutants", "count_visits"]
    # A shell has what runs in the background ignore Ctrl-C, and all that this starts.
    heeded = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, cwd=project_copy, stdout=subprocess.PIPE, text=True, preexec_fn=heeded) as process:
        wait_until(lambda: seen.exists() and seen.read_text())
        port, child = map(int, seen.read_text().split())
        process.send_signal(sent)
        assert process.communicate(timeout=60)[0] == "interrupted\n"
    assert process.returncode == 130
    wait_until(lambda: not servers.answers(f"http://127.0.0.1:{port}/"))
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.slow
@pytest.mark.long
def test_a_mutant_that_no_test_notices_is_reported(project_copy):
    for path, text in SHORT.items():
        (project_copy / path).write_text(text, "utf-8")
    (project_copy / "snippets/count_visits/app.http").unlink()
    command = [sys.executable, "-m", "tests.mutants", "snippets/count_visits/app.py"]
    result = subprocess.run(command, cwd=project_copy, capture_output=True, text=True)
    assert result.returncode == 1
    assert "snippets/count_visits/app.py:8: no test notices number plus 1: 1;" in result.stdout, result.stdout
    assert "to copy, code: " in result.stdout
