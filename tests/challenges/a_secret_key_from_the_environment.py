"""Tests of the challenges of docs/recipes/a-secret-key-from-the-environment.md."""

import os

import pytest


def test_with_a_key_the_app_starts_and_uses_it(load):
    assert load("wrong.py").secret_key == os.environ["SECRET_KEY"]


def test_without_a_key_the_app_does_not_start(load, monkeypatch):
    load("wrong.py")
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises((KeyError, RuntimeError, ValueError)):
        load("wrong.py")


def test_with_an_empty_key_the_app_does_not_start(load, monkeypatch):
    load("wrong.py")
    monkeypatch.setenv("SECRET_KEY", "")
    with pytest.raises((KeyError, RuntimeError, ValueError)):
        load("wrong.py")


def test_the_lamp_stays_on_for_the_visitor_who_switched_it_on(load):
    client = load("wrong.py").test_client()
    before = client.get("/").text
    client.post("/")
    assert client.get("/").text != before
    assert client.get("/").text == client.get("/").text
