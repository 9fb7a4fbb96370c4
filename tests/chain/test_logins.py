"""Each recipe with a login can be copied as it is: what every login needs, checked in all of them."""

import ast
from pathlib import Path

import pytest

from tests.chain import chain
from tests.support import loading

ROOT = Path(__file__).parents[2]
RECIPES = {chain.name(page): page for page in (ROOT / "docs/recipes").glob("*.md")}
ADA = {"user": "ada", "password": "lovelace"}
# Browsers hold SameSite's forms back, so a recipe may do without a token if its page says what it relies on.
CSRF, GUESSES = "(protect-forms-against-csrf.md)", "(limit-guesses.md)"


def logins() -> list:
    """The apps of recipes that check a password, but for those that show a mistake."""
    return [
        pytest.param(app, marks=[pytest.mark.server] if "redis" in app.read_text("utf-8") else [], id=app.parent.name)
        for app in chain.apps(ROOT)
        if app.parent.name in RECIPES
        and not app.name.startswith("wrong")
        and (app.parent / "users.py").is_file()
        and "def sign_in" in app.read_text("utf-8")
    ]


@pytest.fixture
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A visitor of the app, whose files are written into a folder for the test."""
    monkeypatch.chdir(tmp_path)
    for name, value in loading.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    if "redis" in request.param.read_text("utf-8"):
        request.getfixturevalue("redis")
    return loading.load_app(request.param).test_client()


def rule(client, endpoint: str):
    """The only rule of an endpoint."""
    (found,) = client.application.url_map.iter_rules(endpoint)
    return found


@pytest.mark.parametrize("client", logins(), indirect=True)
def test_a_wrong_password_and_an_unknown_name_look_the_same(client, hashes):
    responses = []
    for fields in (ADA | {"password": "guess"}, ADA | {"user": "grace"}):
        response = client.post(rule(client, "sign_in").rule, data=fields)
        responses.append((response.status_code, response.text, list(response.headers), len(hashes)))
        hashes.clear()
    assert responses[0] == responses[1]
    assert responses[0][0] == 403
    assert responses[0][-1] == 1


@pytest.mark.parametrize("client", logins(), indirect=True)
def test_the_session_cookie_is_secure_and_same_site(client):
    response = client.post(rule(client, "sign_in").rule, data=ADA)
    assert response.status_code in (302, 303)
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} < set(cookie.split("; "))


@pytest.mark.parametrize("client", logins(), indirect=True)
def test_logging_out_takes_a_post(client):
    endpoints = {"sign_out", "sign_out_everywhere"} & client.application.view_functions.keys()
    assert endpoints
    assert all(rule(client, endpoint).methods == {"POST", "OPTIONS"} for endpoint in endpoints)


@pytest.mark.parametrize("app", [pytest.param(*p.values, id=p.id) for p in logins()])
def test_the_page_names_what_its_login_leaves_out(app):
    text = " ".join(RECIPES[app.parent.name].read_text("utf-8").split())
    assert CSRF in text
    assert GUESSES in text or app.parent.name == "limit_guesses"


def test_the_same_function_in_two_recipes_has_the_same_text():
    texts: dict[tuple[str, str], dict[str, Path]] = {}
    for path in sorted((ROOT / "snippets").glob("*/users.py")):
        source = path.read_text("utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                texts.setdefault(("function", node.name), {})[ast.get_source_segment(source, node)] = path
            elif isinstance(node, ast.Assign):
                texts.setdefault(("value", ast.unparse(node.targets[0])), {})[ast.unparse(node.value)] = path
    assert texts
    faults = [
        f"{' and '.join(str(path.relative_to(ROOT)) for path in found.values())}: {kind} {name} differs; copy one"
        for (kind, name), found in texts.items()
        if len(found) > 1
    ]
    assert faults == []
