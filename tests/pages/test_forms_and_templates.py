"""Tests of docs/learn/forms-and-templates.md."""

import re
import secrets

import pytest
from flask import render_template_string, request, session
from jinja2 import UndefinedError
from werkzeug.exceptions import BadRequestKeyError

ADA = {"name": "Ada", "items": "2"}
NOT_METHODS = ["accessed", "modified", "new", "permanent"]
METHODS = [
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "on_update",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
]


def test_what_was_typed_is_on_the_next_page(client):
    client.post("/", data=ADA)
    assert "Ada brings 2 dishes." in client.get("/").text


def test_a_new_visitor_sees_the_else_part(client):
    page = client.get("/").text
    assert "You have not signed up." in page
    assert "brings" not in page


def test_a_template_sees_the_session_without_an_argument(app):
    with app.test_request_context():
        session["name"] = "Ada"
        assert render_template_string("{{ session['name'] }}") == "Ada"


def test_the_template_escapes_what_was_typed(client):
    client.post("/", data=ADA | {"name": "<b>Ada</b>"})
    page = client.get("/").text
    assert "&lt;b&gt;Ada&lt;/b&gt; brings" in page
    assert "<b>" not in page


def test_the_session_contains_what_was_typed(client):
    client.post("/", data=ADA | {"name": "  <b>Ada</b> "})
    with client.session_transaction() as stored:
        assert dict(stored) == {"name": "<b>Ada</b>", "items": 2}


def test_templates_named_html_escape_automatically(app):
    for name in ("picnic.html", "picnic.htm", "picnic.xml", "picnic.xhtml", "picnic.svg"):
        assert app.select_jinja_autoescape(name) is True
    assert app.select_jinja_autoescape("picnic.txt") is False


def test_marked_safe_a_script_is_not_escaped(app):
    script = "<script>alert(1)</script>"
    with app.test_request_context():
        session["name"] = script
        assert render_template_string('{{ session["name"] | safe }}') == script


def test_fields_arrive_as_strings(app):
    with app.test_request_context(method="POST", data={"items": "0", "name": "Ada"}):
        assert request.form.to_dict() == {"items": "0", "name": "Ada"}
        assert bool(request.form["items"]) is True
        assert bool(0) is False


def test_type_int_makes_a_number(client):
    client.post("/", data=ADA)
    with client.session_transaction() as stored:
        assert stored["items"] == 2


@pytest.mark.parametrize("items", [None, "many", "", "2.5"])
def test_what_is_not_a_number_becomes_the_default(client, items):
    client.post("/", data={"name": "Ada", "items": items})
    assert "Ada brings 0 dishes." in client.get("/").text


def test_a_form_without_the_field_gets_400_and_stores_nothing(app, client):
    app.debug = False
    response = client.post("/", data={"items": "2"})
    assert response.status_code == 400
    assert "Bad Request" in response.text
    assert "Set-Cookie" not in response.headers


def test_in_debug_mode_a_missing_field_shows_the_name_of_the_key(app, client):
    app.debug = True
    with pytest.raises(BadRequestKeyError, match="'name'"):
        client.post("/", data={"items": "2"})


def test_an_empty_field_arrives_as_an_empty_string_and_is_rejected(app, client):
    with app.test_request_context(method="POST", data={"name": ""}):
        assert request.form["name"] == ""
    assert client.post("/", data={"name": "", "items": "2"}).status_code == 400


OUT_OF_BOUNDS = [
    {"name": ""},
    {"name": "   "},
    {"name": "A" * 101},
    {"name": "A" * 10_000},
    {"name": "<b>" * 4_000},
    {"name": "Ada", "items": "-1"},
    {"name": "Ada", "items": "21"},
    {"name": "Ada", "items": "9" * 4_000},
]


@pytest.mark.parametrize("fields", OUT_OF_BOUNDS, ids=lambda fields: str(fields)[:30])
def test_what_is_out_of_bounds_gets_400_and_stores_nothing(client, fields):
    response = client.post("/", data=fields)
    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


def test_the_cookie_fits_whatever_the_app_accepts(client):
    shuffled = "".join(secrets.choice("😀🙂🧺🍎🥧") for _ in range(100))
    control = "".join(chr(secrets.choice(range(1, 9))) for _ in range(98))
    for name in ("A", "A" * 100, shuffled, f"a{control}b", "a\0b", "<b>Ada</b>", '"' * 100, "\\" * 100):
        for _ in ("once", "twice"):
            response = client.post("/", data={"name": name, "items": "20"})
            assert response.status_code == 302
            assert len(response.headers["Set-Cookie"].partition(";")[0]) <= 4096
        assert client.get("/").status_code == 200
        with client.session_transaction() as stored:
            assert stored["name"] == name


def random_name():
    """A name of 5000 random characters, since Flask compresses what repeats."""
    name = secrets.token_urlsafe(3750)
    assert len(name) == 5000
    return name


