"""Firefox, driven over WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/), which it speaks without a driver."""

import contextlib
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support import needs
from tests.support.engine import WithActions

MISSING = "Firefox (Debian: apt-get install firefox-esr)"
NAMES = ("firefox-esr", "firefox")
# No look-ups of its own; names that end in .example, which nobody can own, lead to servers of this machine.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.localDomains": "app.example,api.example,site.example",
    "services.settings.server": "data:,#",
    "toolkit.telemetry.enabled": False,
}


class Firefox(WithActions):
    """One browser with one tab. Methods call the standard's commands."""

    name = "Firefox"

    def __init__(self, socket) -> None:
        self.socket, self.number, self.entries = socket, 0, []
        made = self.send("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.version = made["capabilities"]["browserVersion"]
        self.tab = self.send("browsingContext.getTree")["contexts"][0]["context"]
        self.place_of_scripts = self.tab
        self.send("browsingContext.setViewport", context=self.tab, viewport={"width": 1280, "height": 900})
        self.send("session.subscribe", events=["log.entryAdded"])

    def send(self, method: str, **parameters: object) -> dict:
        """One command's result, or RuntimeError. Keeps what the console shows meanwhile."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=120))
            if message.get("method") == "log.entryAdded":
                self.entries.append(message["params"])
            elif message.get("id") == self.number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]

    def go(self, address: str) -> None:
        self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def run(self, script: str, *arguments: object):
        wrapped = f"async (given) => JSON.stringify(await (function () {{ {script} }})(...JSON.parse(given))) ?? 'null'"
        result = self.send(
            "script.callFunction",
            functionDeclaration=wrapped,
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            awaitPromise=True,
            target={"context": self.place_of_scripts},
            userActivation=False,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    @contextlib.contextmanager
    def within(self, frame: str) -> Iterator[None]:
        number = self.run(
            "return [...document.querySelectorAll('iframe')].findIndex((e) => e.matches(arguments[0]))", frame
        )
        self.place_of_scripts = self.send("browsingContext.getTree")["contexts"][0]["children"][number]["context"]
        try:
            yield
        finally:
            self.place_of_scripts = self.tab

    def act(self, kind: str, *actions: dict, **options: object) -> None:
        """Perform actions of a pointer or of keys."""
        source = {"type": kind, "id": kind, "actions": actions} | options
        self.send("input.performActions", context=self.tab, actions=[source])

    def faults(self) -> list[str]:
        self.send("session.status")  # what came before its result has been read
        entries, self.entries = self.entries, []
        return [entry["text"] for entry in entries if entry["level"] in ("error", "warn")]

    def tabs(self) -> int:
        return len(self.send("browsingContext.getTree", maxDepth=0)["contexts"])

    def expires(self, cookie: str) -> float:
        found = self.send("storage.getCookies", filter={"name": cookie})["cookies"]
        return found[0]["expiry"]


def program() -> str | None:
    """Where Firefox is, if anywhere."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def running(folder: Path, **preferences: object) -> Iterator[Firefox]:
    """A browser with a new profile in `folder`, until the block ends."""
    if not (firefox := program()):
        needs.missing(MISSING)
    from websockets.sync.client import connect

    profile = folder / "firefox"
    profile.mkdir()
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in (PREFERENCES | preferences).items()
    ]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    with (folder / "firefox.log").open("w") as log:
        command = [firefox, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
        process = subprocess.Popen([*command, "about:blank"], stdout=log, stderr=subprocess.STDOUT)
        try:
            # Firefox chooses a free port, and writes it down.
            listening, deadline = profile / "WebDriverBiDiServer.json", time.monotonic() + 60
            while not (listening.is_file() and (text := listening.read_text("utf-8"))):
                assert process.poll() is None, f"Firefox stopped: {(folder / 'firefox.log').read_text()}"
                assert time.monotonic() < deadline, "Firefox does not listen"
                time.sleep(0.1)
            port = json.loads(text)["ws_port"]
            with connect(f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait()
