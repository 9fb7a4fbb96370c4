"""The source archives of Flask, Werkzeug and itsdangerous, which hold their own tests: fetched once, not committed.

`python -m tests.support.sources` fetches them into .cache/sources/, at the versions and with the hashes of
requirements.txt.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache/sources"
PACKAGES = ("flask", "werkzeug", "itsdangerous")
MISSING = "the source archives of Flask, Werkzeug and itsdangerous (python -m tests.support.sources)"


def pins() -> dict[str, str]:
    """What requirements.txt says of each: the version and the hashes, as pip reads them."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    return {name: re.search(rf"^{name}==(?:.*\\\n)*.*$", text, re.MULTILINE)[0] for name in PACKAGES}


def folders() -> list[Path]:
    """The unpacked archives at these versions, or none if one is missing."""
    wanted = [FOLDER / pin.split()[0].replace("==", "-") for pin in pins().values()]
    return wanted if all(path.is_dir() for path in wanted) else []


def fetch() -> None:
    """Download with pip, which checks the hashes, and unpack."""
    with tempfile.TemporaryDirectory() as name:
        requirements = Path(name, "requirements.txt")
        requirements.write_text("\n".join(pins().values()), "utf-8")
        options = [
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
        ]
        command = [sys.executable, "-m", "pip", "download", *options, "--require-hashes", "--dest", name]
        subprocess.run([*command, "-r", requirements], check=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
        for path in Path(name).glob("*.tar.gz"):
            with tarfile.open(path) as archive:
                archive.extractall(FOLDER, filter="data")


if __name__ == "__main__":
    if not folders():
        fetch()
    if not folders():
        sys.exit("The source archives have other names than requirements.txt gives them.")
