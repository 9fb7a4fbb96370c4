import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask.sessions import (
    SecureCookieSessionInterface,
    session_json_serializer,
)
from itsdangerous import BadSignature


def fernet(key):
    """Make the key for encryption from a secret key, which must be random."""
    if isinstance(key, str):
        key = key.encode()
    derived = HKDF(SHA256(), length=32, salt=None, info=b"session cookie")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key)))


class EncryptingSerializer:
    """Encrypts with the first key, and decrypts with any of them."""

    def __init__(self, keys):
        self.fernet = MultiFernet([fernet(key) for key in keys])

    def dumps(self, values):
        text = session_json_serializer.dumps(values)
        return self.fernet.encrypt(text.encode()).decode()

    def loads(self, cookie, max_age):
        try:
            text = self.fernet.decrypt(cookie.encode(), ttl=max_age)
        except InvalidToken:
            raise BadSignature("changed, too old, or of another key") from None
        return session_json_serializer.loads(text.decode())


class EncryptedSessions(SecureCookieSessionInterface):
    """Flask's sessions in a cookie that only the server can read."""

    def get_signing_serializer(self, app):
        if not app.secret_key:
            return None
        fallbacks = app.config["SECRET_KEY_FALLBACKS"] or []
        return EncryptingSerializer([app.secret_key, *fallbacks])
