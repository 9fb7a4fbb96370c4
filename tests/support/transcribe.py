"""Take a transcript: put its requests to an app, under a fixed key and a stopped clock, and write down the answers."""

import itertools
import json
import zlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

from flask import Flask
from freezegun.api import FrozenDateTimeFactory
from itsdangerous.encoding import base64_decode

from extensions.transcripts import ANOTHER_VISITOR, BROWSER_CLOSED, FIRST_VISITOR, LATER, Exchange, Step
from live.worker.browser import Browser

# Put before an app: the random tokens that it makes look like random ones, and are the same in each run.
TOKENS = """\
import hashlib, itertools, secrets
numbers = itertools.count()
secrets.token_hex = lambda size=32: hashlib.sha256(b"%d" % next(numbers)).digest()[:size].hex()
"""
# The response headers that the pages talk about.
SHOWN = ("Location", "Set-Cookie")
# What no transcript needs, or what has no fixed order, as Allow.
PLAIN = ("Allow", "Content-Length", "Content-Disposition", "Last-Modified", "Date", "ETag")


def payload(app: Flask, header: str) -> str:
    """The payload of the session cookie that a Set-Cookie header sets, as JSON; "" for any other cookie.

    Flask's tags stay as they are in the cookie (itsdangerous.URLSafeSerializerMixin.load_payload).
    """
    name, _, value = header.partition(";")[0].partition("=")
    if name != app.config["SESSION_COOKIE_NAME"] or value.count(".") < 2:
        return ""
    text = value.rsplit(".", 2)[0]
    data = base64_decode(text.removeprefix("."))
    return json.dumps(json.loads(zlib.decompress(data) if text.startswith(".") else data))


def transcribe(
    app: Flask, parts: list[Exchange | Step], clock: FrozenDateTimeFactory, *, all_headers: bool = False
) -> list[Exchange | Step]:
    """The same requests with the app's answers; each visitor has a cookie jar, redirects are not followed."""
    numbers = itertools.count(1)
    visitor = first = Browser(app, address=f"192.0.2.{next(numbers)}")
    answered: list[Exchange | Step] = []
    for part in parts:
        if isinstance(part, Exchange):
            answered.append(answer(app, visitor, part, all_headers))
            continue
        answered.append(part)
        if part.text == ANOTHER_VISITOR:
            visitor = Browser(app, address=f"192.0.2.{next(numbers)}")
        elif part.text == FIRST_VISITOR:
            visitor = first
        elif part.text == BROWSER_CLOSED:
            visitor.close()
        else:
            number, unit = LATER.match(part.text).groups()
            clock.tick(timedelta(**{f"{unit}s": int(number)}))
    return answered


def answer(app: Flask, visitor: Browser, asked: Exchange, all_headers: bool) -> Exchange:
    """One request with the app's answer. A redirect's body is left out: browsers do not show it."""
    form = parse_qsl(asked.form, keep_blank_values=True) if asked.form else None
    got = visitor.request(asked.method, asked.path, form)
    shown = [(name, value) for name, value in got.headers if name in SHOWN or (all_headers and name not in PLAIN)]
    start = app.config["SESSION_COOKIE_NAME"] + "="
    # Of several session cookies, a browser keeps the last one.
    held = [payload(app, value) for name, value in shown if name == "Set-Cookie" and value.startswith(start)]
    return replace(
        asked,
        status=got.status,
        headers=tuple(f"{name}: {value}" for name, value in shown),
        session=held[-1] if held else "",
        body="" if got.header("Location") else got.body.decode().strip(),
    )
