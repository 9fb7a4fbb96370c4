"""What the page shows of an exchange and of a session cookie, as JSON can hold it."""

import base64
import copy
import dataclasses
import json
import re
import time

from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, bytes_to_int
from werkzeug.http import parse_options_header

# How HTML names its encoding, within its first bytes: <meta charset=...>, or the same inside of a content attribute.
META_CHARSET = re.compile(rb"""<meta[^>]+?charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
BODY_LIMIT = 2_000_000  # bytes shown of a response


def plain_exchange(exchange):
    """Return an exchange as JSON can hold it: the body as "text", or "base64" if it is none.

    Text in another encoding than UTF-8 is "base64" with its "charset": the page knows what browsers make of it.
    """
    plain = dataclasses.asdict(exchange)
    body = plain.pop("body")
    kind, options = parse_options_header(exchange.header("Content-Type"))
    if len(body) > BODY_LIMIT:
        plain["note"] = f"Only the first 2 MB of this response's {len(body) / 1e6:.0f} MB are shown."
        body = body[:BODY_LIMIT]
    if kind.startswith("text/") or kind in ("", "application/json", "application/javascript"):
        charset = options.get("charset") or _named_within(kind, body)
        if charset.lower() in ("", "utf-8", "utf8"):
            plain["text"] = body.decode("utf-8", "replace").removeprefix("\ufeff")
        else:
            plain["charset"] = charset
    if "text" not in plain:
        plain["base64"] = base64.b64encode(body).decode()
    return plain | {"code": exchange.code, "type": kind}


def _named_within(kind, body):
    """Return the encoding that a document names itself: by a byte order mark, or in HTML by a meta element."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16le" if body.startswith(b"\xff") else "utf-16be"
    found = kind == "text/html" and META_CHARSET.search(body[:1024])
    return found[1].decode() if found else ""


def read_session(browser):
    """Take the session cookie of the browser's app apart, with the app's own serializer.

    Returns None without such a cookie. Otherwise a dict: "name", "value", "expires" (as in Cookie),
    "opaque" (True if it is no signed cookie but, say, a server-side session's id; nothing else
    follows then), "payload" (what the JSON in the cookie says, Flask's type tags as they are), "signed" and
    "refused" (epoch seconds: the server takes the cookie up to and including the latter), "holds"
    (whether the signature does) and "accepted" (whether the app would take the cookie now).
    An unreadable cookie has no payload and no times.
    """
    app = browser.app
    if app is None:
        return None
    interface = app.session_interface
    if not hasattr(interface, "get_cookie_name"):
        return None
    name = interface.get_cookie_name(app)
    cookie = next((c for c in browser.cookies if c.name == name), None)
    if cookie is None:
        return None
    facts = {"name": name, "value": cookie.value, "expires": cookie.expires}
    if not hasattr(interface, "get_signing_serializer"):
        return facts | {"opaque": True}
    facts |= {"opaque": False, "holds": False, "accepted": False}
    serializer = interface.get_signing_serializer(app)
    try:
        payload, stamp, _ = cookie.value.encode().rsplit(b".", 2)
        # Given to load_payload, the plain JSON would be swallowed: URLSafeSerializerMixin doesn't pass it on.
        reader = copy.copy(serializer) or URLSafeTimedSerializer("")
        reader.serializer, reader.is_text_serializer = json, True
        facts["payload"] = reader.load_payload(payload)
        facts["signed"] = bytes_to_int(base64_decode(stamp))
        facts["refused"] = facts["signed"] + int(app.permanent_session_lifetime.total_seconds())
    except Exception:  # any bytes may stand in a cookie
        return facts
    if serializer:
        try:
            serializer.loads(cookie.value)
            facts["holds"] = True
        except BadSignature:
            pass
        facts["accepted"] = facts["holds"] and time.time() < facts["refused"] + 1
    return facts
