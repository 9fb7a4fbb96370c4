"""What the site knows of a snippet folder: which files make up an app, how it is run, what it needs."""

import ast
import functools
import io
import re
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "snippets"
# Section markers of pymdownx.snippets: they serve the pages and are no part of the app.
MARKER = re.compile(r"^.*--8<-- \[(?P<kind>start|end):(?P<name>[\w-]+)\].*\n", re.MULTILINE)
# The roles that a file's name can give it: the app to copy, a documented mistake, its repair.
ROLE = re.compile(r"^(app|wrong\w*|fixed\w*)\.py$")
# The folder, inside a page's own, of programs that aren't Flask's: no part of its apps, and never run as one.
OTHERS = "others"
ENVIRONMENT = re.compile(r"""os\.environ\[["'](\w+)["']\]""")
# What an app may import beside Flask, and the name to install it by.
PACKAGES = {
    "asgiref": "asgiref",
    "authlib": "authlib",
    "cachelib": "cachelib",
    "cryptography": "cryptography",
    "flask_login": "flask-login",
    "flask_session": "flask-session",
    "flask_sock": "flask-sock",
    "flask_socketio": "flask-socketio",
    "flask_sqlalchemy": "flask-sqlalchemy",
    "flask_wtf": "flask-wtf",
    "redis": "redis",
    "requests": "requests",
    "wtforms": "wtforms",
}
# Those that the reader's page has too: live/build/build.mjs puts them there.
LIVE = ("asgiref", "flask-login", "flask-wtf", "wtforms")
# What a variable holds that is no random key: for a Redis, the address at which it listens unless told otherwise; for a
# database, a file; for a login with another service, what the service gives.
VALUES = {
    "DATABASE_URL": "sqlite:///shop.db",
    "REDIS_URL": "redis://localhost:6379",
    "CLIENT_ID": "the-id-from-the-service",
    "CLIENT_SECRET": "the-secret-from-the-service",
    "METADATA_URL": "https://accounts.google.com/.well-known/openid-configuration",
}
# The zips that pages offer, by their paths in the site: the hook writes them.
ZIPS: dict[str, bytes] = {}
TOKEN = "import secrets; print(secrets.token_hex())"  # noqa: S105


def read(path: Path) -> str:
    """The text of a snippet file as a reader gets it: without section markers."""
    return MARKER.sub("", path.read_text("utf-8")).rstrip("\n") + "\n"


def regions(path: Path) -> list[str]:
    """The names of the regions that a snippet file marks as started and ended."""
    marks = [(m["kind"], m["name"]) for m in MARKER.finditer(path.read_text("utf-8"))]
    return [name for kind, name in marks if kind == "start" and ("end", name) in marks]


def region(path: Path, name: str) -> str:
    """The text of a region, without its markers; it must be one of `regions`."""
    inside = path.read_text("utf-8").partition(f"[start:{name}]")[2].partition(f"[end:{name}]")[0]
    return MARKER.sub("", "".join(inside.splitlines(keepends=True)[1:-1]))


def is_app(path: Path) -> bool:
    """Whether `flask --app` would find an app or a factory in this file (flask.cli.find_best_app)."""
    return path.suffix == ".py" and not of_others(path) and makes_app(path.read_text("utf-8"))


def of_others(path: Path) -> bool:
    """Whether a file belongs to a program that isn't Flask's."""
    return OTHERS in path.parts


@functools.cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a module's text, for all who only read it; SyntaxError if there is none."""
    return ast.parse(text)


@functools.cache
def makes_app(text: str) -> bool:
    """Whether a module's text makes an app, or a factory."""
    for node in parsed(text).body:
        if isinstance(node, ast.FunctionDef) and node.name in ("create_app", "make_app"):
            return True
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id in ("app", "application") for name in node.targets
        ):
            return True
    return False


def files_of(app: Path, root: Path = ROOT) -> dict[str, str]:
    """All that an app needs to run: paths relative to its folder, mapped to texts, the app itself first.

    That is the whole folder but for transcripts, listings that do not parse, programs that aren't Flask's, the
    other roles (`wrong.py` is no part of `app.py`), and packages that a mistake doesn't import, with their users.
    """
    folder = root / app.relative_to(root).parts[0]
    packages = {path.parent.name for path in folder.glob("*/__init__.py")} if app.name.startswith("wrong") else set()
    unused = packages - imports_of(app.read_text("utf-8")) if packages else packages
    others = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path != app
        and "__pycache__" not in path.parts
        and not of_others(path)
        and not path.name.endswith((".http", ".py.txt"))
        and not (path.parent == folder and ROLE.match(path.name))
        and not (unused and path.relative_to(folder).parts[0] in unused)
        and not (unused and path.suffix == ".py" and imports_of(path.read_text("utf-8")) & unused)
    ]
    return {path.relative_to(folder).as_posix(): read(path) for path in [app, *others]}


def environment_of(files: dict[str, str]) -> list[str]:
    """The names that an app's files read from the environment and cannot do without."""
    return sorted({name for text in files.values() for name in ENVIRONMENT.findall(text)})


def packages_of(files: dict[str, str]) -> list[str]:
    """The packages, by the names to install them by, that an app's files import beside Flask."""
    found = set().union(*(imports_of(text) for name, text in files.items() if name.endswith(".py")))
    return sorted(PACKAGES[module] for module in found & PACKAGES.keys())


@functools.cache
def imports_of(text: str) -> frozenset[str]:
    """The packages that a module's text imports."""
    found = set()
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


def only_local(files: dict[str, str]) -> list[str]:
    """The packages that keep an app from running in the reader's page."""
    return [package for package in packages_of(files) if package not in LIVE]


def module_of(app: str) -> str:
    """The name to give to `flask --app` for an app file, from inside its folder."""
    return app.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def command(app: str, files: dict[str, str], shell: str) -> list[str]:
    """The command lines that run an app from inside its folder, for `sh` or `powershell`.

    What it imports beside Flask is installed first.
    Each variable of the environment gets its usual value, and a key gets a fresh random one, so that nobody ships a
    key from this site.
    """
    environment, packages = environment_of(files), packages_of(files)
    install = [f"pip install {' '.join(packages)}"] if packages else []
    if shell == "sh":
        values = {name: f"$(python3 -c '{TOKEN}')" for name in environment} | VALUES
        keys = [f"export {name}={values[name]}" for name in environment]
    else:
        values = {name: f'python -c "{TOKEN}"' for name in environment}
        values |= {name: f'"{value}"' for name, value in VALUES.items()}
        keys = [f"$env:{name} = {values[name]}" for name in environment]
    return [*install, *keys, f"flask --app {module_of(app)} run"]


def place_of(folder: str, app: str) -> str:
    """The path of an app's zip in the site."""
    return f"assets/zips/{folder}-{module_of(app)}.zip"


def packed(folder: str, files: dict[str, str]) -> bytes:
    """A zip of an app. Dates are fixed: the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}"), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
