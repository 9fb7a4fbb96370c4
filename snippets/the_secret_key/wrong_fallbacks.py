import os

from flask import Flask, redirect, session, url_for
from forge import forge
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SECRET_KEY_FALLBACKS"] = "a long old key"


@app.get("/")
def index():
    role = escape(session.get("role", "nobody"))
    button = '<form method="post"><button>Sign with one letter</button></form>'
    return f"<p>You are {role}.</p>{button}"


@app.post("/")
def attack():
    # Simulates Eve, who would do this on her own computer.
    response = redirect(url_for("index"))
    response.set_cookie("session", forge({"role": "the admin"}, "k"))
    return response
