from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Logged in: {name}, {kind}</p>
<form method="post"><button>Log in as Ada</button></form>
"""


@app.get("/")
def index():
    name = session.get("name", "nobody")
    kind = "permanent" if session.permanent else "not permanent"
    return PAGE.format(name=escape(name), kind=kind)


@app.post("/")
def enter():
    session.permanent = True
    session.clear()
    session["name"] = "Ada"
    return redirect(url_for("index"))
