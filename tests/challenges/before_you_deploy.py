"""Tests of the challenges of docs/recipes/before-you-deploy.md."""

HTTPS = {"base_url": "https://localhost"}
PREFIX = {"X-Forwarded-Prefix": "/shop"}


def test_the_redirect_leads_to_a_path_and_not_to_an_address(load):
    response = load("wrong.py").test_client().post("/", headers={"Host": "inner:8000"})
    assert (response.status_code, response.location) == (302, "/")


def test_after_logging_in_ada_is_greeted(load):
    client = load("wrong.py").test_client()
    client.post("/", **HTTPS)
    assert "Hello, Ada!" in client.get("/", **HTTPS).text


def test_the_cookie_is_sent_over_https_only(load):
    assert "Secure" in load("wrong.py").test_client().post("/", **HTTPS).headers["Set-Cookie"]


def test_without_a_prefix_ada_is_greeted(load):
    client = load("wrong_path.py").test_client()
    assert client.post("/").location == "/"
    assert "Hello, Ada!" in client.get("/").text


def test_behind_the_prefix_the_redirect_stays_in_it(load):
    assert load("wrong_path.py").test_client().post("/", headers=PREFIX).location == "/shop/"


def test_behind_the_prefix_ada_is_greeted_too(load):
    client = load("wrong_path.py").test_client()
    client.post("/", headers=PREFIX)
    assert "Hello, Ada!" in client.get("/", headers=PREFIX).text
