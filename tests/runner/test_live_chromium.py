"""The cookie jar of live/worker/browser.py keeps and sends what Chromium keeps and sends."""

import contextlib
import http.server
import threading
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from live.worker.browser import Browser, Refused

pytestmark = pytest.mark.browser

HEADERS = [
    "a=1",
    "a=1; Path=/",
    "a=1; Path=/x",
    "a=1; Path=/x/",
    "a=1; Path=relative",
    "a=1; Path=/; Path=/x",
    'a="quoted value"; Path=/',
    "a=b=c; Path=/",
    " a = spaced ; Path=/",
    "a=; Path=/",
    "lonely; Path=/",
    "=nameless; Path=/",
    "=; Path=/",
    "a=1; Secure; Path=/",
    "a=1; SameSite=None; Path=/",
    "a=1; SameSite=None; Secure; Path=/",
    "a=1; SameSite=Strict; Path=/",
    "a=1; Partitioned; Path=/",
    "__Host-a=1; Secure; Path=/",
    "__Host-a=1; Path=/",
    "__Host-a=1; Secure; Path=/x",
    "__host-a=1; Path=/",
    "__Secure-a=1; Secure; Path=/",
    "__Secure-a=1; Path=/",
    "a=1; Max-Age=100; Path=/",
    "a=1; Max-Age=0; Path=/",
    "a=1; Max-Age=-1; Path=/",
    "a=1; Max-Age=soon; Path=/",
    "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",
    "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=100; Path=/",
    "a=1; Expires=soon; Path=/",
    "a=1; Domain=other.example; Path=/",
    "a=1; HttpOnly; Path=/",
    "a=" + "x" * 4095 + "; Path=/",
    "a=" + "x" * 4096 + "; Path=/",
    "a=1; Path=/" + "x" * 1024,
]
PATHS = ["/", "/x", "/x/y", "/xy"]


class Echo(http.server.BaseHTTPRequestHandler):
    """Sets the cookie that the query asks for, and answers with the cookies that came."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        for header in parse_qs(urlsplit(self.path).query).get("set", []):
            self.send_header("Set-Cookie", header)
        self.end_headers()
        self.wfile.write(self.headers.get("Cookie", "").encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def echo():
    """The address of an Echo. On localhost Chromium treats HTTP as it treats HTTPS elsewhere."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://localhost:{host.server_port}"
        host.shutdown()


def test_the_jar_sends_what_chromium_sends(page, echo):
    page.goto(f"{echo}/x/start")
    differences = []
    for header in HEADERS:
        page.context.clear_cookies()
        page.evaluate("path => fetch(path).then(answer => answer.text())", f"/x/start?set={quote(header)}")
        chromium = page.evaluate(
            "paths => Promise.all(paths.map(path => fetch(path).then(answer => answer.text())))", PATHS
        )
        jar = Browser(None, "https://localhost")
        with contextlib.suppress(Refused):
            jar.receive(header, "/x/start")
        ours = [jar.cookie_header(path) or "" for path in PATHS]
        if ours != chromium:
            differences.append((header[:80], [text[:40] for text in ours], [text[:40] for text in chromium]))
    assert differences == []
