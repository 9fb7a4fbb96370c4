"""Tests of docs/recipes/a-secret-key-from-the-environment.md."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/recipes/a-secret-key-from-the-environment.md"
FLASK, GUNICORN = f"{sys.executable} -m flask routes", f"{sys.executable} -m gunicorn --check-config app:app"


def run(command, cwd, key=None):
    """The result of a command in a shell in which the key is set, or isn't."""
    clean = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    env = clean if key is None else clean | {"SECRET_KEY": key}
    return subprocess.run(["sh", "-c", command], cwd=cwd, env=env, capture_output=True, text=True)


def shown(language):
    """The commands that the page shows, first those for `sh`, with this Python in them."""
    text = PAGE.read_text("utf-8").split(f"```{language}\n")[1].split("```")[0]
    return re.sub(r"python3?(?= -c)", sys.executable, text)


@pytest.fixture
def project(folder, tmp_path):
    """The app in a folder of its own, in which the page's commands have been run."""
    shutil.copy(folder / "app.py", tmp_path)
    run(shown("sh"), tmp_path)
    return tmp_path


def carried(visitor, worker):
    """The same visitor, whose requests another worker handles from now on."""
    client = worker.test_client()
    client.set_cookie("session", visitor.get_cookie("session").value)
    return client


@pytest.mark.process
@pytest.mark.parametrize("language", ["sh", "powershell"])
def test_the_commands_write_a_key_of_32_random_bytes(tmp_path, language):
    keys = []
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / ".env").write_text("API=1")
        run("\n".join(shown(language).splitlines()[:-1]), tmp_path / name)
        first, key = (tmp_path / name / ".env").read_text().splitlines()
        assert first == "API=1"
        assert re.fullmatch("SECRET_KEY=[0-9a-f]{64}", key)
        keys.append(key)
    assert keys[0] != keys[1]


@pytest.mark.process
@pytest.mark.parametrize("before", [None, 0o644])
def test_other_users_cannot_read_the_file(tmp_path, before):
    if before:
        (tmp_path / ".env").touch(before)
    run(f"umask 022\n{shown('sh')}", tmp_path)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.process
def test_a_key_that_is_there_stays(project):
    before = (project / ".env").read_text()
    run(shown("sh"), project)
    assert (project / ".env").read_text() == before
    assert before.count("SECRET_KEY=") == 1


@pytest.mark.process
def test_git_ignores_the_file(tmp_path):
    (tmp_path / ".gitignore").write_text("venv")
    ignored = "git init -q . && git check-ignore .env"
    assert run(ignored, tmp_path).returncode == 1
    run(shown("sh"), tmp_path)
    assert run(ignored, tmp_path).stdout == ".env\n"
    assert (tmp_path / ".gitignore").read_text().splitlines()[0] == "venv"


@pytest.mark.process
def test_the_line_for_the_shell_passes_the_key_to_the_app(project):
    assert run(GUNICORN, project).returncode != 0
    assert run(f"set -a; . ./.env; set +a; {GUNICORN}", project).returncode == 0


@pytest.mark.process
def test_flask_reads_the_file_if_python_dotenv_is_installed(project):
    assert run(FLASK, project).returncode == 0
    (project / ".env").unlink()
    assert "KeyError: 'SECRET_KEY'" in run(FLASK, project).stderr


@pytest.mark.process
def test_gunicorn_does_not_read_the_file(project):
    assert "KeyError: 'SECRET_KEY'" in run(GUNICORN, project).stderr


@pytest.mark.process
def test_a_variable_that_is_set_already_wins_over_the_file(project):
    result = run(f"echo 'print(app.secret_key)' | {sys.executable} -m flask shell", project, "set before")
    assert "set before" in result.stdout


@pytest.mark.process
def test_with_the_line_for_the_shell_the_file_wins(project):
    show = "import os; print(os.environ['SECRET_KEY'])"
    result = run(f'set -a; . ./.env; set +a; {sys.executable} -c "{show}"', project, "set before")
    assert f"SECRET_KEY={result.stdout.strip()}" in (project / ".env").read_text().splitlines()


def test_the_lamp_stays_as_it_was_left(client):
    client.post("/")
    assert "Your lamp is on." in client.get("/").text
    client.post("/")
    assert "Your lamp is off." in client.get("/").text


def test_the_lamp_stays_on_when_the_server_restarts(load):
    visitor = load("app.py").test_client()
    visitor.post("/")
    assert "Your lamp is on." in carried(visitor, load("app.py")).get("/").text


SIGN = "from {0} import app; c = app.test_client(); c.post('/'); print(c.get_cookie('session').value)"
READ = "from {0} import app; c = app.test_client(); c.set_cookie('session', '{1}'); print(c.get('/').text)"


def two_processes(folder, module, key=None):
    """What a second process makes of the cookie of a first one."""
    cookie = run(f'{sys.executable} -c "{SIGN.format(module)}"', folder, key).stdout.strip()
    return run(f'{sys.executable} -c "{READ.format(module, cookie)}"', folder, key).stdout


@pytest.mark.process
def test_two_processes_share_the_key(folder):
    assert "Your lamp is on." in two_processes(folder, "app", "one key for both")


def test_without_the_variable_the_app_does_not_start(load, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(KeyError, match="SECRET_KEY"):
        load("app.py")


def test_with_an_empty_variable_the_app_does_not_start(load, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "")
    with pytest.raises(RuntimeError, match="SECRET_KEY is empty"):
        load("app.py")


@pytest.fixture
def workers(load, monkeypatch):
    """Two workers of wrong.py, started without the variable, and a visitor whose lamp the first has switched on."""
    monkeypatch.delenv("SECRET_KEY")
    first, second = load("wrong.py"), load("wrong.py")
    visitor = first.test_client()
    visitor.post("/")
    return first, second, visitor


def test_wrong_forgets_every_session_when_the_server_restarts(workers):
    _, restarted, visitor = workers
    assert "Your lamp is on." in visitor.get("/").text
    assert "Your lamp is off." in carried(visitor, restarted).get("/").text


def test_wrong_is_on_or_off_depending_on_the_worker(workers):
    first, second, visitor = workers
    states = ["on" if "is on" in carried(visitor, worker).get("/").text else "off" for worker in (first, second) * 2]
    assert states == ["on", "off", "on", "off"]


@pytest.mark.process
def test_wrong_gives_two_processes_two_keys(folder):
    assert "Your lamp is off." in two_processes(folder, "wrong")


# Loads wrong.py once, then forks, as gunicorn does with --preload: the first child signs, and the second one reads.
FORKS = """
import os
from wrong import app

def worker(work):
    out, into = os.pipe()
    if os.fork() == 0:
        os.write(into, work().encode())
        os._exit(0)
    os.wait()
    return os.read(out, 10000).decode()

def sign():
    client = app.test_client()
    client.post("/")
    return client.get_cookie("session").value

def read():
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client.get("/").text

cookie = worker(sign)
print(worker(read))
"""


@pytest.mark.process
def test_wrong_shares_its_key_among_workers_that_are_forked(folder, tmp_path):
    (tmp_path / "forks.py").write_text(FORKS)
    result = run(f"PYTHONPATH={folder} {sys.executable} {tmp_path / 'forks.py'}", tmp_path)
    assert "Your lamp is on." in result.stdout
