import hashlib

from flask.sessions import SecureCookieSessionInterface


class Sha256Sessions(SecureCookieSessionInterface):
    digest_method = staticmethod(hashlib.sha256)
