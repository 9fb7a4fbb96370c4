"""Sessions in other frameworks: a runtime that isn't there, or doesn't start, gives one line; the others go on."""

import dataclasses
import shutil
import socket

import pytest

from tests.bench import frameworks as asked
from tests.support import frameworks, servers

pytestmark = pytest.mark.source


@pytest.fixture(autouse=True)
def fresh():
    """Versions are asked again."""
    frameworks.versions.cache_clear()
    yield
    frameworks.versions.cache_clear()


@pytest.fixture
def change(monkeypatch):
    """Change how a framework is started: `change("PHP", command=…)`."""

    def change(name, **fields):
        monkeypatch.setitem(frameworks.ALL, name, dataclasses.replace(frameworks.ALL[name], **fields))

    return change


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("PHP", "php (Debian: apt-get install php-cli)"),
        ("JSP", "java (Debian: apt-get install default-jre-headless)"),
        ("Rails", "puma (Debian: apt-get install puma)"),
    ],
)
def test_a_test_is_left_out_where_the_runtime_is_missing(monkeypatch, tmp_path, name, what):
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(pytest.skip.Exception) as left_out:
        asked.found(name, tmp_path)
    assert str(left_out.value) == f"needs {what}"


def test_a_test_is_left_out_where_a_package_is_missing(change, tmp_path):
    change("express-session", versions=lambda: frameworks.of_npm("not-there"))
    with pytest.raises(pytest.skip.Exception, match=r"^needs not-there \(npm ci\)$"):
        asked.found("express-session", tmp_path)


def test_a_test_is_left_out_where_the_runtime_has_another_version(change, tmp_path):
    change("PHP", versions=lambda: {"PHP": "9.9"})
    with pytest.raises(pytest.skip.Exception) as left_out:
        asked.found("PHP", tmp_path)
    was = asked.recorded()["PHP"]["versions"]["PHP"]
    assert str(left_out.value).startswith(f"needs PHP {was}; here is PHP 9.9, which python -m")


@pytest.mark.process
def test_a_server_that_does_not_start_is_one_line_for_each_test_that_asks(change, tmp_path):
    change("PHP", versions=lambda: asked.recorded()["PHP"]["versions"], command=lambda *_: ["false"])
    for _ in range(2):
        with pytest.raises(pytest.fail.Exception) as failed:
            asked.found("PHP", tmp_path)
        assert str(failed.value).startswith("PHP: ['false'] stopped: ")
        assert "\n" not in str(failed.value)


@pytest.mark.process
def test_a_port_in_use_is_one_line(change, tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(servers, "free_port", lambda: taken.getsockname()[1])
        monkeypatch.setattr(servers, "answers", lambda _: False)
        with pytest.raises(pytest.fail.Exception) as failed:
            asked.found("express-session", tmp_path)
    assert str(failed.value).startswith("express-session: ")
    assert "EADDRINUSE" in str(failed.value) or "stopped" in str(failed.value)
    assert "\n" not in str(failed.value)
