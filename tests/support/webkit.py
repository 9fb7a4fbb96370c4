"""WebKitGTK, driven over WebDriver (https://www.w3.org/TR/webdriver2/) under a virtual screen."""

import contextlib
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.support import needs, servers
from tests.support.engine import WithActions

MISSING = "WebKitGTK's driver and Xvfb (Debian: apt-get install webkit2gtk-driver xvfb)"
BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/lib/*/webkit2gtk-4.0/MiniBrowser")


class WebKit(WithActions):
    """One browser session. Methods send the standard's commands."""

    name = "WebKitGTK"

    def __init__(self, driver: str, browser: str) -> None:
        options = {"binary": browser, "args": ["--automation"]}
        # On a busy machine, Python takes longer to start than a script may take by default.
        limits = {"script": 110_000}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options, "timeouts": limits}}}
        self.address, self.kept = driver, []
        made = self.send("POST", "/session", asked)
        self.address = f"{driver}/session/{made['sessionId']}"
        self.version = made["capabilities"]["browserVersion"]

    def send(self, method: str, path: str, body: dict | None = None):
        """One command's value; urllib.error.HTTPError if the driver reports an error."""
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.address + path, data, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
            return json.load(response)["value"]

    def go(self, address: str) -> None:
        self.kept = self.faults()
        self.send("POST", "/url", {"url": address})

    def run(self, script: str, *arguments: object):
        try:
            return self.send("POST", "/execute/sync", {"script": script, "args": arguments})
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    @contextlib.contextmanager
    def within(self, frame: str) -> Iterator[None]:
        found = self.send("POST", "/element", {"using": "css selector", "value": frame})
        self.send("POST", "/frame", {"id": found})
        try:
            yield
        finally:
            self.send("POST", "/frame", {"id": None})

    def act(self, kind: str, *actions: dict, **options: object) -> None:
        """Perform actions of a pointer or of keys."""
        self.send("POST", "/actions", {"actions": [{"type": kind, "id": kind, "actions": actions} | options]})

    def faults(self) -> list[str]:
        # The driver doesn't hand out the console: first.js keeps on each page what would be there.
        kept, self.kept = self.kept, []
        return kept + self.run("return self.faults?.splice(0) ?? []")

    def tabs(self) -> int:
        return len(self.send("GET", "/window/handles"))

    def expires(self, cookie: str) -> float:
        return self.send("GET", f"/cookie/{cookie}")["expiry"]


@contextlib.contextmanager
def running(folder: Path) -> Iterator[WebKit]:
    """A browser, until the block ends; its programs write their logs into `folder`."""
    browser = next((str(path) for pattern in BROWSERS for path in Path("/").glob(pattern[1:])), None)
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if not (browser and driver and screen):
        needs.missing(MISSING)
    with contextlib.ExitStack() as programs:

        def start(command: list[str], **options: object) -> subprocess.Popen:
            log = programs.enter_context((folder / f"{Path(command[0]).name}.log").open("w"))
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **options)  # type: ignore[call-overload] # options are a dict here
            programs.callback(process.wait)
            programs.callback(process.terminate)
            return process

        reader, writer = os.pipe()
        start([screen, "-displayfd", str(writer), "-screen", "0", "1280x900x24", "-nolisten", "tcp"], pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as line:
            display = f":{line.readline().strip()}"
        port = servers.free_port()
        home = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "DISPLAY": display}
        start([driver, f"--port={port}"], env=os.environ | home | {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"})
        deadline = time.monotonic() + 30
        while not servers.answers(f"http://127.0.0.1:{port}/status"):
            assert time.monotonic() < deadline, "WebKitWebDriver does not answer"
            time.sleep(0.1)
        webkit = WebKit(f"http://127.0.0.1:{port}", browser)
        programs.callback(lambda: webkit.send("DELETE", ""))
        yield webkit
