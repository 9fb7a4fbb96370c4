import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
if not app.secret_key:
    raise RuntimeError("SECRET_KEY is empty")

SWITCH = '<form method="post"><button>Switch</button></form>'


@app.get("/")
def index():
    state = "on" if session.get("lamp") else "off"
    return f"<p>Your lamp is {state}.</p>{SWITCH}"


@app.post("/")
def switch():
    session["lamp"] = not session.get("lamp")
    return redirect(url_for("index"))
