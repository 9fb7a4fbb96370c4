"""Put what pages fetch into a finished site, under addresses that contain a hash of the contents.

So a page that was loaded before a deploy never gets a part of another build, and what a deploy leaves as it was stays
in the readers' browsers. This needs nothing but the folder that the site's builder wrote: its pages name scripts and
style sheets by their files in docs/assets and live, and the files that their tests need by `data-files`.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from extensions import uses

ROOT = Path(__file__).resolve().parents[1]
# An address in a page: what leads to the site's root, and the rest.
NAMED = re.compile(r'(<script [^>]*src|<link rel="stylesheet" href)="([^"]*?)(assets/[^"]+)"')
DATA_FILES = re.compile(r' data-files="([^"]*)"')
# What must be there, and how it gets there.
BUILT = "run `make site`, which makes it"
CHECKED_OUT = "it is part of the repository"
NEEDED = {
    "node_modules/esbuild": BUILT,
    "live/runtime/manifest.json": BUILT,
    "live/page/live.js": CHECKED_OUT,
    "live/offline/service-worker.js": CHECKED_OUT,
    "live/offline/gone.js": CHECKED_OUT,
    "live/worker/worker.js": CHECKED_OUT,
    "live/inspector/inspector.js": CHECKED_OUT,
    "tests/pages": CHECKED_OUT,
}
TEXTS = (".css", ".html", ".http", ".js", ".md", ".py", ".txt")


class BuildFault(Exception):
    """What is wrong with a build, in one line."""


def check(root: Path = ROOT) -> None:
    """Stop a build that would lack something, or whose files have other line ends than those that the tests saw."""
    for name, remedy in NEEDED.items():
        if not (root / name).exists():
            raise BuildFault(f"{name} is missing: {remedy}")
    for folder in ("docs", "live", "snippets", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in TEXTS and b"\r\n" in path.read_bytes():
                name = path.relative_to(root).as_posix()
                raise BuildFault(f"{name} has Windows line ends: delete it, and get it back by `git checkout {name}`")


def node_program() -> str:
    """Where node is: in the environment (on Windows, Python packages put programs into Scripts), or on the PATH."""
    return shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node") or "node"


def node(script: str, *arguments: str | Path, root: Path = ROOT) -> None:
    """Run a script of live/build/."""
    done = subprocess.run([node_program(), root / script, *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise BuildFault(f"{script}: {done.stderr.strip()}")


def bundle(folder: Path, root: Path = ROOT, *, serve: bool = False) -> dict[str, dict]:
    """Put modules, style sheets and the runtime into a folder: { file, imports } of each source file."""
    node("live/build/bundle.mjs", folder, *(["--serve"] if serve else []), root=root)
    return json.loads((folder / "modules.json").read_text("utf-8"))


def hashed(name: str, data: bytes) -> str:
    """A file's path with a hash of its contents in its name."""
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.partition(".")
    return f"{folder}{slash}{stem}-{hashlib.sha256(data).hexdigest()[:8]}{dot}{ending}"


class Site:
    """A site to finish: a folder, and the project that it was built from."""

    def __init__(self, folder: Path, root: Path, serve: bool) -> None:
        self.folder, self.root = folder, root
        self.modules = bundle(folder / "assets/live", root, serve=serve)
        self.files: dict[str, str] = {}

    def bundled(self, paths: str) -> str:
        """The address below assets/files/ of a JSON object with a test file and what it needs, which is put there.

        Its "uses" are what each test uses of other definitions, for the reader.
        """
        if paths not in self.files:
            texts = {path: (self.root / path).read_text("utf-8") for path in paths.split()}
            used = uses.uses(next(iter(texts.values())), (self.root / uses.CONFTEST).read_text("utf-8"))
            data = json.dumps(texts | {"uses": used}, ensure_ascii=False).encode()
            self.files[paths] = hashed(f"{Path(paths.split()[0]).stem}.json", data)
            target = self.folder / "assets/files" / self.files[paths]
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
        return self.files[paths]

    def named(self, match: re.Match) -> str:
        """A script or a style sheet by its new address; what a script imports is fetched beside it, not after it."""
        attribute, up, path = match.groups()
        module = self.modules.get(path.removeprefix("assets/")) or self.modules.get(f"docs/{path}")
        if module is None:  # the theme's own, which has a hash in its name
            return match[0]
        preloads = "".join(f'<link rel="modulepreload" href="{up}assets/live/{name}">' for name in module["imports"])
        return f'{preloads}{attribute}="{up}assets/live/{module["file"]}"'

    def page(self, html: str) -> str:
        """A page with the new addresses."""
        html = DATA_FILES.sub(lambda match: f' data-files="{self.bundled(match[1])}"', html)
        return NAMED.sub(self.named, html)


def finish(folder: Path, root: Path = ROOT, *, serve: bool = False) -> None:
    """Finish the site in a folder; one to `serve` here runs the Python of live/worker as it stands."""
    site = Site(folder, root, serve)
    for page in [page for page in folder.rglob("*.html") if page.relative_to(folder).parts[0] != "assets"]:
        page.write_text(site.page(page.read_text("utf-8")), "utf-8")
    for path in site.modules:  # what the site's builder copied
        if path.startswith("docs/"):
            (folder / path.removeprefix("docs/")).unlink(missing_ok=True)
