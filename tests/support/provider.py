"""A small OpenID Connect provider, for tests: it knows one client, and logs everybody in as the user that is set.

It checks what a real one checks: the client, the address to return to, the code, which is good once, and PKCE (S256).
"""

import base64
import contextlib
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "shop", "the secret of the tests"  # noqa: S105
PAGE = '<form action="/approve"><input type="hidden" name="query" value="{}"><button>Continue as Ada</button></form>'


class Provider:
    """One provider. `front` is the address at which browsers see it, `address` the one that the app's server uses."""

    def __init__(self, address: str = "") -> None:
        self.address = self.front = address
        self.codes: dict[str, MultiDict] = {}
        self.reset()
        self.app = Flask(__name__, static_folder=None)
        add = self.app.add_url_rule
        add("/.well-known/openid-configuration", view_func=self.metadata)
        add("/authorize", view_func=self.authorize)
        add("/approve", view_func=self.approve)
        add("/token", view_func=self.token, methods=["POST"])
        add("/keys", view_func=lambda: {"keys": [self.key.as_dict(private=False)]}, endpoint="keys")

    def reset(self) -> None:
        """What a test may set, as it is at first."""
        self.front = self.address
        self.returns = {"http://localhost/callback", "https://localhost/callback"}
        self.asks = False  # show a page with a button, as at the first login
        self.subject, self.name = "ada-1815", "Ada"
        self.claims: dict[str, object] = {}  # what differs in the next id_token
        self.key = self.signs = ECKey.generate_key("P-256", {"kid": "1"})

    def metadata(self) -> dict:
        """What Authlib loads first."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.front}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["ES256"],
        }

    def authorize(self) -> object:
        """The page at which the user logs in to the provider; who is logged in there is sent back at once."""
        if request.args["client_id"] != CLIENT_ID:
            return "unknown client", 400
        if request.args["redirect_uri"] not in self.returns:
            return "redirect_uri_mismatch", 400
        if self.asks:
            return PAGE.format(request.query_string.decode().replace("&", "&amp;"))
        return self.back(request.args)

    def approve(self) -> Response:
        """The press of the button."""
        from urllib.parse import parse_qsl

        return self.back(MultiDict(parse_qsl(request.args["query"])))

    def back(self, asked: MultiDict) -> Response:
        """To the app, with a code."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")  # type: ignore[return-value]

    def token(self) -> tuple[Response, int]:
        """The tokens for a code."""
        login, sent = request.authorization, request.form
        if not login or (login.username, login.password) != (CLIENT_ID, CLIENT_SECRET):
            return jsonify(error="invalid_client"), 401
        asked = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["redirect_uri"] != sent["redirect_uri"]
            or asked.get("code_challenge", challenge) != challenge
        ):
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "sub": self.subject, "name": self.name, "iat": now}
        claims |= {"exp": now + 600, "nonce": asked.get("nonce")} | self.claims
        signed = jwt.encode({"alg": "ES256", "kid": "1"}, claims, self.signs)
        tokens = {"access_token": "of the access", "refresh_token": "of the refresh", "id_token": signed}
        return jsonify(tokens | {"token_type": "Bearer", "expires_in": 600}), 200


@contextlib.contextmanager
def running() -> Iterator[Provider]:
    """A provider on a free port of 127.0.0.1, until the block ends."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app, threaded=True)
    provider.address = provider.front = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
