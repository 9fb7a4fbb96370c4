"""The outside addresses to which pages link: one file lists them all, and a command says which no longer work."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.site import sources


class Host(BaseHTTPRequestHandler):
    """A page, one that moved, one that is gone, one that comes too late, one for GET only, and one for people only."""

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(0.8)
            return
        if self.path == "/get-only" and self.command == "HEAD":
            status = 501
        else:
            status = {"/gone": 404, "/moved": 301, "/people": 403}.get(self.path, 200)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/page")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def host():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_file_lists_the_addresses_of_all_pages_and_snippets():
    found = sources.listing(sources.sources())
    assert found.count("\n") > 50
    assert sources.LISTED.read_text("utf-8") == found, "run `python -m tests.site.sources --write`"


def test_an_address_that_a_page_gains_is_missing_in_the_file(tmp_path):
    for folder in ("docs", "snippets/x", "licences"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "licences/parts.toml").write_text('source = "https://c.dev/"\n')
    (tmp_path / "docs/a.md").write_text("See [a](https://a.dev/x_(y)#z), <https://b.dev/>.\n")
    (tmp_path / "snippets/x/app.py").write_text("# https://b.dev/\n")
    assert sources.sources(tmp_path) == {
        "https://a.dev/x_(y)": ["docs/a.md"],
        "https://b.dev/": ["docs/a.md", "snippets/x/app.py"],
        "https://c.dev/": ["licences/parts.toml"],
    }


@pytest.mark.parametrize("host", ["shop.example", "www.example.com", "127.0.0.1:5000", "localhost", "a.test"])
def test_hosts_of_examples_are_no_sources(host):
    assert sources.links(f"http://{host}/x") == set()


@pytest.mark.server
@pytest.mark.parametrize(
    ("path", "broken", "reason"),
    [
        ("/page", False, "200"),
        ("/gone", True, "404"),
        ("/moved", False, "200, moved to {host}/page"),
        ("/slow", True, "no response within 0.3 seconds"),
        ("/get-only", False, "200"),
        ("/people", False, "403, closed to programs: look at it in a browser"),
    ],
)
def test_each_address_gets_a_line_that_says_whether_it_works(host, path, broken, reason):
    assert sources.ask(host + path, 0.3) == sources.Result(host + path, broken, reason.format(host=host))


@pytest.mark.server
def test_an_address_where_nothing_runs_no_longer_works(host):
    result = sources.ask("http://127.0.0.1:9", 0.3)
    assert result.broken
    assert "no response" in result.reason


@pytest.mark.server
def test_the_command_ends_with_1_and_names_what_no_longer_works(host, capsys):
    assert sources.main([f"{host}/page", f"{host}/get-only"]) == 0
    assert capsys.readouterr().out == "0 of 2 addresses no longer work.\n"
    assert sources.main([f"{host}/page", f"{host}/gone"]) == 1
    assert capsys.readouterr().out == f"BROKEN: {host}/gone: 404\n1 of 2 addresses no longer work.\n"


def test_the_weekly_workflow_asks_and_opens_an_issue():
    workflow = (sources.ROOT / ".github/workflows/weekly.yml").read_text("utf-8")
    job = workflow.partition("\n  sources:\n")[2].partition("\n\n")[0]
    assert "python -m tests.site.sources > links.txt" in job
    assert "gh issue create" in job
    assert "--body-file links.txt" in job
