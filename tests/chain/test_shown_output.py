"""Output that a page shows is what the code gives. `python -m pytest --update-examples` writes it anew."""

import itertools
import secrets
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from itsdangerous.encoding import base64_encode
from pytest_examples import CodeExample, EvalExample, find_examples

from extensions import snippets, transcripts
from tests.chain import look
from tests.support import loading, recorder
from tests.support.transcribe import TOKENS, transcribe

ROOT = Path(__file__).parents[2]
TRANSCRIPTS = sorted(path for path in (ROOT / "snippets").rglob("*.http") if not snippets.of_others(path))
# More requests to apps, which no page shows: tests/transcripts/x/app.http has those to snippets/x/app.py.
UNSHOWN = sorted((ROOT / "tests/transcripts").rglob("*.http"))
# An include is not code yet; the snippet file that it names has tests of its own.
FRAGMENTS = [e for e in find_examples(ROOT / "docs", ROOT / "README.md") if not e.source.startswith("--8<--")]


def app_of(transcript: Path) -> Path:
    """The app of a transcript."""
    folder = ROOT / "tests/transcripts" if transcript in UNSHOWN else ROOT / "snippets"
    return ROOT / "snippets" / transcript.relative_to(folder).with_suffix(".py")


def keeps_in_redis(transcript: Path) -> bool:
    """Whether the app of a transcript needs a Redis."""
    app = app_of(transcript)
    try:
        return app.is_file() and "redis" in snippets.packages_of(snippets.files_of(app))
    except SyntaxError:
        return False  # slips.broken_python reports it


def case(transcript: Path):
    """The parameter of the test of a transcript, marked with what it needs."""
    marks = [pytest.mark.server] if keeps_in_redis(transcript) else []
    return pytest.param(transcript, marks=marks, id=str(transcript.relative_to(ROOT)))


@pytest.fixture
def ids(monkeypatch: pytest.MonkeyPatch):
    """Random ids and tokens, turned into ones that look like them and are the same in each run."""
    ids = (sha256(b"%d" % number).digest() for number in itertools.count())
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _: base64_encode(next(ids)).decode())
    monkeypatch.setattr(secrets, "token_hex", secrets.token_hex)  # so that it comes back
    exec(TOKENS, {})  # noqa: S102
    # Fernet takes its random bytes from the os that it has imported.
    monkeypatch.setattr("cryptography.fernet.os", SimpleNamespace(urandom=lambda size: next(ids)[:size]))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """What snippets need, a folder for the files they write, and app.run() turned into nothing, so that no
    fragment can start a server.
    """
    monkeypatch.chdir(tmp_path)
    for name, value in (loading.ENVIRONMENT | {"FLASK_RUN_FROM_CLI": "true"}).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("path", [case(path) for path in TRANSCRIPTS + UNSHOWN])
def test_a_transcript_is_what_the_app_answers(path: Path, clock, ids, request: pytest.FixtureRequest):
    updating = request.config.getoption("update_examples")
    if app_of(path).relative_to(ROOT / "snippets").parts[0] in recorder.failed and not updating:
        return
    if keeps_in_redis(path):
        request.getfixturevalue("redis")
    shown = transcripts.parse(path.read_text("utf-8"))
    given = transcribe(loading.load_app(app_of(path)), shown, clock, all_headers=path in UNSHOWN)
    if updating:
        path.write_text(transcripts.dump(given), "utf-8")
    elif shown != given:
        markers = ' -m "server or not server"' if keeps_in_redis(path) else ""
        pytest.fail(
            f"{path.relative_to(ROOT)}:{difference(path, shown, given)}; if the app is right, "
            f"run python -m pytest --update-examples{markers} tests/chain/test_shown_output.py",
            pytrace=False,
        )


def difference(path: Path, shown: list, given: list) -> str:
    """The first line in which a transcript differs from what the app gives: its number, and both lines."""
    for (start, part), exchange, other in zip(transcripts.numbered(path.read_text("utf-8")), shown, given, strict=True):
        if exchange != other:
            pairs = itertools.zip_longest(part.splitlines(), str(other).splitlines())
            at, (old, new) = next((at, pair) for at, pair in enumerate(pairs) if pair[0] != pair[1])
            told = "nothing" if new is None else repr(new)
            there = "has no more lines here" if old is None else f"has {old!r}"
            return f"{start + at}: the app now responds with {told}, the transcript {there}"
    raise AssertionError("they don't differ")


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
        f"{path.relative_to(ROOT)}: there is no {app_of(path).relative_to(ROOT)}; name it like its app"
        for path in TRANSCRIPTS + UNSHOWN
        # The first look reports a page's own file that is missing or can't be parsed.
        if app_of(path).relative_to(ROOT / "snippets").parts[0] not in look.stopped()
        and (not app_of(path).is_file() or not snippets.is_app(app_of(path)))
    ]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
