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


@lru_cache
def colors():
    return "body { color: navy }"


@app.get("/site.css")
def style():
    return Response(colors(), mimetype="text/css")
