"""The search beside the theme's own, lunr, in one run: places of the right page, time per key, bytes."""

import gzip
import subprocess
from pathlib import Path

import material

from tests.support import site

THEME_WORKERS = Path(material.__file__).parent / "templates/assets/javascripts/workers"
SEPARATOR = r"[\s\-]+"  # MkDocs' default


def report(folder: Path) -> None:
    """Print what both searches do with the index of a built site."""
    (index,) = folder.glob("assets/search/index.*.json")
    (worker,) = folder.glob("assets/search/worker.*.js")
    (lunr,) = THEME_WORKERS.glob("search.*.min.js")
    script = site.ROOT / "tests/bench/search.mjs"
    subprocess.run([site.ROOT / ".venv/bin/node", script, index, lunr, SEPARATOR], check=True)
    sizes = [len(gzip.compress(file.read_bytes())) for file in (index, worker, lunr)]
    print("  gzip bytes: index {:,}, worker {:,}; lunr's worker {:,}".format(*sizes))
