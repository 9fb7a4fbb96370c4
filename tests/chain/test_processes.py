"""The fast loop runs in a process for each processor, and a failure doesn't say in which."""

import pytest

from tests.chain import specimen

FAILING = 'import pytest\n\n\ndef test_fails():\n    pytest.fail("one line", pytrace=False)\n'


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "shared"),
    [("", True), ("-n 0", False), ("-s", False), ("-m source", False), ("tests/chain/test_failing.py", False)],
)
def test_a_run_of_all_files_is_shared_out(project_copy, options, shared):
    specimen.write(project_copy, "tests/chain/test_failing.py", FAILING)
    output = specimen.run(project_copy, f"python -m pytest -q -k test_fails {options}").stdout
    assert ("bringing up nodes" in output) is shared, output
    if "source" not in options:
        assert specimen.told(output) == ["one line"]
