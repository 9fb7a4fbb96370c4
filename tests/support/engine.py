"""What each driven browser can do: tests/support/chromium.py, firefox.py and webkit.py drive one each."""

import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager

# The middle of an element, in a frame if one is named, once nothing covers it; null before that.
PLACE = """const [selector, frame] = arguments;
const outer = frame && document.querySelector(frame);
const page = frame ? outer?.contentDocument : document;
const element = page?.querySelector(selector);
if (!element) return null;
element.scrollIntoView({ block: "center", behavior: "instant" });
outer?.scrollIntoView({ block: "center", behavior: "instant" });
const middle = (rect) => [rect.left + rect.width / 2, rect.top + rect.height / 2];
const inside = middle(element.getClientRects()[0] ?? new DOMRect());
const hit = page.elementFromPoint(...inside);
if (!element.contains(hit) && !hit?.contains(element)) return null;
const frameAt = outer?.getBoundingClientRect();
return outer ? [inside[0] + frameAt.left + outer.clientLeft, inside[1] + frameAt.top + outer.clientTop] : inside;"""


class Engine(ABC):
    """A browser with one tab. Tests are written once, and run in each."""

    name: str
    version: str

    @abstractmethod
    def go(self, address: str) -> None:
        """Open an address and wait until it is loaded."""

    @abstractmethod
    def run(self, script: str, *arguments: object):
        """What the `return` of a script gives, which is awaited. It finds `arguments`."""

    @abstractmethod
    def within(self, frame: str) -> AbstractContextManager[None]:
        """Run scripts in a frame, which may be of another site, until the block ends."""

    @abstractmethod
    def press_at(self, x: float, y: float) -> None:
        """Press the pointer at a place of the window."""

    @abstractmethod
    def tap_at(self, x: float, y: float) -> None:
        """Touch a place of the window."""

    @abstractmethod
    def keys(self, text: str) -> None:
        """Press the keys of a text."""

    @abstractmethod
    def faults(self) -> list[str]:
        """The errors and warnings that the console has shown since this was asked last."""

    @abstractmethod
    def tabs(self) -> int:
        """How many tabs and windows are open."""

    @abstractmethod
    def expires(self, cookie: str) -> float:
        """When a cookie that the page can have expires, in seconds since 1970."""

    def click(self, selector: str, frame: str | None = None) -> None:
        """Press the middle of an element, as a pointer does; of an element of a frame if one is named."""
        self.press_at(*self.place(selector, frame))

    def tap(self, selector: str, frame: str | None = None) -> None:
        """Touch the middle of an element, as a finger does."""
        self.tap_at(*self.place(selector, frame))

    def place(self, selector: str, frame: str | None = None) -> list[float]:
        """The middle of an element, once it has come to rest and nothing covers it."""
        at = [None]

        def rests() -> list[float] | None:
            at.append(self.run(PLACE, selector, frame))
            return at[-1] if at[-1] == at[-2] else None

        return self.until(rests, f"can be pressed: {selector}")

    def type(self, selector: str, text: str, frame: str | None = None) -> None:
        """Press an element, then the keys of a text."""
        self.click(selector, frame)
        self.keys(text)

    def text(self, selector: str) -> str:
        """The visible text of an element."""
        return self.run("return document.querySelector(arguments[0])?.innerText", selector)

    def wait(self, condition: str, seconds: float = 60) -> None:
        """Wait until a JavaScript expression is true; AssertionError if it never is."""
        self.until(lambda: self.run(f"return Boolean({condition})"), condition, seconds)

    def until(self, found, what: str, seconds: float = 60):
        """The first value of `found()` that is true; AssertionError if there is none in time."""
        deadline = time.monotonic() + seconds
        while not (value := found()):
            assert time.monotonic() < deadline, f"never true in {self.name} {self.version}: {what}"
            time.sleep(0.1)
        return value


class WithActions(Engine):
    """A browser whose protocol knows WebDriver's actions (https://www.w3.org/TR/webdriver2/#actions)."""

    @abstractmethod
    def act(self, kind: str, *actions: dict, **options: object) -> None:
        """Perform actions of a pointer or of keys."""

    def press_at(self, x: float, y: float, kind: str = "mouse") -> None:
        self.act(
            "pointer",
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
            parameters={"pointerType": kind},
        )

    def tap_at(self, x: float, y: float) -> None:
        self.press_at(x, y, "touch")

    def keys(self, text: str) -> None:
        self.act("key", *({"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")))
