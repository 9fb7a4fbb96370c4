import os

import users
from flask import Flask, redirect, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.config["REMEMBER_COOKIE_SECURE"] = True
app.config["REMEMBER_COOKIE_SAMESITE"] = "Lax"
login_manager = LoginManager(app)

FORMS = """
<form method="post" action="/sign-in">
<input name="user" aria-label="Name">
<input name="password" type="password" aria-label="Password">
<button>Sign in and remember me</button></form>
<form method="post" action="/sign-out"><button>Sign out</button></form>
"""


class User(UserMixin):
    def __init__(self, row):
        self.name = row["name"]
        self.id = row["token"]


@login_manager.user_loader
def load_user(token):
    row = users.by_token(token)
    return User(row) if row else None


@app.get("/")
def index():
    name = current_user.name if current_user.is_authenticated else "nobody"
    return f"<p>Signed in as {escape(name)}.</p>{FORMS}"


@app.post("/sign-in")
def sign_in():
    row = users.check(request.form["user"], request.form["password"])
    if row is None:
        return "The name or the password is wrong.", 403
    login_user(User(row), remember=True)
    return redirect(url_for("index"))


# --8<-- [start:sign_out]
@app.post("/sign-out")
def sign_out():
    logout_user()
    session.clear()
    return redirect(url_for("index"))


# --8<-- [end:sign_out]
