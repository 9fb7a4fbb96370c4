from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
app.config["SESSION_PERMANENT"] = True
app.config["PERMANENT_SESSION_LIFETIME"] = 14400

BUTTON = '<form method="post"><button>Buy a ticket</button></form>'


@app.get("/")
def index():
    ticket = escape(session.get("ticket", "none"))
    return f"<p>Ticket: {ticket}</p>{BUTTON}"


@app.post("/")
def buy():
    session["ticket"] = "four hours"
    return redirect(url_for("index"))
