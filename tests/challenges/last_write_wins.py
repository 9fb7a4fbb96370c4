"""Tests of the challenges of docs/understand/last-write-wins.md."""


def test_both_fruits_of_two_requests_at_once_are_in_the_cart(load):
    client = load("wrong.py").test_client()
    client.get("/")
    client.post("/both")
    assert "Cart: apple, pear" in client.get("/").text


def test_each_visitor_has_a_cart_of_their_own(load):
    app = load("wrong.py")
    client = app.test_client()
    client.get("/")
    client.post("/add", data={"fruit": "pear"})
    assert "Cart: pear" in client.get("/").text
    assert "Cart: empty" in app.test_client().get("/").text


def test_ada_is_logged_in(load):
    client = load("wrong_logout.py").test_client()
    client.post("/login")
    assert "Logged in: Ada" in client.get("/").text


def test_a_logout_stays_while_a_report_loads(load):
    client = load("wrong_logout.py").test_client()
    client.post("/login")
    assert client.post("/both").status_code == 302
    assert "Logged in: nobody" in client.get("/").text


def test_ada_can_log_out(load):
    client = load("wrong_logout.py").test_client()
    client.post("/login")
    client.post("/logout")
    assert "Logged in: nobody" in client.get("/").text


def test_the_report_is_there(load):
    assert "takes a while" in load("wrong_logout.py").test_client().get("/report").text
