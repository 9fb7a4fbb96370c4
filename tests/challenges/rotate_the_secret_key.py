"""Tests of the challenges of docs/recipes/rotate-the-secret-key.md."""


def test_a_cookie_that_was_signed_with_no_key_is_rejected(load):
    client = load("wrong.py").test_client()
    assert client.post("/").status_code == 302
    assert "Cups of tea: 0" in client.get("/").text


def test_a_cookie_that_was_signed_with_an_old_key_is_accepted(load, monkeypatch):
    old = load("wrong.py")
    old.secret_key = "the old key"  # noqa: S105
    client = old.test_client()
    with client.session_transaction() as session:
        session["cups"] = 3
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", "the-older-key the-old-key")
    app = load("wrong.py")
    old.secret_key = "the-old-key"  # noqa: S105
    with client.session_transaction() as session:
        session["cups"] = 3
    visitor = app.test_client()
    visitor.set_cookie("session", client.get_cookie("session").value)
    assert "Cups of tea: 3" in visitor.get("/").text
