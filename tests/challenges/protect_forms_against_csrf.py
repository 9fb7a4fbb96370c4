"""Tests of the challenges of docs/recipes/protect-forms-against-csrf.md."""

import re


def test_a_form_without_a_token_is_rejected_and_changes_nothing(load):
    client = load("wrong.py").test_client()
    assert client.post("/", data={"address": "eve@example.com"}).status_code == 400
    assert "Letters go to nobody." in client.get("/").text


def test_the_app_s_own_form_is_accepted(load):
    client = load("wrong.py").test_client()
    token = re.search('name="csrf_token" value="(.+?)"', client.get("/").text)[1]
    client.post("/", data={"address": "ada@example.com", "csrf_token": token})
    assert "Letters go to ada@example.com." in client.get("/").text


def test_the_token_of_another_visitor_is_rejected(load):
    app = load("wrong.py")
    token = re.search('name="csrf_token" value="(.+?)"', app.test_client().get("/").text)[1]
    client = app.test_client()
    client.get("/")
    assert client.post("/", data={"address": "eve@example.com", "csrf_token": token}).status_code == 400
