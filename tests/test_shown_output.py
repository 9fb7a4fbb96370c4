"""Output that a page shows is what the code gives. `python -m pytest --update-examples` writes it anew."""

from pathlib import Path

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

from extensions import snippets, transcripts
from tests import loading
from tests.transcribe import transcribe

ROOT = Path(__file__).parents[1]
TRANSCRIPTS = sorted((ROOT / "snippets").rglob("*.http"))
# An include is not code yet; the snippet file that it names has tests of its own.
FRAGMENTS = [e for e in find_examples(ROOT / "docs", ROOT / "README.md") if not e.source.startswith("--8<--")]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """What snippets need, a folder for the files they write, and app.run() turned into nothing, so that no
    fragment can start a server.
    """
    monkeypatch.chdir(tmp_path)
    for name, value in (loading.ENVIRONMENT | {"FLASK_RUN_FROM_CLI": "true"}).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_transcript_is_what_the_app_answers(path: Path, clock, request: pytest.FixtureRequest):
    shown = transcripts.parse(path.read_text("utf-8"))
    given = transcribe(loading.load_app(path.with_suffix(".py")), shown, clock)
    if request.config.getoption("update_examples"):
        path.write_text(transcripts.dump(given), "utf-8")
    elif wrong := [str(a).splitlines()[0] for a, b in zip(shown, given, strict=True) if a != b]:
        pytest.fail(
            f"{path.relative_to(ROOT)}: the app now answers {wrong[0]} differently; if that is right, "
            "run python -m pytest --update-examples",
            pytrace=False,
        )


@pytest.mark.parametrize("example", FRAGMENTS, ids=str)
def test_a_python_fragment_prints_what_the_page_shows(example: CodeExample, eval_example: EvalExample):
    if eval_example.update_examples:
        eval_example.run_print_update(example)
        return
    try:
        eval_example.run_print_check(example)
    except pytest.fail.Exception:
        fault = "prints something else than the page shows; if that is right, run python -m pytest --update-examples"
    except Exception as error:
        fault = f"raises {type(error).__name__}: {error}; mend it, or include a snippet file"
    else:
        return
    pytest.fail(f"{example}: the code {fault}", pytrace=False)


def test_each_transcript_stands_beside_its_app():
    faults = [
        f"{path.relative_to(ROOT)}: there is no {path.stem}.py beside it; name it like its app"
        for path in TRANSCRIPTS
        if not path.with_suffix(".py").is_file() or not snippets.is_app(path.with_suffix(".py"))
    ]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
