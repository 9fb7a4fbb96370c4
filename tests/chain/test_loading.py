"""A snippet is loaded with its own neighbors."""

import sys
from types import ModuleType

from extensions import snippets
from tests.support import loading


def test_a_module_of_another_app_with_the_same_name_is_put_aside_meanwhile(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    another = ModuleType("users")
    monkeypatch.setitem(sys.modules, "users", another)
    folder = snippets.ROOT / "sign_out_everywhere"
    app = loading.load_app(folder / "app.py")
    users = app.view_functions["sign_in"].__globals__["users"]
    assert users.__file__ == str(folder / "users.py")
    assert sys.modules["users"] is another
