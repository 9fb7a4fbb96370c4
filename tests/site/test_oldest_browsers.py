"""Which browsers are new enough for the site's scripts, as MDN's compatibility data has it: nothing is run in them."""

import json
import re
import subprocess

import pytest

from tests.support import site

pytestmark = pytest.mark.process

NAMES = {"chrome": "Chrome", "firefox": "Firefox", "safari": "Safari"}


@pytest.fixture(scope="module")
def computed() -> dict[str, dict]:
    """What tests/site/oldest.mjs prints."""
    run = subprocess.run(["node", "tests/site/oldest.mjs"], cwd=site.ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_each_browser_has_a_version_with_all_that_the_scripts_use(computed):
    missing = {name for name, versions in computed["features"].items() if None in versions.values()}
    assert not missing, (
        f"no version of some browser has {sorted(missing)}: use something else, or say in tests/site/oldest.mjs "
        "why it is optional or that it is a name of our own"
    )


@pytest.mark.parametrize("engine", NAMES)
def test_a_browser_that_is_too_old_lacks_something_that_the_page_asks_for(computed, engine):
    """live/page/needs.js names the newest features, so that an older browser is told before something breaks."""
    asked = re.findall(r'^  "?([\w.]+)"?: \(\)', (site.ROOT / "live/page/needs.js").read_text("utf-8"), re.MULTILINE)
    features = computed["features"]
    versions = [features[name][engine] for full in asked for name in (full, full.split(".")[-1]) if name in features]
    newest = computed["oldest"][engine]
    assert max(versions) == newest["version"], f"live/page/needs.js doesn't ask for {newest['feature']}"


@pytest.mark.parametrize("path", ["README.md", "docs/reference/what-browsers-do.md"])
def test_the_versions_that_are_named_are_the_computed_ones(computed, path):
    text = " ".join((site.ROOT / path).read_text("utf-8").split())
    for engine, name in NAMES.items():
        assert f"{name} {computed['oldest'][engine]['version']:g}" in text, f"{path}: {computed['oldest']}"
    assert re.search(r"are computed from .{,140}, not run", text)
