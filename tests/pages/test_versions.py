"""Tests of docs/reference/versions.md."""

from importlib.metadata import version

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface


@pytest.fixture(scope="session")
def environments():
    """An environment for each version: see tests/support/environments.py."""
    from tests.support import environments, needs

    if missing := environments.missing():
        needs.missing(missing)
    return environments


@pytest.fixture
def changes(environments):
    """The versions in which an observation changes, with what is observed there: see tests/versions/probe.py."""
    return environments.changes


def test_this_version_sends_vary_after_a_look(client):
    assert client.get("/").text.startswith(f"Flask {version('flask')} sends Vary: Cookie after a look,")
    assert client.get("/look").headers["Vary"] == "Cookie"
    with client.session_transaction() as session:
        session["name"] = "Ada"
    assert client.get("/look").text == "known"


def test_this_version_signs_with_the_new_key(app, client):
    assert client.get("/").text.endswith("signs with the new key.")
    signs_with = app.view_functions["index"].__globals__["signs_with"]
    assert not signs_with("another key")

    # The app would also say what earlier versions do.
    class WithTheOldestKey(SecureCookieSessionInterface):
        def get_signing_serializer(self, signing):
            earlier = Flask("earlier")
            earlier.secret_key = (signing.config["SECRET_KEY_FALLBACKS"] or [signing.secret_key])[-1]
            return super().get_signing_serializer(earlier)

    app.session_interface = WithTheOldestKey()
    app.view_functions["look"] = lambda: "unknown"
    assert client.get("/").text.endswith(" sends Vary: nothing after a look, and signs with an old key.")


@pytest.mark.process
@pytest.mark.slow
def test_looking_for_a_key_sends_vary_since_3_1_3(changes):
    assert changes("vary_after_in") == {"2.2.5": None, "3.1.3": "Cookie"}
    assert changes("vary_after_len") == {"2.2.5": None, "3.1.3": "Cookie"}


@pytest.mark.process
@pytest.mark.slow
def test_follow_redirects_leaves_the_last_session_since_3_1_2(changes):
    assert changes("session_after_redirects") == {"2.2.5": False, "3.1.2": True}


@pytest.mark.process
@pytest.mark.slow
def test_fallbacks_sign_with_the_new_key_since_3_1_1_and_with_the_oldest_in_3_1_0(changes):
    assert changes("signs_with") == {"2.2.5": ["new"], "3.1.0": ["older"], "3.1.1": ["new"]}


@pytest.mark.process
@pytest.mark.slow
def test_fallbacks_are_read_since_3_1_0(changes):
    assert changes("reads_with_fallbacks") == {"2.2.5": False, "3.1.0": True}


@pytest.mark.process
@pytest.mark.slow
def test_partitioned_is_sent_since_3_1_0(changes):
    assert changes("partitioned") == {"2.2.5": False, "3.1.0": True}


@pytest.mark.process
@pytest.mark.slow
def test_the_two_settings_have_defaults_since_3_1_0(changes):
    both = ["SECRET_KEY_FALLBACKS", "SESSION_COOKIE_PARTITIONED"]
    assert changes("settings") == {"2.2.5": [], "3.1.0": both}


@pytest.mark.process
@pytest.mark.slow
def test_merging_into_the_session_is_saved_since_werkzeug_3_1(changes):
    assert changes("merging") == {"2.2.5": False, "3.1.0": True}


@pytest.mark.process
@pytest.mark.slow
def test_a_json_provider_needs_no_object_hook_since_3_0_1(changes):
    assert changes("other_json_provider") == {"2.2.5": "{' t': [1, 2]}", "3.0.1": "(1, 2)"}


@pytest.mark.process
@pytest.mark.slow
def test_flask_has_no_escape_since_3_0_0(changes):
    assert changes("escape") == {"2.2.5": True, "3.0.0": False}


@pytest.mark.process
@pytest.mark.slow
def test_a_refreshed_cookie_comes_with_vary_in_2_2_5_and_since_2_3_2(changes):
    assert changes("vary_when_refreshed") == {"2.2.5": "Cookie", "2.3.0": None, "2.3.2": "Cookie"}


@pytest.mark.process
@pytest.mark.slow
def test_server_name_sets_no_domain_since_2_3_0(changes):
    assert changes("domain") == {"2.2.5": "Domain=.example.com", "2.3.0": "no Domain"}


@pytest.mark.process
@pytest.mark.slow
def test_app_has_no_session_cookie_name_since_2_3_0(changes):
    assert changes("session_cookie_name") == {"2.2.5": True, "2.3.0": False}


@pytest.mark.process
@pytest.mark.slow
def test_the_test_client_has_get_cookie_since_werkzeug_2_3(changes):
    assert changes("cookie_methods") == {"2.2.5": False, "2.3.0": True}


@pytest.mark.process
@pytest.mark.slow
def test_flask_2_2_5_has_no_test_client_with_werkzeug_3(environments):
    seen = environments.observed("flask-2.2.5-werkzeug-3")
    assert seen["required_werkzeug"] == "Werkzeug (>=2.2.2)"
    assert seen["answer"] == "200 OK"
    assert seen["test_client"] == "AttributeError: module 'werkzeug' has no attribute '__version__'"


@pytest.mark.process
@pytest.mark.slow
def test_redirect_sends_302_in_all_of_them(changes):
    assert changes("redirect") == {"2.2.5": 302}


@pytest.mark.process
@pytest.mark.slow
def test_the_first_error_ends_teardown_in_all_of_them(changes):
    assert changes("teardown") == {"2.2.5": ["ahead of the error"]}


@pytest.mark.process
@pytest.mark.slow
def test_the_contexts_are_two_classes_in_all_of_them(changes):
    assert changes("contexts") == {"2.2.5": 2}
