from flask import Flask, redirect, session, url_for
from markupsafe import escape
from overlap import overlapping

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Logged in: {name}</p>
<form method="post" action="/login">
<button>Log in as Ada</button>
<button formaction="/logout">Log out</button>
<button formaction="/both">Log out while a report loads</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(name=escape(session.get("name", "nobody")))


@app.post("/login")
def login():
    session.clear()
    session["name"] = "Ada"
    session.permanent = True
    return redirect(url_for("index"))


@app.post("/logout")
def logout():
    session.clear()
    return redirect(url_for("index"))


@app.get("/report")
def report():
    return "This page takes a while and never uses the session."


@app.post("/both")
def both():
    # The report was requested first, but its response arrives last.
    return overlapping(("POST", "/logout", None), ("GET", "/report", None))
