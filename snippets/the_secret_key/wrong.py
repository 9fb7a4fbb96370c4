from flask import Flask, redirect, session, url_for
from forge import forge

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>You are {role}.</p>
<form method="post"><button>Enter as a guest</button></form>
<form method="post" action="/attack">
<button>Send a cookie signed with "dev"</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(role=session.get("role", "nobody"))


@app.post("/")
def enter():
    session["role"] = "a guest"
    return redirect(url_for("index"))


@app.post("/attack")
def attack():
    # Stands for an attacker, who needs nothing of this server for it.
    answer = redirect(url_for("index"))
    answer.set_cookie("session", forge({"role": "the admin"}, "dev"))
    return answer
