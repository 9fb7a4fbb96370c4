from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Signed in as {user}. Your note: {note}</p>
<form method="post"><input name="note"><button>Keep</button></form>
<p><a href="/sign-in/ada">ada</a> <a href="/sign-in/alan">alan</a>
<a href="/sign-out">Sign out</a></p>
"""


@app.get("/")
def index():
    user, note = session.get("user"), session.get("note")
    return PAGE.format(user=escape(user), note=escape(note))


@app.post("/")
def write():
    session["note"] = request.form["note"]
    return redirect(url_for("index"))


@app.get("/sign-in/<user>")
def sign_in(user):
    session["user"] = user
    return redirect(url_for("index"))


@app.get("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("index"))
