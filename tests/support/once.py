"""Make something once, although several processes of pytest-xdist want it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 300  # how long the other processes wait


def shared(factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests that all its processes share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, which the first process to ask makes and fills with `make`; RuntimeError if that fails."""
    failed, ready = folder.with_suffix(".failed"), folder.with_suffix(".ready")
    try:
        folder.mkdir()
    except FileExistsError:
        return waited_for(folder, ready, failed)
    try:
        make(folder)
    except Exception as error:
        failed.write_text(str(error), "utf-8")
        raise
    ready.touch()
    return folder


def waited_for(folder: Path, ready: Path, failed: Path) -> Path:
    """The folder, once the process that makes it is done."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if ready.exists():
            return folder
        if failed.exists():
            raise RuntimeError(failed.read_text("utf-8"))
        time.sleep(0.1)
    raise RuntimeError(f"{folder.name} was not made within {SECONDS} seconds")
