"""The search beside the theme's own, lunr, in one run: places of the right page, time per key, bytes."""

import gzip
import json
import subprocess
from pathlib import Path

import material

from extensions import search
from tests.support import site

THEME_WORKERS = Path(material.__file__).parent / "templates/assets/javascripts/workers"
SEPARATOR = r"[\s\-]+"  # MkDocs' default


def worker_of(folder: Path) -> Path:
    """The search worker of a built site."""
    modules = json.loads((folder / search.FOLDER / "modules.json").read_text("utf-8"))
    return folder / search.FOLDER / modules[search.WORKER]["file"]


def report(folder: Path) -> None:
    """Print what both searches do with the index of a built site."""
    (index,) = folder.glob("assets/live/search-index-*.json")
    worker = worker_of(folder)
    (lunr,) = THEME_WORKERS.glob("search.*.min.js")
    script = site.ROOT / "tests/bench/search.mjs"
    subprocess.run([site.ROOT / ".venv/bin/node", script, index, lunr, SEPARATOR], check=True)
    sizes = [len(gzip.compress(file.read_bytes())) for file in (index, worker, lunr)]
    print("  gzip bytes: index {:,}, worker {:,}; lunr's worker {:,}".format(*sizes))
