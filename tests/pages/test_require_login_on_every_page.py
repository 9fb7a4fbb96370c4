"""Tests of docs/recipes/require-login-on-every-page.md."""

import pytest

ADA = {"user": "ada", "password": "lovelace"}
# Addresses that lead away from the site, or that a browser may read so.
FOREIGN = [
    "https://evil.example/",
    "HTTPS:evil.example",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "evil.example",
    "javascript:alert(1)",
    "",
]


def addresses(app):
    """The address of each page that needs no value in it, and one that doesn't exist."""
    return sorted({rule.rule for rule in app.url_map.iter_rules() if not rule.arguments} | {"/nothing-here"})


def test_every_page_but_the_login_form_leads_a_visitor_to_the_form(app):
    for address in addresses(app):
        response = app.test_client().get(address)
        if address == "/login":
            assert response.status_code == 200
        else:
            assert response.location.partition("?")[0] == "/login", address


def test_a_view_function_that_you_add_is_guarded_too(app):
    app.get("/added")(lambda: "added")
    assert app.test_client().get("/added").location == "/login?next=/added"


def test_following_the_redirects_ends_at_the_form(client):
    form = client.get("/orders").location
    assert client.get(form).status_code == 200


def test_the_style_sheet_of_the_form_is_sent_to_visitors(app, tmp_path):
    app.static_folder = tmp_path
    tmp_path.joinpath("site.css").write_text("form { color: navy }")
    with app.test_client().get("/static/site.css") as response:
        assert "navy" in response.text


def test_after_the_login_ada_sees_the_page_she_asked_for(client):
    form = client.get("/orders?page=2").location
    assert client.post(form, data=ADA).location == "/orders?page=2"
    assert client.get("/orders?page=2").text == "Orders of ada, page 2"


def test_the_address_is_kept_with_its_query_string(client):
    for address in ["/orders?q=100%25", "/orders?q=%C3%BC", "/a%3Fb", "/orders?a=1&b=2"]:
        form = client.get(address).location
        assert client.post(form, data=ADA).location == address
        client.post("/logout")


def test_below_a_prefix_the_address_keeps_the_prefix(client):
    form = client.get("/orders", base_url="http://localhost/shop").location
    assert form == "/shop/login?next=/shop/orders"


def test_a_post_without_a_login_leads_to_the_form_without_next(client):
    assert client.post("/orders").location == "/login"
    assert client.post("/login", data=ADA).location == "/"


def test_no_foreign_address_is_followed_after_the_login(client):
    for target in FOREIGN:
        response = client.post("/login", query_string={"next": target}, data=ADA)
        assert response.location == "/", target


def test_a_wrong_password_is_rejected(client, hashes):
    for number, user in enumerate(["ada", "alan", "eve"], 1):
        response = client.post("/login?next=/orders", data={"user": user, "password": "guess"})
        assert response.status_code == 403
        assert len(hashes) == number
        assert client.get("/").location.startswith("/login")


def test_a_second_user_does_not_get_what_the_first_left_in_the_session(client):
    with client.session_transaction() as session:
        session["draft"] = "of someone else"
    client.post("/login", data=ADA)
    with client.session_transaction() as session:
        assert dict(session) == {"user": "ada"}


def test_after_the_logout_the_form_comes_again(client):
    client.post("/login", data=ADA)
    client.post("/logout")
    assert client.get("/orders").location == "/login?next=/orders"


def test_wrong_redirects_the_login_form_to_itself(load):
    client = load("wrong.py").test_client()
    with client.session_transaction() as session:
        session["user"] = "ada"
    assert [client.get(path).text for path in ("/", "/login")] == ["The page for users", "The login form"]
    client = client.application.test_client()
    assert client.get("/login").location == "/login"
    with pytest.raises(Exception, match="redirect"):
        client.get("/", follow_redirects=True)


@pytest.mark.browser
def test_chromium_gives_up_with_err_too_many_redirects(load, serve, browser):
    port = serve(load("wrong.py"))
    page = browser.new_page()
    with pytest.raises(Exception, match="ERR_TOO_MANY_REDIRECTS"):
        page.goto(f"http://127.0.0.1:{port}/")
    page.close()
