"""Tests of docs/understand/sessions-in-other-frameworks.md."""

import base64
import secrets

import pytest

NAMES = ("Flask", "Django", "FastAPI", "PHP", "JSP", "Rails", "express-session", "cookie-session")
each = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def run(tmp_path_factory):
    """What a framework's app did on a real server, asked once in a run of the tests: `run("PHP")`."""
    from tests.bench import frameworks
    from tests.support import once

    return lambda name: frameworks.found(name, once.shared(tmp_path_factory))


@pytest.fixture
def recorded():
    """What was found in each framework when the tables were written."""
    from tests.bench import frameworks

    return frameworks.recorded()


def assert_cell(run, name, column):
    """The run gives what the page's table says."""
    from tests.bench import frameworks

    assert frameworks.CELLS[column](run(name)) == frameworks.on_page(name, column)


@pytest.mark.source
def test_each_cell_is_in_the_words_for_what_was_found(recorded):
    from tests.bench import frameworks

    assert tuple(recorded) == NAMES
    page = frameworks.PAGE.read_text("utf-8")
    assert frameworks.shown(page) == frameworks.tables(recorded)


@pytest.mark.server
@each
def test_the_session_cookie_has_this_name(run, name):
    assert_cell(run, name, "Name")


@pytest.mark.server
@each
def test_the_cookie_contains_this(run, name):
    assert_cell(run, name, "Contains")


@pytest.mark.server
@each
def test_this_is_readable_without_the_key(run, name):
    assert_cell(run, name, "Readable without the key")


@pytest.mark.server
@each
def test_a_changed_cookie_gives_this(run, name):
    assert_cell(run, name, "A changed cookie")


@pytest.mark.server
@each
def test_the_cookie_has_these_attributes(run, name):
    assert_cell(run, name, "Attributes")


@pytest.mark.server
@each
def test_the_data_is_in_this_place_before_and_after_a_restart(run, name):
    assert_cell(run, name, "Where the data is")


@pytest.mark.server
@each
def test_these_responses_send_the_cookie(run, name):
    assert_cell(run, name, "When the cookie is sent")


@pytest.mark.server
@each
def test_an_item_larger_than_a_cookie_has_this_effect(run, name):
    assert_cell(run, name, "An item of 5000 bytes")


@pytest.mark.server
@each
def test_a_change_inside_the_list_is_saved_or_not(run, name):
    assert_cell(run, name, "A change inside the list")


@pytest.mark.server
@each
def test_two_requests_at_once_have_this_effect(run, name):
    assert_cell(run, name, "Two requests at once")


@pytest.mark.server
@each
def test_the_login_changes_the_id_or_not(run, name):
    assert_cell(run, name, "New id at login")


@pytest.mark.server
@each
def test_the_logout_leaves_this_in_the_browser(run, name):
    assert_cell(run, name, "What a logout leaves")


@pytest.mark.server
@each
def test_a_copy_of_the_old_cookie_works_or_not(run, name):
    assert_cell(run, name, "A copy of the old cookie")


@pytest.mark.server
@each
def test_the_shown_exchanges_are_those_of_the_run(run, name):
    from tests.bench import frameworks

    found = frameworks.without_chance(run(name)["exchanges"])
    if name == "Flask":
        assert "Set-Cookie: session=…; HttpOnly; Path=/" in found
    else:
        assert found == frameworks.without_chance(frameworks.file_of(name).read_text("utf-8"))


@pytest.mark.browser
@each
def test_chromium_gets_the_same_results(run, recorded, browser, tmp_path, name):
    from tests.support import frameworks

    run(name)  # leaves the test out where the runtime is missing
    found = recorded[name]
    with frameworks.started(name, tmp_path) as port, browser.new_context() as context:
        address, page = f"http://127.0.0.1:{port}", context.new_page()

        def cookie():
            named = [cookie for cookie in context.cookies() if cookie["name"] == found["names"][0]]
            return named[0]["value"] if named else None

        page.goto(f"{address}/about")
        assert bool(cookie()) == ("/about" in found["sent"]["new"])
        page.goto(address)
        before = cookie()
        page.get_by_label("Name").fill("Ada")
        page.get_by_role("button", name="Log in").click()
        assert (cookie() != before) == found["login"]["new"]
        [kept] = [cookie for cookie in context.cookies() if cookie["name"] == found["names"][0]]
        assert kept["httpOnly"] == ("HttpOnly" in found["attributes"])
        assert (kept["expires"] > 0) == ("days" in found["attributes"])
        page.evaluate(frameworks.ADD_AT_ONCE, ["apple", "pear"])
        page.goto(address)
        text = page.locator("p").first.inner_text()
        assert ("apple" in text) + ("pear" in text) == found["overlap"]["kept"]
        copy = context.cookies()
        item = secrets.token_urlsafe(5000)[:5000]
        page.get_by_label("Item").first.fill(item)
        with page.expect_response(f"{address}/add"):
            page.get_by_role("button", name="Add", exact=True).click()
        page = context.new_page()  # in the old one, an error may still be on its way
        page.goto(address)
        assert (item in page.locator("p").first.inner_text()) == (found["large"] == "kept")
        page.goto(f"{address}/who")
        # Chromium stores cookie-session's new signature without the data that it belongs to.
        assert page.locator("p").inner_text() == ("nobody" if name == "cookie-session" else "Ada")
        page.goto(address)
        page.get_by_role("button", name="Log out").click()
        page.goto(f"{address}/who")
        assert page.locator("p").inner_text() == "nobody"
        context.clear_cookies()
        context.add_cookies(copy)
        page.goto(f"{address}/who")
        assert page.locator("p").inner_text() == ("Ada" if found["logout"]["copy"] else "nobody")


