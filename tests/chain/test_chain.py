"""The chain holds: no page, snippet, test or output stands alone."""

from pathlib import Path

import pytest

from extensions import fences
from tests.chain import chain, look
from tests.support import recorder

ROOT = Path(__file__).parents[2]


def report(faults: list[str]) -> None:
    """Fail with the faults alone, one line each."""
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.mark.parametrize("check", look.CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_missing(check):
    report(look.found(check))


def test_every_python_fence_is_an_include_or_is_run():
    from pytest_examples import find_examples

    run = {(Path(e.path).resolve(), e.start_line) for e in find_examples(ROOT / "docs", ROOT / "README.md")}
    report(
        [
            f"{page.relative_to(ROOT)}:{fence.line}: nothing runs this code; include a snippet file instead"
            for page in [*chain.pages(ROOT), ROOT / "README.md"]
            for fence in fences.scan(page.read_text("utf-8"))
            if fence.language in ("python", "py", "py3", "python3", "pycon") and (page, fence.line) not in run
        ]
    )


@pytest.mark.whole_page
@pytest.mark.parametrize("name", sorted({path.relative_to(ROOT / "snippets").parts[0] for path in chain.apps(ROOT)}))
def test_every_app_is_loaded_and_every_route_requested_by_its_page(name):
    if name in recorder.failed:
        return  # the failed tests may be those that request a route
    faults = []
    for path in chain.apps(ROOT):
        where = path.relative_to(ROOT)
        if path.relative_to(ROOT / "snippets").parts[0] != name:
            continue
        if path not in recorder.routes:
            faults.append(f'tests/pages/test_{name}.py: no test loads {where}; use load("{path.name}")')
        for method, rule in sorted(recorder.routes.get(path, set()) - recorder.requested.get(path, set())):
            faults.append(f"tests/pages/test_{name}.py: no test requests {method} {rule} of {where}; add one")
    report(faults)
