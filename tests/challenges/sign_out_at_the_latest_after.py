"""Tests of the challenges of docs/recipes/sign-out-at-the-latest-after.md."""

HOUR = 3600
ADA = {"user": "ada", "password": "lovelace"}
HTTPS = {"base_url": "https://localhost"}
GREETING = "Signed in as ada."


def test_ada_stays_logged_in_for_7_hours_if_she_comes_every_hour(load, clock):
    client = load("wrong.py").test_client()
    client.post("/", data=ADA, **HTTPS)
    for _ in range(7):
        clock.tick(HOUR)
        assert GREETING in client.get("/", **HTTPS).text


def test_after_8_hours_ada_is_logged_out_although_she_came_every_hour(load, clock):
    client = load("wrong.py").test_client()
    client.post("/", data=ADA, **HTTPS)
    for _ in range(8):
        clock.tick(HOUR)
        page = client.get("/", **HTTPS)
    assert page.status_code == 200
    assert GREETING not in page.text


def test_the_next_login_starts_another_8_hours(load, clock):
    client = load("wrong.py").test_client()
    for _ in range(2):
        client.post("/", data=ADA, **HTTPS)
        clock.tick(5 * HOUR)
    assert GREETING in client.get("/", **HTTPS).text


def test_a_wrong_password_logs_nobody_in_and_ada_can_log_out(load):
    client = load("wrong.py").test_client()
    assert client.post("/", data=ADA | {"password": "x"}, **HTTPS).status_code == 403
    client.post("/", data=ADA, **HTTPS)
    client.post("/sign-out", **HTTPS)
    assert GREETING not in client.get("/", **HTTPS).text
