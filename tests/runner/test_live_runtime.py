"""What a reader's browser fetches to run Flask (live/runtime, made by live/build/build.mjs)."""

import gzip
import importlib.metadata
import io
import re
import subprocess
import zipfile

import pytest

from tests.bench import live as bench_live
from tests.support import site

RUNTIME = site.ROOT / "live/runtime"
# Needs `make live/runtime/manifest.json`, which needs npm.
pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def packed() -> zipfile.ZipFile:
    """The zip of the standard library and Flask."""
    return zipfile.ZipFile(io.BytesIO(gzip.decompress((RUNTIME / "python.zip.gz").read_bytes())))


def test_flask_and_all_it_needs_are_there_at_the_versions_of_the_lock_file(packed):
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", (site.ROOT / "requirements.txt").read_text("utf-8"), re.M))
    texts = [packed.read(name).decode() for name in packed.namelist() if name.endswith("/METADATA")]
    found = {re.search(r"^Name: (.*)", t, re.M)[1].lower(): re.search(r"^Version: (.*)", t, re.M)[1] for t in texts}
    assert found == {package: pins[package] for package in bench_live.PACKAGES}


def test_every_module_of_flask_and_all_it_needs_is_there(packed):
    names = set(packed.namelist())
    for package in bench_live.PACKAGES:
        folder = importlib.metadata.distribution(package).locate_file(package)
        wanted = {f"{package}/{path.relative_to(folder).as_posix()}c" for path in folder.rglob("*.py")}
        assert wanted <= names


def test_a_rebuild_gives_the_same_bytes(tmp_path):
    target = tmp_path / "runtime"
    subprocess.run(["node", "live/build/build.mjs", target], cwd=site.ROOT, check=True)
    built = {path.relative_to(RUNTIME): path.read_bytes() for path in RUNTIME.rglob("*") if path.is_file()}
    assert {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()} == built


def test_no_path_of_this_machine_is_in_it(packed):
    for path in RUNTIME.rglob("*"):
        if path.is_file():
            assert str(site.ROOT).encode() not in path.read_bytes()
    for name in packed.namelist():
        assert str(site.ROOT).encode() not in packed.read(name)


def test_a_first_run_fetches_no_more_than_8_2_mb_and_a_page_no_more_than_12_kb():
    run, bootstrap = bench_live.wire_bytes()
    assert run <= 8_200_000
    assert bootstrap <= 12_000
