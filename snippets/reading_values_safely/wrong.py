from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

BUTTON = '<form method="post"><button>Choose green</button></form>'


@app.get("/")
def index():
    return f"<p>Your color: {session['color']}</p>{BUTTON}"


@app.post("/")
def choose():
    session["color"] = "green"
    return redirect(url_for("index"))
