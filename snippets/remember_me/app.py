import os
from datetime import timedelta

from flask import Flask, redirect, render_template, request, session, url_for
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    PERMANENT_SESSION_LIFETIME=timedelta(days=30),
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
)


@app.get("/")
def index():
    return render_template("index.html")


@app.post("/")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return render_template("index.html", failed=True), 403
    session.clear()
    session.permanent = "remember" in request.form
    session["user"] = user
    return redirect(url_for("index"))


@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("index"))
