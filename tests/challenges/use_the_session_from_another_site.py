"""Tests of the challenges of docs/recipes/use-the-session-from-another-site.md."""

HTTPS = {"base_url": "https://app.example"}
OURS = "https://shop.example"


def test_the_cookie_is_secure_and_has_samesite_none(load):
    cookie = load("wrong.py").test_client().get("/", **HTTPS).headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "SameSite=None" in cookie


def test_the_front_end_may_read_the_response_with_credentials(load):
    headers = load("wrong.py").test_client().get("/", headers={"Origin": OURS}, **HTTPS).headers
    assert headers["Access-Control-Allow-Origin"] == OURS
    assert headers["Access-Control-Allow-Credentials"] == "true"


def test_another_site_may_not_read_it(load):
    headers = load("wrong.py").test_client().get("/", headers={"Origin": "https://evil.example"}, **HTTPS).headers
    assert headers.get("Access-Control-Allow-Origin") is None


def test_the_second_visit_is_counted(load):
    client = load("wrong.py").test_client()
    client.get("/", **HTTPS)
    assert client.get("/", **HTTPS).text == "Visits: 2"
