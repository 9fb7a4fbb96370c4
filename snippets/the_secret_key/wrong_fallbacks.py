import os

from flask import Flask, redirect, session, url_for
from forge import forge

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SECRET_KEY_FALLBACKS"] = "a long old key"


@app.get("/")
def index():
    role = session.get("role", "nobody")
    button = '<form method="post"><button>Sign with one letter</button></form>'
    return f"<p>You are {role}.</p>{button}"


@app.post("/")
def attack():
    answer = redirect(url_for("index"))
    answer.set_cookie("session", forge({"role": "the admin"}, "k"))
    return answer
