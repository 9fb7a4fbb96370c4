from datetime import timedelta

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(minutes=90)

PAGE = """
<p>{state}</p>
<form method="post">
<button name="kind" value="non-permanent">Start a session</button>
<button name="kind" value="permanent">Start a permanent session</button>
</form>
"""


@app.get("/")
def index():
    kind = session.get("kind")
    state = f"Still here: {kind}" if kind else "No session"
    return PAGE.format(state=escape(state))


@app.post("/")
def start():
    session.clear()
    if request.form.get("kind") == "permanent":
        session.permanent = True
        session["kind"] = "permanent"
    else:
        session["kind"] = "non-permanent"
    return redirect(url_for("index"))
