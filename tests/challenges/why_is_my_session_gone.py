"""Tests of the challenges of docs/when-it-goes-wrong/why-is-my-session-gone.md."""


def test_on_127_0_0_1_ada_is_greeted_after_logging_in(load):
    from live.worker.browser import Browser

    visitor = Browser(load("wrong.py"))
    assert b"Hello, Ada!" in visitor.visit("POST", "/")[-1].body


def test_the_redirect_stays_on_the_host_that_was_asked(load):
    client = load("wrong.py").test_client()
    assert client.post("/", base_url="http://127.0.0.1:5000").location == "/"
