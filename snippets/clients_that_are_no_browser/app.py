import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.config.from_prefixed_env()

DRINK = '<form method="post"><button>Drink a cup</button></form>'


@app.get("/")
def index():
    return f"<p>Cups of tea: {session.get('cups', 0)}</p>{DRINK}"


@app.post("/")
def drink():
    session["cups"] = session.get("cups", 0) + 1
    return redirect(url_for("index"))
