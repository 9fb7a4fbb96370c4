"""The requests with which a page compares a wrong app and the right one: live/page/compare/requests.json.

An app that isn't there gets the requests of its transcript. For the others, `requests` is a list. Each is a string such
as "POST /\\nname=Ada", a step between two, or a pair: what the wrong app gets, and what the right one gets (null for
nothing). `why` is said to readers. An app is `single`, with the reason, if its right one does something else: then no
page compares it.
"""

import functools
import json
from pathlib import Path

LIST = Path(__file__).parents[1] / "live/page/compare/requests.json"


@functools.cache
def chosen() -> dict[str, dict]:
    """What the list says of each wrong app, by its path in snippets/."""
    return json.loads(LIST.read_text("utf-8"))


def single(app: str) -> str:
    """Why a wrong app is compared with no other, or ""."""
    return chosen().get(app, {}).get("single", "")
