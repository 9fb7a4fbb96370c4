from flask import Flask, redirect, session, url_for
from forge import forge
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # known to everyone

PAGE = """
<p>You are {role}.</p>
<form method="post"><button>Enter as a guest</button></form>
<form method="post" action="/attack">
<button>Send a cookie signed with "dev"</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(role=escape(session.get("role", "nobody")))


@app.post("/")
def enter():
    session["role"] = "a guest"
    return redirect(url_for("index"))


@app.post("/attack")
def attack():
    # Simulates Eve, who would do this on her own computer.
    response = redirect(url_for("index"))
    response.set_cookie("session", forge({"role": "the admin"}, "dev"))
    return response
