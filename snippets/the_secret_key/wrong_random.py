import secrets

from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = secrets.token_hex()


@app.get("/")
def index():
    role = escape(session.get("role", "nobody"))
    button = '<form method="post"><button>Enter as a guest</button></form>'
    return f"<p>You are {role}.</p>{button}"


@app.post("/")
def enter():
    session["role"] = "a guest"
    return redirect(url_for("index"))
