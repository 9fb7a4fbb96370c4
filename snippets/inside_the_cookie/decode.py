import base64
import json
import zlib
from datetime import UTC, datetime


def from_base64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decode(cookie):
    payload, timestamp, signature = cookie.rsplit(".", 2)
    data = from_base64(payload.lstrip("."))
    if payload.startswith("."):
        data = zlib.decompress(data)
    seconds = int.from_bytes(from_base64(timestamp), "big")
    return {
        "values": json.loads(data),
        "signed": datetime.fromtimestamp(seconds, UTC),
        "signature": from_base64(signature).hex(),
    }
