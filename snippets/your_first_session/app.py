from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Your color: {color}</p>
<form method="post"><button>Choose green</button></form>
"""


# --8<-- [start:read]
@app.get("/")
def index():
    color = session.get("color", "none yet")
    return PAGE.format(color=escape(color))


# --8<-- [end:read]
# --8<-- [start:write]
@app.post("/")
def choose():
    session["color"] = "green"
    return redirect(url_for("index"))


# --8<-- [end:write]
