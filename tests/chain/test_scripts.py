"""JavaScript files can be parsed: a browser would only say that a page doesn't work."""

import subprocess
from pathlib import Path

import pytest

from extensions import assets
from tests.support import needs

ROOT = Path(__file__).parents[2]
FOLDERS = ("live/page", "live/worker", "live/inspector", "live/search", "live/build", "docs/assets")


def faults(root: Path, names: list[str]) -> list[str]:
    """A line for each of these files that can't be parsed."""
    done = subprocess.run(
        [assets.node_program(), ROOT / "live/build/check.mjs", *names], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(autouse=True)
def esbuild():
    """Leave the tests out where esbuild isn't installed."""
    if not (ROOT / "node_modules/esbuild").is_dir():
        needs.missing("node_modules/esbuild: run `npm ci`")


def test_every_script_can_be_parsed():
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.*js"))]
    names = [path.relative_to(ROOT).as_posix() for path in paths if path.suffix in (".js", ".mjs")]
    assert len(names) > 50
    if lines := faults(ROOT, names):
        pytest.fail("\n".join(lines), pytrace=False)


def test_a_script_that_can_t_be_parsed_is_named_with_its_line(tmp_path):
    (tmp_path / "good.js").write_text("export const a = 1;\n")
    (tmp_path / "bad.mjs").write_text("const a = 1;\nconst b = ;\n")
    assert faults(tmp_path, ["good.js", "bad.mjs"]) == ['bad.mjs:2: Unexpected ";"; fix the syntax']
