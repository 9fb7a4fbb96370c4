"""Tests of the runner share one reader's browser: it keeps Python, which takes seconds to start the first time."""

import pytest


@pytest.fixture
def context(reader):
    """What pytest-playwright's `page` belongs to: the reader's browser, without the cookies and storage of the last test."""
    yield reader
    reader.clear_cookies()
