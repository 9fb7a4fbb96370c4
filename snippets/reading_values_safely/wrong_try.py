from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

BUTTON = '<form method="post"><button>Choose green</button></form>'


@app.get("/")
def index():
    try:
        color = session.get("color")
    except KeyError:
        color = "none yet"
    return f"<p>Your color: {escape(color)}</p>{BUTTON}"


@app.post("/")
def choose():
    session["color"] = "green"
    return redirect(url_for("index"))
