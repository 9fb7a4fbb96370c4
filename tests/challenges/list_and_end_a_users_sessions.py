"""Tests of the challenges of docs/recipes/list-and-end-a-users-sessions.md."""

ADA = {"user": "ada", "password": "lovelace"}
HTTPS = {"base_url": "https://localhost"}


def test_a_user_who_logged_in_is_in_the_list(load):
    client = load("wrong.py").test_client()
    assert "Online: nobody" in client.get("/", **HTTPS).text
    client.post("/sign-in", data=ADA, **HTTPS)
    assert "Online: ada" in client.get("/", **HTTPS).text


def test_a_user_who_logged_out_on_one_of_two_devices_stays_in_the_list(load):
    app = load("wrong.py")
    phone, laptop = app.test_client(), app.test_client()
    for device in (phone, laptop):
        device.post("/sign-in", data=ADA, **HTTPS)
    phone.post("/sign-out", **HTTPS)
    assert "Online: ada" in laptop.get("/", **HTTPS).text
    laptop.post("/sign-out", **HTTPS)
    assert "Online: nobody" in laptop.get("/", **HTTPS).text


def test_a_wrong_password_adds_nobody(load):
    client = load("wrong.py").test_client()
    assert client.post("/sign-in", data=ADA | {"password": "x"}, **HTTPS).status_code == 403
    assert "Online: nobody" in client.get("/", **HTTPS).text
