"""What every proof can use. It must import in the reader's browser too: no C extensions here."""

import json
import shutil
from pathlib import Path

import freezegun
import pytest

from extensions import snippets
from live.browser import Browser
from tests import loading, recorder

# The moment at which transcripts are taken.
START = "2026-11-22 12:00:00"
# A stopped clock must not stop pytest's own watch.
freezegun.configure(extend_ignore_list=["_pytest.timing"])


def pytest_configure(config: pytest.Config) -> None:
    """Record what is loaded and requested."""
    config.pluginmanager.register(recorder, "recorder")


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """The snippet folder of the test's page: tests/test_count_visits.py has snippets/count_visits/."""
    return snippets.ROOT / request.path.stem.removeprefix("test_")


@pytest.fixture
def load(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Load an app of the page's folder by its file's name: `load("wrong.py")`. Each call gives a new app."""
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def load(name: str):
        app = loading.load_app(folder / name)
        recorder.loaded(app, folder / name)
        return app

    return load


@pytest.fixture
def app(load):
    """The page's app.py."""
    return load("app.py")


@pytest.fixture
def client(app):
    """A visitor of the page's app.py."""
    return app.test_client()


@pytest.fixture
def visitor(app):
    """A visitor of the page's app.py with a browser: a cookie jar that knows expiry dates, and can be closed."""
    return Browser(app)


@pytest.fixture
def clock():
    """The clock, stopped at START. `clock.tick(3600)` lets an hour pass."""
    with freezegun.freeze_time(START) as frozen:
        yield frozen


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the strictly built site."""
    from extensions import proven
    from tests import site

    target = tmp_path_factory.mktemp("site")
    record = tmp_path_factory.mktemp("proven") / "proven.json"
    record.write_text(json.dumps(proven.record()), "utf-8")
    result = site.build(target, SITE_URL=f"https://site.example{site.PREFIX}/", PROVEN=str(record))
    if result.returncode:
        pytest.fail(f"the strict build fails:\n{result.stdout}", pytrace=False)
    return target


@pytest.fixture(scope="session")
def site_url(built_site: Path):
    """The address of the built site, served."""
    from tests import site

    with site.served(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """pytest-playwright's options for the browser: the one that tests/chromium.py finds."""
    from tests import chromium

    return browser_type_launch_args | {"executable_path": chromium.path(), "args": chromium.ARGUMENTS}


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the project to break: it shares the environment, and nothing else, with the original."""
    from tests import site

    copy = tmp_path / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", ".cache", "node_modules", "site", "__pycache__")
    shutil.copytree(site.ROOT, copy, ignore=ignored, symlinks=True)
    for shared in (".venv", "node_modules"):
        (copy / shared).symlink_to(site.ROOT / shared)
    return copy
