"""The first look: what is wrong with the files, found before any test runs, and which pages it concerns.

A test that only repeats such a fault is left out, so that each fault is one line.
"""

import functools
import re
from collections.abc import Callable
from pathlib import Path

from tests.chain import chain, lint, slips

ROOT = Path(__file__).parents[2]


def unlinted(root: Path) -> list[str]:
    """ruff finds no fault. A file that another check reports is left to that check."""
    others = [line for check in CHECKS if check is not unlinted for line in found(check)]
    return lint.faults(root, {line.partition(":")[0] for line in others})


CHECKS = [
    chain.unshown_snippets,
    chain.misnamed,
    chain.untold_tests,
    chain.broken_fences,
    chain.drifting_numbers,
    chain.lost_pages,
    chain.untested_wrongs,
    chain.unmarked_tests,
    chain.marks_inside,
    chain.keys_in_the_open,
    chain.needless_exemptions,
    *slips.CHECKS,
    unlinted,
]
# Where a fault is: a page, a snippet folder or a test file, each of which has its page's name.
PLACE = re.compile(r"^(?:docs/(?:\S+/)?([\w-]+)\.md|snippets/(\w+)|tests/pages/test_(\w+)\.py)\b")
# Faults without which a page's tests can't run.
STOPPING = re.compile(
    r": there is no (?:folder )?(?:snippets/|tests/)|; fix the syntax$|: Undefined name |: no page has this name"
)


@functools.cache
def found(check: Callable[[Path], list[str]]) -> list[str]:
    """What a check finds in this project, computed once."""
    return check(ROOT)


def names(lines: list[str]) -> set[str]:
    """The pages that faults concern, with _ for -."""
    places = [place for line in lines if (place := PLACE.match(line))]
    return {next(group for group in place.groups() if group).replace("-", "_") for place in places}


def faulty() -> set[str]:
    """The pages with any fault."""
    return names([line for check in CHECKS for line in found(check)])


def stopped() -> set[str]:
    """The pages whose tests can't run: of a file that is missing or can't be parsed."""
    lines = [line for check in CHECKS for line in found(check) if STOPPING.search(line)]
    strays = [match[1] for line in lines for match in re.finditer(r"rename tests/pages/test_(\w+)\.py", line)]
    return names(lines) | set(strays)
