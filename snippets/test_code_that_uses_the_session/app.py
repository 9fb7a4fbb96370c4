import os

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

PAGE = """
<p>Hello, {name}!</p>
<form method="post"><label>Name <input name="name" required></label>
<button>Remember me</button></form>
<form method="post" action="/forget"><button>Forget me</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(name=escape(session.get("name", "stranger")))


@app.post("/")
def remember():
    session["name"] = request.form["name"]
    return redirect(url_for("index"))


@app.post("/forget")
def forget():
    session.clear()
    return redirect(url_for("index"))
