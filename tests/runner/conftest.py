"""What the tests of the runner share."""

import pytest

from tests.runner import live_page


@pytest.fixture(scope="module")
def plain():
    """The address of the plain page."""
    with live_page.served() as address:
        yield address
