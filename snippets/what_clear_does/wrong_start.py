from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Steps: {steps}</p>
<form method="post"><button>One step more</button></form>
"""


@app.get("/")
def index():
    session.clear()
    session["steps"] = session.get("steps", 0)
    return PAGE.format(steps=escape(session["steps"]))


@app.post("/")
def step():
    session["steps"] = session.get("steps", 0) + 1
    return redirect(url_for("index"))
