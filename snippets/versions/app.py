import os
from importlib.metadata import version

from flask import Flask, session
from itsdangerous import BadSignature

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SECRET_KEY_FALLBACKS"] = ["dev: the key of last year"]


@app.get("/")
def index():
    client = app.test_client()
    vary = client.get("/look").headers.get("Vary", "nothing")
    key = "the new key" if signs_with(app.secret_key) else "an old key"
    name = f"Flask {version('flask')}"
    return f"{name} sends Vary: {vary} after a look, and signs with {key}."


@app.get("/look")
def look():
    return "known" if "name" in session else "unknown"


def signs_with(key):
    cookie = app.session_interface.get_signing_serializer(app).dumps({})
    judge = Flask(__name__)
    judge.secret_key = key
    try:
        judge.session_interface.get_signing_serializer(judge).loads(cookie)
    except BadSignature:
        return False
    return True
