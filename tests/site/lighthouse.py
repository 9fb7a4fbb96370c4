"""Ask Lighthouse for the scores of a page."""

import json
import os
import subprocess
from pathlib import Path

from tests.support import chromium, site

CLI = site.ROOT / "node_modules/lighthouse/cli/index.js"
REPORT = "lighthouse.json"
FLAGS = "--headless=new --no-sandbox " + " ".join(chromium.ARGUMENTS)


# Lighthouse expects a machine whose benchmark index is about 2,000: it warns below 1,000, as of one twice as slow
# (core/gather/driver/environment.js). Its phone is four times as slow.
SLOWDOWN = 4.0
PHONE = 2000 / SLOWDOWN


def scores(address: str, folder: Path, preset: str, slowdown: float = SLOWDOWN) -> dict[str, int]:
    """The four scores, 0 to 100, of the page at `address`; `preset` is "mobile" or "desktop"; files go to `folder`.

    `slowdown` says how many times as slow as this machine the phone is.
    """
    report = folder / REPORT
    subprocess.run(
        [
            str(site.ROOT / ".venv/bin/node"),
            str(CLI),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--chrome-flags={FLAGS}",
            *(["--preset=desktop"] if preset == "desktop" else [f"--throttling.cpuSlowdownMultiplier={slowdown}"]),
        ],
        check=True,
        env=os.environ | {"CHROME_PATH": chromium.path()},
    )
    categories = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(100 * categories[name]["score"]) for name in categories if name in NAMES}


def slowdown(folder: Path) -> float:
    """How many times as slow as this machine the phone is, by the index in the last report; at most SLOWDOWN."""
    index = json.loads((folder / REPORT).read_text("utf-8"))["environment"]["benchmarkIndex"]
    return round(min(SLOWDOWN, max(1, index / PHONE)), 2)


NAMES = ("performance", "accessibility", "best-practices", "seo")
