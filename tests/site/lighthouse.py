"""Ask Lighthouse for the scores of a page."""

import json
import os
import subprocess
from pathlib import Path

from tests.support import chromium, site

CLI = site.ROOT / "node_modules/lighthouse/cli/index.js"
FLAGS = "--headless=new --no-sandbox " + " ".join(chromium.ARGUMENTS)


def scores(address: str, folder: Path, preset: str) -> dict[str, int]:
    """The four scores, 0 to 100, of the page at `address`; `preset` is "mobile" or "desktop"; files go to `folder`."""
    report = folder / "lighthouse.json"
    subprocess.run(
        [
            str(site.ROOT / ".venv/bin/node"),
            str(CLI),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--chrome-flags={FLAGS}",
            *(["--preset=desktop"] if preset == "desktop" else []),
        ],
        check=True,
        env=os.environ | {"CHROME_PATH": chromium.path()},
    )
    categories = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(100 * categories[name]["score"]) for name in categories if name in NAMES}


NAMES = ("performance", "accessibility", "best-practices", "seo")
