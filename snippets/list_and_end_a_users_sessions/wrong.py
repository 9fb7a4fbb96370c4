import os

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
online = set()


@app.get("/")
def index():
    names = escape(", ".join(sorted(online)) or "nobody")
    return f"""
<p>Online: {names}</p>
<form method="post" action="/sign-in">
<input name="user" aria-label="Name">
<input name="password" type="password" aria-label="Password">
<button>Sign in</button></form>
<form method="post" action="/sign-out"><button>Sign out</button></form>
"""


@app.post("/sign-in")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return "The name or the password is wrong.", 403
    session.clear()
    session["user"] = user
    online.add(user)
    return redirect(url_for("index"))


@app.post("/sign-out")
def sign_out():
    online.discard(session.get("user"))
    session.clear()
    return redirect(url_for("index"))
