"""Proofs for docs/learn/forms-and-templates.md."""

import pytest
from flask import render_template_string, request, session

ADA = {"name": "Ada", "items": "2"}


def test_what_was_typed_is_on_the_next_page(client):
    client.post("/", data=ADA)
    assert "Ada brings 2 dishes." in client.get("/").text


def test_a_newcomer_is_told_so(client):
    assert "You have not signed up." in client.get("/").text


def test_a_template_sees_the_session_without_being_given_it(app):
    with app.test_request_context():
        session["name"] = "Ada"
        assert render_template_string("{{ session['name'] }}") == "Ada"


def test_the_template_escapes_what_was_typed(client):
    client.post("/", data=ADA | {"name": "<b>Ada</b>"})
    page = client.get("/").text
    assert "&lt;b&gt;Ada&lt;/b&gt; brings" in page
    assert "<b>" not in page


def test_the_session_keeps_what_was_typed_as_it_was(client):
    client.post("/", data=ADA | {"name": "<b>Ada</b>"})
    with client.session_transaction() as stored:
        assert stored["name"] == "<b>Ada</b>"


def test_templates_named_html_escape_by_themselves(app):
    assert app.select_jinja_autoescape("picnic.html") is True
    assert app.select_jinja_autoescape("picnic.txt") is False


def test_marked_safe_the_text_is_not_escaped(app):
    with app.test_request_context():
        session["name"] = "<b>Ada</b>"
        assert render_template_string("{{ session['name'] | safe }}") == "<b>Ada</b>"


def test_fields_arrive_as_strings(app):
    with app.test_request_context(method="POST", data={"items": "0"}):
        assert request.form["items"] == "0"
        assert bool(request.form["items"]) is True


def test_type_int_makes_a_number(client):
    client.post("/", data=ADA)
    with client.session_transaction() as stored:
        assert stored["items"] == 2


@pytest.mark.parametrize("fields", [{"name": "Ada"}, {"name": "Ada", "items": "many"}])
def test_what_is_no_number_becomes_the_default(client, fields):
    client.post("/", data=fields)
    assert "Ada brings 0 dishes." in client.get("/").text


def test_a_form_without_the_field_is_answered_with_400(client):
    answer = client.post("/", data={"items": "2"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_a_field_left_empty_is_there(client):
    client.post("/", data=ADA | {"name": ""})
    with client.session_transaction() as stored:
        assert stored["name"] == ""


def test_in_counts_an_empty_value_too(client):
    client.post("/", data={"name": "", "items": "0"})
    assert "brings 0 dishes." in client.get("/").text


def test_what_stands_in_the_address_is_not_in_the_form(client):
    assert client.post("/?name=Ada").status_code == 400


@pytest.mark.browser
def test_without_a_method_the_browser_puts_the_fields_into_the_address(page):
    form = '<form><input name="name" value="Ada"><button>Sign up</button></form>'
    page.route("**/*", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://picnic.example/")
    page.get_by_role("button").click()
    page.wait_for_url("http://picnic.example/?name=Ada")


def test_wrong_takes_a_newcomer_for_signed_up(load):
    page = load("wrong.py").test_client().get("/").text
    assert "With a dot: signed up" in page
    assert "With brackets: signed up" in page


def test_wrong_takes_zero_for_absent(load):
    client = load("wrong.py").test_client()
    client.post("/")
    assert "With brackets: not signed up" in client.get("/").text


def test_the_dot_finds_a_method_before_a_key(app):
    with app.test_request_context():
        session["items"] = 0
        assert render_template_string("{{ session.items is callable }}") == "True"


def test_the_brackets_find_a_key_before_a_method(app):
    with app.test_request_context():
        session["items"] = 0
        assert render_template_string("{{ session['items'] }}") == "0"


def test_the_brackets_find_a_method_where_there_is_no_key(app):
    with app.test_request_context():
        assert render_template_string("{{ session['items'] is callable }}") == "True"


@pytest.mark.parametrize("name", ["clear", "copy", "get", "items", "keys", "modified", "new", "permanent", "values"])
def test_these_names_are_taken(app, name):
    with app.test_request_context():
        session[name] = "a value"
        assert render_template_string("{{ session." + name + " }}") != "a value"


def test_get_finds_keys_alone(app):
    with app.test_request_context():
        assert render_template_string("{{ session.get('items') }}") == "None"


def test_a_missing_key_is_shown_as_nothing(app):
    with app.test_request_context():
        assert render_template_string("[{{ session.name }}{{ session['name'] }}]") == "[]"


def test_a_colon_after_if_is_accepted(app):
    with app.test_request_context():
        assert render_template_string("{% if 'name' in session: %}yes{% else: %}no{% endif %}") == "no"
