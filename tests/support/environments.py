"""Older versions of Flask, each in an environment of its own: made once, by `uv`, from tests/versions/."""

import functools
import hashlib
import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "versions"
CACHE = FOLDER.parents[1] / ".cache/versions"
# The oldest first.
VERSIONS = ["2.2.5", "2.3.0", "2.3.2", "3.0.0", "3.0.1", "3.1.0", "3.1.1", "3.1.2", "3.1.3"]


def run(*command: str) -> str:
    """What a command prints; RuntimeError, with the last line of its complaint, if it fails."""
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError((result.stderr.strip().splitlines() or [f"{command[0]} failed"])[-1].strip())
    return result.stdout


def python_of(name: str) -> Path:
    """The Python of the environment that tests/versions/<name>.txt describes, which is made if it is missing."""
    files = [FOLDER / "common.txt", FOLDER / f"{name}.txt"]
    state = hashlib.sha256(sys.version.encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder = CACHE / f"{name}-{state}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "ready").exists():
        uv = str(Path(sys.executable).parent / "uv")
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), *map(str, files))
        (folder / "ready").touch()
    return python


def packages_of(name: str) -> Path:
    """Where the packages of this environment are; live/build/build.mjs takes older versions of Flask from there."""
    return Path(run(str(python_of(name)), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())


def missing() -> str:
    """Why the environments can't be had, in one line; "" if they can."""
    for name in sorted(path.stem for path in FOLDER.glob("flask-*.txt")):
        try:
            python_of(name)
        except (OSError, RuntimeError) as error:
            return f"the network once, for .cache/versions/{name}, which uv makes: {error}"
    return ""


@functools.cache
def observed(name: str) -> dict:
    """What tests/versions/probe.py observes in an environment."""
    return json.loads(run(str(python_of(name)), str(FOLDER / "probe.py")))


def changes(observation: str) -> dict:
    """The versions in which an observation differs from the version before, with what is observed there."""
    found = {}
    for version in VERSIONS:
        value = observed(f"flask-{version}")[observation]
        if not found or value != list(found.values())[-1]:
            found[version] = value
    return found
