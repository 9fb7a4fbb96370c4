import os
import time

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
PAUSE = float(os.environ.get("PAUSE", "0"))

FORMS = """
<form method="post" action="/login">
<input name="name" aria-label="Name"><button>Log in</button></form>
<form method="post" action="/add">
<input name="item" aria-label="Item"><button>Add</button>
<button formaction="/append">Append</button></form>
<form method="post" action="/logout"><button>Log out</button></form>
"""


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    items = escape(", ".join(session.get("items", [])))
    return f"<p>Visits: {session['visits']}. List: {items}</p>{FORMS}"


@app.get("/who")
def who():
    return f"<p>{escape(session.get('name', 'nobody'))}</p>"


@app.get("/about")
def about():
    return "<p>This page doesn't use the session.</p>"


@app.post("/login")
def log_in():
    session["name"] = request.form["name"][:50]
    return redirect(url_for("index"))


@app.post("/add")
def add():
    items = session.get("items", [])
    time.sleep(PAUSE)
    session["items"] = [*items, request.form["item"][:5000]][-9:]
    return redirect(url_for("index"))


@app.post("/append")
def append():
    # Flask doesn't notice a change inside the list.
    session.setdefault("items", []).append(request.form["item"][:5000])
    return redirect(url_for("index"))


@app.post("/logout")
def log_out():
    session.clear()
    return redirect(url_for("index"))
