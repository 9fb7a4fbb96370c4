"""WebKitGTK, driven over WebDriver (https://www.w3.org/TR/webdriver2/) under a virtual screen."""

import contextlib
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.support import needs, servers

MISSING = "WebKitGTK's driver and Xvfb (Debian: apt-get install webkit2gtk-driver xvfb)"
BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/lib/*/webkit2gtk-4.0/MiniBrowser")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id, by the standard


class WebKit:
    """One browser session. Methods are named as the standard names its commands."""

    def __init__(self, driver: str, browser: str) -> None:
        options = {"binary": browser, "args": ["--automation"]}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.address = driver
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
        """Open an address."""
        self.send("POST", "/frame", {"id": None})
        self.send("POST", "/url", {"url": address})

    def run(self, script: str, *arguments: object):
        """What a script's `return` gives."""
        return self.send("POST", "/execute/sync", {"script": script, "args": arguments})

    def frame(self, selector: str | None) -> None:
        """Look into a frame; into the page itself for None."""
        element = None if selector is None else self.element(selector)
        self.send("POST", "/frame", {"id": element})

    def element(self, selector: str) -> dict:
        """A reference to the element of a CSS selector."""
        return self.send("POST", "/element", {"using": "css selector", "value": selector})

    def click(self, selector: str) -> None:
        """Press the element of a CSS selector, as a pointer does."""
        self.send("POST", f"/element/{self.element(selector)[ELEMENT]}/click")

    def text(self, selector: str) -> str:
        """The visible text of an element."""
        return self.send("GET", f"/element/{self.element(selector)[ELEMENT]}/text")

    def wait(self, condition: str, seconds: float = 60) -> None:
        """Wait until a JavaScript expression is true; AssertionError if it never is."""
        deadline = time.monotonic() + seconds
        while not self.run(f"return Boolean({condition})"):
            assert time.monotonic() < deadline, f"never true in WebKitGTK: {condition}"
            time.sleep(0.1)


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
