from datetime import timedelta

from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(minutes=90)

PAGE = """
<p>{state}</p>
<form method="post">
<button name="kind" value="non-permanent">Begin a session</button>
<button name="kind" value="permanent">Begin a permanent session</button>
</form>
"""


@app.get("/")
def index():
    kind = session.get("kind")
    return PAGE.format(state=f"Still here: {kind}" if kind else "No session")


@app.post("/")
def begin():
    session.clear()
    if request.form["kind"] == "permanent":
        session.permanent = True
        session["kind"] = "permanent"
    else:
        session["kind"] = "non-permanent"
    return redirect(url_for("index"))
