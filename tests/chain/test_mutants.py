"""The mutants: every kind of change is made, each one alone, and one that no test notices is reported."""

import subprocess
import sys

import pytest

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