def test_flask_loses_a_change_inside_the_list(client):
    client.post("/add", data={"item": "tea"})
    response = client.post("/append", data={"item": "milk"})
    assert "Set-Cookie" not in response.headers
    assert "List: tea<" in client.get("/").text


def test_a_copy_of_flasks_cookie_works_after_the_logout(app):
    client, copy = app.test_client(), app.test_client()
    client.post("/login", data={"name": "Ada"})
    copy.set_cookie("session", client.get_cookie("session").value)
    client.post("/logout")
    assert "nobody" in client.get("/who").text
    assert "Ada" in copy.get("/who").text


def test_flasks_cookie_shows_the_values_to_anyone(client):
    client.post("/login", data={"name": "Ada"})
    payload = client.get_cookie("session").value.rpartition(".")[0].rpartition(".")[0]
    assert base64.urlsafe_b64decode(payload + "==") == b'{"name":"Ada"}'


def test_the_browser_rejects_flasks_cookie_with_5000_bytes(visitor):
    visitor.request("POST", "/login", {"name": "Ada"})
    with pytest.warns(UserWarning, match="too large.* the limit is 4093 bytes"):
        exchange = visitor.request("POST", "/add", {"item": "".join(map(chr, range(256, 5256)))})
    assert "browsers keep at most 4096" in exchange.refused[0]["reason"]
    assert b"Ada" in visitor.request("GET", "/who").body


def test_flasks_session_outlives_a_restart_and_ends_with_the_key(load):
    client = load("app.py").test_client()
    client.post("/login", data={"name": "Ada"})
    value = client.get_cookie("session").value
    restarted = load("app.py").test_client()
    restarted.set_cookie("session", value)
    assert "Ada" in restarted.get("/who").text
    other = load("app.py")
    other.config["SECRET_KEY"] += "changed"
    client = other.test_client()
    client.set_cookie("session", value)
    assert "nobody" in client.get("/who").text


def test_flasks_session_has_no_id(app, clock):
    two = [app.test_client(), app.test_client()]
    for client in two:
        client.post("/login", data={"name": "Ada"})
    assert two[0].get_cookie("session").value == two[1].get_cookie("session").value
    assert two[0].get("/about").text == app.test_client().get("/about").text


@pytest.mark.source
def test_three_of_them_keep_the_id_at_login(recorded):
    same = {name for name, found in recorded.items() if not found["login"]["new"]}
    assert same == {"PHP", "JSP", "express-session"}
    assert {name for name, found in recorded.items() if found["login"]["copy"]} == same


@pytest.mark.source
def test_only_a_jsp_starts_a_session_on_a_page_that_does_not_use_it(recorded):
    assert {name for name, found in recorded.items() if "/about" in found["sent"]["new"]} == {"JSP"}


@pytest.mark.source
def test_only_phps_cookie_lacks_httponly(recorded):
    assert {name for name, found in recorded.items() if "HttpOnly" not in found["attributes"]} == {"PHP"}


@pytest.mark.source
def test_no_cookie_is_secure_by_default(recorded):
    eight = [found["attributes"] for found in recorded.values()]
    assert len(eight) == 8
    assert [attributes for attributes in eight if "Secure" in attributes] == []


@pytest.mark.source
def test_only_rails_responds_with_an_error_to_a_large_item(recorded):
    assert {name for name, found in recorded.items() if found["large"] == "error"} == {"Rails"}


@pytest.mark.source
def test_only_rails_sends_its_cookie_when_a_page_reads(recorded):
    assert {name for name, found in recorded.items() if "/who" in found["sent"]["known"]} == {"Rails"}


@pytest.mark.source
def test_only_php_lets_a_request_wait_for_the_other(recorded):
    assert {name for name, found in recorded.items() if found["overlap"]["waited"]} == {"PHP"}
    assert {name for name, found in recorded.items() if found["overlap"]["kept"] == 2} == {"PHP"}


@pytest.mark.source
def test_with_the_data_in_the_cookie_a_copy_works_after_the_logout(recorded):
    copies = {name for name, found in recorded.items() if found["logout"]["copy"]}
    assert copies == {name for name, found in recorded.items() if found["place"] == "the cookie"}
    assert copies == {"Flask", "FastAPI", "Rails", "cookie-session"}
