import pytest


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "for tests only")
    from app import app

    app.testing = True
    return app.test_client()
