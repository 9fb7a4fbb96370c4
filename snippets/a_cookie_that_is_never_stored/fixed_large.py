import os
import secrets
from collections import defaultdict

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
albums = defaultdict(list)  # stands in for a database table


@app.get("/")
def index():
    number = len(albums[session["album"]]) if "album" in session else 0
    return f'Photos: {number} <form method="post"><button>Add</button></form>'


@app.post("/")
def add():
    album = session.setdefault("album", secrets.token_hex(8))
    albums[album].append(secrets.token_urlsafe(900))
    return redirect(url_for("index"))
