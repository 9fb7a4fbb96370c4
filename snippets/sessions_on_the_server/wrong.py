import os

from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_TYPE"] = "redis"

PAGE = """
<p>Card: {kept}</p>
<form method="post"><input name="card" aria-label="Card">
<button>Keep</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(kept="kept" if "card" in session else "unknown")


@app.post("/")
def keep():
    session["card"] = request.form["card"]
    return redirect(url_for("index"))
