"""Tests of docs/recipes/clients-that-are-no-browser.md."""

import http.cookiejar
import json
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import needs

NEWMAN = Path("node_modules/newman/bin/newman.js").resolve()
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@pytest.fixture
def curl_program():
    """Leave the test out where there is no curl."""
    if not shutil.which("curl"):
        needs.missing("curl (Debian: apt-get install curl)")


@pytest.fixture
def newman(tmp_path):
    """A run of requests in Postman's runner: the bodies of their responses. A request has a method and headers."""
    if not NEWMAN.is_file():
        needs.missing("node_modules/newman: run `npm ci`")

    def run(address, *requests):
        items = [
            {
                "name": method,
                "request": {
                    "method": method,
                    "url": address,
                    "header": [{"key": name, "value": value} for name, value in headers.items()],
                },
            }
            for method, headers in requests
        ]
        collection, report = tmp_path / "collection.json", tmp_path / "report.json"
        collection.write_text(json.dumps({"info": {"name": "Tea", "schema": SCHEMA}, "item": items}))
        options = ["--reporters", "json", "--reporter-json-export", report]
        subprocess.run(["node", NEWMAN, "run", collection, *options], check=True, capture_output=True)
        executions = json.loads(report.read_text())["run"]["executions"]
        return [bytes(one["response"]["stream"]["data"]).decode() for one in executions]

    return run


@pytest.fixture
def run(folder):
    """The function `drink` of a client in the page's folder."""
    return lambda name: runpy.run_path(str(folder / name))["drink"]


@pytest.fixture
def secure_address(app, serve):
    """The address of the page's app, served over plain HTTP; its cookie is Secure."""
    return f"http://127.0.0.1:{serve(app)}/"


@pytest.fixture
def address(monkeypatch, load, serve):
    """The address of the page's app, whose cookie isn't Secure, as the page starts it for requests and httpx."""
    monkeypatch.setenv("FLASK_SESSION_COOKIE_SECURE", "false")
    return f"http://127.0.0.1:{serve(load('app.py'))}/"


