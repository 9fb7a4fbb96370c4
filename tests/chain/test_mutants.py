"""The mutants: every kind of change is made, each one alone, and one that no test notices is reported."""

import subprocess
import sys

import pytest

from tests.mutants import __main__ as command
from tests.mutants import mutate

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


def test_shares_that_are_too_low_are_faults(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "LIST", tmp_path / "survivors.txt")
    command.LIST.write_text("")
    assert command.Score([COUNTED, LEFT]).too_low() == []
    assert command.Score([COUNTED, LEFT, LEFT]).too_low() == [
        "to copy, code: less than 97% are noticed; test more of them"
    ]
    command.LIST.write_text(f"{FILE}: statement removed: x  # nobody can tell\n" * 2)
    assert "more than 3% have a reason" in command.Score([COUNTED, LEFT, LEFT]).too_low()[0]


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
