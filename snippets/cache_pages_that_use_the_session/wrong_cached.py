import os
import secrets
from functools import lru_cache

from flask import Flask, Response, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    if "visitor" not in session:
        session.permanent = True
        session["visitor"] = secrets.token_hex(4)
    return f"You are visitor {session['visitor']}."


@app.get("/site.css")
@lru_cache
def style():
    return Response("body { color: navy }", mimetype="text/css")