def without_limit(app):
    """The same app, with a limit that no name reaches."""
    app.view_functions["sign_up"].__globals__["LONGEST"] = 1_000_000
    return app


def test_without_the_limit_flask_warns_and_responds_as_if_it_had_worked(app):
    client = without_limit(app).test_client()
    with pytest.warns(UserWarning, match="The 'session' cookie is too large"):
        response = client.post("/", data={"name": random_name()})
    assert response.status_code == 302
    assert len(response.headers["Set-Cookie"]) > 4096


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore:The 'session' cookie is too large")
def test_without_the_limit_chromium_keeps_the_old_name(app, serve, page):
    page.goto(f"http://127.0.0.1:{serve(without_limit(app))}/")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button").click()
    page.get_by_text("Ada brings 0 dishes.").wait_for()
    statuses = []
    page.on("response", lambda response: statuses.append((response.request.method, response.status)))
    page.get_by_label("Name").fill(random_name())
    with page.expect_navigation():
        page.get_by_role("button").click()
    assert statuses == [("POST", 302), ("GET", 200)]
    assert "Ada brings 0 dishes." in page.inner_text("body")


def test_in_accepts_falsy_values_too(app):
    with app.test_request_context():
        for value in (0, "", []):
            session["items"] = value
            assert render_template_string('{% if "items" in session %}yes{% endif %}') == "yes"
            assert render_template_string('{% if session["items"] %}yes{% endif %}') == ""


def test_fields_in_the_address_are_not_in_the_form(client):
    assert client.post("/?name=Ada&items=2").status_code == 400


@pytest.mark.browser
def test_without_a_method_chromium_puts_the_fields_into_the_address(page):
    form = '<form><input name="name" value="Ada"><button>Sign up</button></form>'
    methods = []
    page.on("request", lambda request: methods.append(request.method))
    page.route("**/*", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://picnic.example/")
    page.get_by_role("button").click()
    page.wait_for_url("http://picnic.example/?name=Ada")
    assert set(methods) == {"GET"}


def test_wrong_treats_a_new_visitor_as_signed_up(load):
    page = load("wrong.py").test_client().get("/").text
    assert "With a dot: signed up" in page
    assert "With brackets: signed up" in page


def test_wrong_treats_zero_dishes_as_not_signed_up(load):
    client = load("wrong.py").test_client()
    client.post("/")
    page = client.get("/").text
    assert "With a dot: signed up" in page
    assert "With brackets: not signed up" in page


def test_the_dot_finds_a_method_before_a_key(app):
    with app.test_request_context():
        session["items"] = 0
        assert render_template_string("{{ session.items is callable }}") == "True"


def test_brackets_find_a_key_before_a_method(app):
    with app.test_request_context():
        session["items"] = 0
        assert render_template_string("{{ session['items'] }}") == "0"


def test_brackets_find_a_method_if_there_is_no_key(app):
    with app.test_request_context():
        assert render_template_string("{{ session['items'] is callable }}") == "True"


def test_a_dot_does_not_find_keys_with_these_names(app):
    with app.test_request_context():
        names = [name for name in dir(session) if re.match("[a-z]", name)]
        assert sorted(METHODS + NOT_METHODS) == names
        for name in names:
            session[name] = "a value"
        for name in names:
            assert render_template_string("{{ session." + name + " }}") != "a value"


def test_four_of_the_names_are_true_or_false(app):
    with app.test_request_context():
        for name in METHODS:
            assert render_template_string("{{ session." + name + " is callable }}") == "True"
        for name in NOT_METHODS:
            assert render_template_string("{{ session." + name + " is boolean }}") == "True"
    assert len(NOT_METHODS) == 4


def test_get_finds_only_keys(app):
    with app.test_request_context():
        assert render_template_string("{{ session.get('items') }}") == "None"
        session["items"] = 3
        assert render_template_string("{{ session.get('items') }}") == "3"


def test_a_missing_key_shows_nothing(app):
    with app.test_request_context():
        assert render_template_string("[{{ session.name }}{{ session['name'] }}]") == "[]"
        assert "method items" in render_template_string("{{ session['items'] }}")


def test_calculating_with_a_missing_key_raises_undefinederror(app):
    with app.test_request_context():
        for fine in ("{{ session['dishes'] == 1 }}", "{% for dish in session['dishes'] %}{% endfor %}"):
            assert render_template_string(fine) in {"False", ""}
        for calculated in ("session['dishes'] + 1", "session['dishes'] < 1"):
            with pytest.raises(UndefinedError):
                render_template_string(f"{{{{ {calculated} }}}}")


def test_a_colon_after_if_is_accepted(app):
    with app.test_request_context():
        for colon in ("", ":"):
            template = f"{{% if 'name' in session{colon} %}}yes{{% else{colon} %}}no{{% endif %}}"
            assert render_template_string(template) == "no"
