import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
old_keys = os.environ.get("SECRET_KEY_FALLBACKS", "")
app.config["SECRET_KEY_FALLBACKS"] = old_keys.split()

DRINK = '<form method="post"><button>Drink a cup</button></form>'


@app.get("/")
def index():
    return f"<p>Cups of tea: {session.get('cups', 0)}</p>{DRINK}"


@app.post("/")
def drink():
    session["cups"] = session.get("cups", 0) + 1
    return redirect(url_for("index"))
