"""The code keeps its shape: no circle of imports, nothing of the page in the worker, no part too long to read."""

import pytest

from tests.chain import shape
from tests.support import site


@pytest.mark.parametrize("check", [shape.circles, shape.strays, shape.long_parts])
def test_the_code_keeps_its_shape(check):
    if faults := check(site.ROOT):
        pytest.fail("\n".join(faults), pytrace=False)


@pytest.fixture
def project(tmp_path):
    """A small project: write(path, text) adds a file."""

    def write(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
        return tmp_path

    return write


def test_a_circle_is_found_also_by_way_of_an_import_that_comes_later(project):
    project("live/page/a.js", 'import { b } from "./parts/b.js";\n')
    project("live/page/parts/b.js", 'export const b = () => import("../c.js");\n')
    root = project("live/page/c.js", 'export { a } from "./a.js";\n')
    [fault] = shape.circles(root)
    assert fault.startswith("live/page/a.js - live/page/parts/b.js - live/page/c.js - live/page/a.js: a circle")


def test_an_import_in_a_comment_is_none(project):
    project("live/page/a.js", '// import { b } from "./b.js";\n/** import("./b.js") */\n')
    root = project("live/page/b.js", 'import "./a.js";\n')
    assert shape.circles(root) == []


def test_a_module_of_the_page_in_the_worker_is_found(project):
    project("live/page/dom.js", "")
    root = project("live/worker/worker.js", 'import { h } from "../page/dom.js";\n')
    [fault] = shape.strays(root)
    assert fault.startswith("live/worker/worker.js: imports live/page/dom.js")


@pytest.mark.parametrize(
    ("path", "text", "part"),
    [
        ("live/page/a.js", "export class Long {\n" + "  x;\n" * 150 + "}\n", "class Long"),
        ("live/page/a.js", "async function long() {\n" + "  x();\n" * 60 + "}\n", "function long"),
        ("live/page/a.js", "x();\n" * 301, "module"),
        ("live/worker/a.py", "def long():\n" + "    x()\n" * 60, "function long"),
    ],
)
def test_a_part_that_is_too_long_is_found(project, path, text, part, monkeypatch):
    monkeypatch.setattr(shape, "EXEMPT", {})
    [fault] = shape.long_parts(project(path, text))
    assert fault.startswith(f"{path}: {part} has ")


def test_an_exemption_that_nothing_needs_is_a_fault(project, monkeypatch):
    monkeypatch.setattr(shape, "EXEMPT", {"live/page/a.js: class Long": "a reason"})
    [fault] = shape.long_parts(project("live/page/a.js", ""))
    assert fault.startswith("tests/chain/shape.py: live/page/a.js: class Long needs no exemption")
