import os
import secrets

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    number = len(session.get("photos", []))
    return f'Photos: {number} <form method="post"><button>Add</button></form>'


@app.post("/")
def add():
    thumbnail = secrets.token_urlsafe(900)
    session["photos"] = [*session.get("photos", []), thumbnail]
    return redirect(url_for("index"))
