"""What a build was proven on: the versions of the run of all tests, and the files that it ran on.

`make test` ends with `python -m extensions.proven`, which writes them to .cache/proven.json; the build puts them into
the foot of each page. A file that was changed afterwards is not proven, so the foot says that, too.
"""

import hashlib
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / ".cache/proven.json"
PACKAGES = ("Flask", "Werkzeug", "itsdangerous", "Jinja2")
# All that can change what a page says or a test sees, but for what is built.
SOURCES = ("docs", "extensions", "live", "snippets", "tests", "mkdocs.yml", "requirements.txt", "package-lock.json")
BUILT = "live/runtime"


def digest() -> str:
    """A hash of the names and contents of all sources."""
    found = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = file.relative_to(ROOT).as_posix()
            if file.is_symlink() or not file.is_file() or "__pycache__" in file.parts or name.startswith(BUILT):
                continue
            found.update(f"{name}\0".encode())
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def record() -> dict[str, str]:
    """The versions that tests run on here, by what they are of; the browser is asked for its own."""
    from tests.support import chromium

    page = json.loads((ROOT / "live/runtime/manifest.json").read_text("utf-8"))
    browser = "no browser"
    if program := chromium.found():
        browser = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "date": f"{datetime.now(UTC):%-d %B %Y}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "python": platform.python_version(),
        "page": f"{page['python']} (Pyodide {page['pyodide']})",
        "browser": " ".join(browser.split()[:2]),
        "digest": digest(),
    }


def read(path: Path = FILE) -> dict[str, str] | None:
    """What was proven last, with `changed` if a source is another one now; None if no whole run has passed here."""
    if not path.is_file():
        return None
    found = json.loads(path.read_text("utf-8"))
    return found | {"changed": found["digest"] != digest()}


def main() -> None:
    """Write down that all tests have passed."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(record(), indent=1) + "\n", "utf-8")
    sys.stdout.write("The versions that this run proved are told at the foot of each page that make site builds.\n")


if __name__ == "__main__":
    main()
