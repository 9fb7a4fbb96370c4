"""Decodes a session cookie without checking its signature.

Anyone can write such a cookie, so never trust what decode() returns.
"""

import base64
import json
import zlib
from datetime import datetime, timezone

# In bytes. Decompressed, a payload can be a thousand times as long.
LIMIT = 20_000


def from_base64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decode(cookie):
    """Return the parts of a session cookie, or None if it can't be one."""
    try:
        payload, timestamp, signature = cookie.rsplit(".", 2)
        data = from_base64(payload.removeprefix("."))
        if payload.startswith("."):
            data = zlib.decompressobj().decompress(data, LIMIT)
        values = json.loads(data)
        if not isinstance(values, dict):
            return None
        seconds = int.from_bytes(from_base64(timestamp), "big")
        return {
            "values": values,
            "signed": datetime.fromtimestamp(seconds, timezone.utc),
            "signature": from_base64(signature).hex(),
        }
    except (ValueError, OverflowError, OSError, RecursionError, zlib.error):
        return None