@pytest.fixture
def printed(folder, address, monkeypatch, capsys, tmp_path):
    """The number of cups that a client of the page's folder prints, run as a program in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def printed(name):
        program = (folder / name).read_text("utf-8").replace("http://127.0.0.1:5000/", address)
        exec(program, {"__name__": "__main__"})  # noqa: S102
        return cups(capsys.readouterr().out)

    return printed


def curl(*options):
    """What curl prints."""
    return subprocess.run(["curl", "--silent", *options], capture_output=True, text=True).stdout


def cups(text):
    """The number of cups on the page."""
    return int(text.partition("Cups of tea: ")[2].partition("<")[0])


def test_reading_sends_no_cookie(client):
    assert "session=" in client.post("/").headers["Set-Cookie"]
    for _ in range(3):
        response = client.get("/")
        assert cups(response.text) == 1
        assert "Set-Cookie" not in response.headers


@pytest.mark.server
def test_a_session_of_requests_keeps_the_cookie(run, address, printed):
    import requests

    drink = run("client_requests.py")
    assert [cups(drink(address, number)) for number in (1, 3)] == [1, 3]
    assert printed("client_requests.py") == 3
    for number in (0, 1):
        with pytest.raises(requests.HTTPError, match="404"):
            drink(f"{address}missing", number)


@pytest.mark.server
def test_without_a_session_each_call_of_requests_is_a_new_visitor(address):
    import requests

    for _ in range(3):
        assert cups(requests.post(address, timeout=10).text) == 1
        assert cups(requests.get(address, timeout=10).text) == 0


@pytest.mark.server
def test_a_client_of_httpx_keeps_the_cookie(run, address, printed):
    import httpx

    drink = run("client_httpx.py")
    assert [cups(drink(address, number)) for number in (1, 3)] == [1, 3]
    assert printed("client_httpx.py") == 3
    for number in (0, 1):
        with pytest.raises(httpx.HTTPStatusError, match="404"):
            drink(f"{address}missing", number)


@pytest.mark.server
def test_without_a_client_each_call_of_httpx_is_a_new_visitor(address):
    import httpx

    for _ in range(3):
        assert "session" in httpx.post(address).cookies
        assert cups(httpx.get(address).text) == 0


@pytest.mark.server
def test_httpx_follows_redirects_only_if_asked(address):
    import httpx

    assert httpx.post(address).status_code == 302
    assert httpx.post(address, follow_redirects=True).status_code == 200


@pytest.mark.process
@pytest.mark.usefixtures("curl_program")
def test_curl_keeps_the_cookie_in_its_file(folder, address):
    script = ["sh", "-e", folder / "client_curl.sh", address]
    assert cups(subprocess.run(script, capture_output=True, text=True, check=True).stdout) == 3


@pytest.mark.process
@pytest.mark.usefixtures("curl_program")
@pytest.mark.parametrize(("options", "seen"), [("", [0, 0]), ("-b", [0, 0]), ("-c", [0, 0]), ("-b -c", [1, 2])])
def test_curl_with_only_one_of_its_options_loses_the_session(address, tmp_path, options, seen):
    files = [part for option in options.split() for part in (option, str(tmp_path / "jar"))]
    found = []
    for _ in range(2):
        curl(*files, "-d", "", address)
        found.append(cups(curl(*files, address)))
    assert found == seen


@pytest.mark.process
@pytest.mark.usefixtures("curl_program")
def test_curl_repeats_the_post_after_a_redirect_if_the_method_is_given(address, tmp_path):
    jar = str(tmp_path / "jar")
    curl("-b", jar, "-c", jar, "-L", "--max-redirs", "3", "-X", "POST", address)
    assert cups(curl("-b", jar, address)) == 4
    jar = str(tmp_path / "another")
    assert cups(curl("-b", jar, "-c", jar, "-L", "-d", "", address)) == 1


POST, GET = ("POST", {}), ("GET", {})


@pytest.mark.process
def test_newman_keeps_the_cookie_during_one_run(newman, address):
    for _ in range(2):
        assert [cups(body) for body in newman(address, GET, POST, POST, GET, GET)] == [0, 1, 2, 2, 2]


@pytest.mark.process
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_newman_sends_a_secure_cookie_to_its_own_computer(newman, secure_address, host):
    address = secure_address.replace("127.0.0.1", host)
    assert [cups(body) for body in newman(address, POST, GET)] == [1, 1]


@pytest.mark.process
def test_in_newman_a_cookie_header_of_your_own_hides_the_newer_cookie(newman, address):
    import requests

    own = requests.post(address, timeout=10, allow_redirects=False).cookies["session"]
    with_header = ("GET", {"Cookie": f"session={own}"})
    assert [cups(body) for body in newman(address, POST, POST, POST, with_header, GET)] == [1, 2, 3, 1, 3]


@pytest.mark.server
def test_after_a_redirect_the_cookie_is_in_the_first_response(address):
    import requests

    response = requests.post(address, timeout=10)
    assert len(response.cookies) == 0
    assert "session" in response.history[0].cookies
    with requests.Session() as visitor:
        visitor.post(address, timeout=10)
        assert "session" in visitor.cookies


@pytest.mark.server
def test_wrong_client_loses_the_session_after_each_read(run, address, printed):
    drink = run("wrong_client.py")
    assert [cups(drink(address, number)) for number in (1, 3, 6)] == [1, 1, 1]
    assert printed("wrong_client.py") == 1


@pytest.mark.server
@pytest.mark.parametrize("name", ["client_requests.py", "client_httpx.py"])
def test_requests_and_httpx_do_not_send_a_secure_cookie_over_http(run, secure_address, name):
    assert cups(run(name)(secure_address, 3)) == 0


@pytest.mark.server
def test_requests_and_httpx_have_the_cookie_in_their_jars(secure_address):
    import httpx
    import requests

    for make in (requests.Session, httpx.Client):
        with make() as visitor:
            visitor.post(secure_address)
            assert "session" in visitor.cookies
            assert "Cookie" not in visitor.get(secure_address).request.headers


@pytest.mark.process
@pytest.mark.usefixtures("curl_program")
def test_curl_sends_a_secure_cookie_to_its_own_computer(folder, secure_address):
    for host in ("127.0.0.1", "localhost"):
        script = ["sh", "-e", folder / "client_curl.sh", secure_address.replace("127.0.0.1", host)]
        assert cups(subprocess.run(script, capture_output=True, text=True, check=True).stdout) == 3


@pytest.mark.process
@pytest.mark.usefixtures("curl_program")
def test_curl_does_not_keep_a_secure_cookie_of_another_host(secure_address, tmp_path):
    jar, port = str(tmp_path / "jar"), secure_address.rpartition(":")[2].strip("/")
    to = ["--resolve", f"shop.example:{port}:127.0.0.1", "-b", jar, "-c", jar]
    curl(*to, "-d", "", f"http://shop.example:{port}/")
    assert cups(curl(*to, f"http://shop.example:{port}/")) == 0


@pytest.mark.server
@pytest.mark.parametrize("name", ["client_requests.py", "client_httpx.py"])
def test_without_secure_requests_and_httpx_send_the_cookie(run, address, name):
    assert cups(run(name)(address, 3)) == 3


@pytest.mark.server
def test_the_next_run_continues_the_session(run, address, printed, tmp_path):
    import requests

    file = str(tmp_path / "cookies.txt")
    assert [cups(run("client_file.py")(address, file)) for _ in range(3)] == [1, 2, 3]
    assert [printed("client_file.py") for _ in range(2)] == [4, 5]
    with pytest.raises(requests.HTTPError, match="404"):
        run("client_file.py")(f"{address}missing", file)


@pytest.mark.server
def test_without_ignore_discard_the_file_is_empty(address, tmp_path):
    import requests

    jar = http.cookiejar.MozillaCookieJar(tmp_path / "cookies.txt")
    with requests.Session() as visitor:
        visitor.cookies = jar
        visitor.post(address, timeout=10)
    assert len(jar) == 1
    jar.save()
    assert "session" not in (tmp_path / "cookies.txt").read_text()


@pytest.mark.process
@pytest.mark.usefixtures("curl_program")
def test_curl_and_python_ignore_such_a_cookie_in_the_file_of_the_other(run, address, tmp_path):
    file = str(tmp_path / "python.txt")
    run("client_file.py")(address, file)
    assert "session" in (tmp_path / "python.txt").read_text()
    assert cups(curl("-b", file, address)) == 0
    file = str(tmp_path / "curl.txt")
    curl("-c", file, "-d", "", address)
    assert cups(curl("-b", file, address)) == 1
    assert cups(run("client_file.py")(address, file)) == 1


@pytest.mark.server
def test_a_copy_of_the_file_is_the_same_visitor(run, address, tmp_path):
    file, copy = tmp_path / "cookies.txt", tmp_path / "copy.txt"
    run("client_file.py")(address, str(file))
    copy.write_text(file.read_text())
    assert cups(run("client_file.py")(address, str(copy))) == 2


@pytest.mark.server
def test_a_cookie_header_of_your_own_stays_as_it_is(address):
    import requests

    first = requests.post(address, timeout=10, allow_redirects=False).cookies["session"]
    header = {"Cookie": f"session={first}"}
    for _ in range(3):
        requests.post(address, headers=header, timeout=10, allow_redirects=False)
        assert cups(requests.get(address, headers=header, timeout=10).text) == 1
