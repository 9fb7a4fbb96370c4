"""Load a snippet by its path, fresh each time, as `flask --app` would."""

import importlib.util
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from flask.cli import find_best_app

from extensions import snippets

# Where each transcript begins, for tests and for the reader's page: live/page/replay/transcript.js.
GIVEN = json.loads((Path(__file__).parents[2] / "live/transcripts.json").read_text("utf-8"))
# The moment at which transcripts are taken, in ISO 8601.
START: str = GIVEN["start"]
# What a snippet reads from the environment. Public, so good for nothing but tests and transcripts.
ENVIRONMENT: dict[str, str] = GIVEN["environment"]


@contextmanager
def folder_on_path(folder: Path):
    """Let modules import their neighbors, and forget all of them afterwards.

    Modules of another app that have their names are put aside meanwhile: in a reader's page, the panel may have some.
    """
    sys.path.insert(0, str(folder))
    own = {path.stem for path in folder.iterdir()}
    aside = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in own}
    before = set(sys.modules)
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]
        sys.modules.update(aside)


@contextmanager
def instance_below_working_directory():
    """Let apps write into the working directory of a test or transcript, since snippets/ stays as it is."""
    with patch.object(Flask, "auto_find_instance_path", lambda _: str(Path.cwd() / "instance")):
        yield


def load_app(path: Path) -> Flask:
    """The app that `flask --app` finds in a snippet file, by Flask's own rule.

    The file is executed as a module, whose state no later load sees. A factory runs while its package can
    still be imported, since Flask looks for the package's templates then.
    """
    folder = snippets.ROOT / path.relative_to(snippets.ROOT).parts[0]
    name = snippets.module_of(path.relative_to(folder).as_posix())
    with folder_on_path(folder), instance_below_working_directory():
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return find_best_app(module)
