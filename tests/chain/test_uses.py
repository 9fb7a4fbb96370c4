"""What a test uses is found in its own file and in the common one, and nothing that it doesn't use."""

from extensions import uses
from tests.support import site

CONFTEST = """
import pytest

KEY = "dev"

@pytest.fixture
def app():
    return KEY

@pytest.fixture
def client(app):
    return app

@pytest.fixture
def other():
    return 1
"""
TEST = """
import pytest

ADA, ALAN = "ada", "alan"
UNUSED = 1

@pytest.fixture
def app():
    return ALAN

def sign_in(client):
    client.post(ADA)

def test_one(client):
    sign_in(client)

def test_two():
    assert KEY
"""


def test_fixtures_constants_and_helpers_are_found_through_each_other_a_file_s_own_first():
    found = uses.uses(TEST, CONFTEST)
    assert found["tests"] == {"test_one": ["client", "sign_in", "app", "ADA"], "test_two": []}
    assert found["sources"]["app"] == ["", "@pytest.fixture\ndef app():\n    return ALAN"]
    assert found["sources"]["client"][0] == uses.CONFTEST
    assert found["sources"]["ADA"] == ["", 'ADA, ALAN = "ada", "alan"']


def test_every_test_file_of_a_page_can_be_read_so():
    conftest = (site.ROOT / uses.CONFTEST).read_text("utf-8")
    for path in (site.ROOT / "tests/pages").glob("test_*.py"):
        found = uses.uses(path.read_text("utf-8"), conftest)
        assert {name for names in found["tests"].values() for name in names} == set(found["sources"]), path
