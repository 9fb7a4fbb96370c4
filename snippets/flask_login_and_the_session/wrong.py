import os
from datetime import timedelta

import users
from flask import Flask, redirect, render_template, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
)

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
    REMEMBER_COOKIE_SECURE=True,
    REMEMBER_COOKIE_SAMESITE="Lax",
    REMEMBER_COOKIE_DURATION=timedelta(days=30),
)
login_manager = LoginManager(app)
login_manager.login_view = login_manager.refresh_view = "index"


class User(UserMixin):
    def __init__(self, row):
        self.name = row["name"]
        self.token = row["token"]

    def get_id(self):
        return self.token


@login_manager.user_loader
def load_user(token):
    row = users.by_token(token)
    return User(row) if row else None


def end_session():
    logout_user()
    session.clear()


@app.get("/")
def index():
    return render_template("home.html")


@app.post("/sign-in")
def sign_in():
    row = users.check(request.form["user"], request.form["password"])
    if row is None:
        return render_template("home.html", failed=True), 403
    end_session()
    login_user(User(row), remember="remember" in request.form)
    return redirect(url_for("index"))


@app.get("/payments")
@fresh_login_required
def payments():
    return f"The card of {current_user.name} ends in 1815."


@app.post("/sign-out")
def sign_out():
    end_session()
    return redirect(url_for("index"))


@app.post("/sign-out-everywhere")
@login_required
def sign_out_everywhere():
    users.end_sessions(current_user.name)
    end_session()
    return redirect(url_for("index"))
