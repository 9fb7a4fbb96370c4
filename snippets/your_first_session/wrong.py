from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Your color: {color}</p>
<form method="post"><button>Choose green</button></form>
"""


@app.get("/")
def index():
    color = session.get("color", "none yet")
    return PAGE.format(color=escape(color))


@app.post("/")
def choose():
    values = dict(session)
    values["color"] = "green"
    return redirect(url_for("index"))
