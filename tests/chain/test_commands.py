"""Shell commands that a page shows work as they stand there."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from extensions import snippets
from tests.chain import chain
from tests.site.test_site import code_blocks, examples, page_html
from tests.support import servers, site

BIN = site.ROOT / ".venv/bin"
SHELLS = {"sh": ["sh", "-ec"]}
if shutil.which("pwsh"):
    SHELLS["powershell"] = ["pwsh", "-NoProfile", "-Command"]


@pytest.mark.site
@pytest.mark.server
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("address", site.addresses())
def test_the_command_under_an_app_runs_it_from_a_folder_of_its_own(built_site, tmp_path, address, shell, request):
    for folder, app, files, inner in examples(page_html(built_site, address)):
        alone = tmp_path / folder / Path(app).stem
        for name, text in files.items():
            (alone / name).parent.mkdir(parents=True, exist_ok=True)
            (alone / name).write_text(text, "utf-8")
        command = code_blocks(inner.partition('class="example-run"')[2])[list(SHELLS).index(shell)]
        cookie = {}
        if "redis" in snippets.packages_of(files):
            cookie = {"Cookie": "session=an-id"}  # or Redis would not be asked
            # The reader's Redis is at the usual address, the tests' own is not.
            assert command.count(snippets.VALUES["REDIS_URL"]) == 1
            command = command.replace(snippets.VALUES["REDIS_URL"], request.getfixturevalue("redis_url"))
        port = servers.free_port()
        with servers.running(
            [*SHELLS[shell], command],
            alone,
            f"http://127.0.0.1:{port}/",
            FLASK_RUN_PORT=str(port),
            PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}",
        ):
            # A wrong app may answer with the error that its page tells of.
            if not Path(app).name.startswith("wrong"):
                # Where the app lists the hosts that it is for, it rejects others.
                host = re.search(r'TRUSTED_HOSTS=\["(.+?)"', files[app])
                headers = cookie | ({"Host": host[1]} if host else {})
                assert servers.get(f"http://127.0.0.1:{port}/", **headers)


@pytest.mark.process
@pytest.mark.parametrize("command", [text for text in chain.shell_commands(site.ROOT) if text not in chain.EXEMPT])
def test_a_shell_command_on_a_page_runs(project_copy, command):
    variables = {"PYTHONPATH": str(project_copy), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if command == "make serve":
        port = servers.free_port()
        address = f"http://127.0.0.1:{port}/recipes/count-visits/"
        with servers.running(["make", "serve", f"PORT={port}"], project_copy, address, **variables):
            assert_rebuilds(project_copy, address)
        return
    result = subprocess.run(
        ["sh", "-ec", command], cwd=project_copy, env=os.environ | variables, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def assert_rebuilds(root: Path, address: str) -> None:
    """Editing a snippet while the site is served changes the page."""
    snippet = root / "snippets/count_visits/app.py"
    snippet.write_text(snippet.read_text("utf-8").replace("Visits: ", "Times seen: "), "utf-8")
    for _ in range(100):
        page = servers.get(address)
        if "Times seen: " in re.sub(r"<[^>]+>", "", page):
            return
        time.sleep(0.2)
    pytest.fail("editing a snippet did not rebuild its page", pytrace=False)
