import os
from datetime import timedelta

from flask import Flask, redirect, render_template, request, session, url_for
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    PERMANENT_SESSION_LIFETIME=timedelta(minutes=15),
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
)


@app.get("/")
def index():
    return render_template("warning.html")


@app.post("/")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return render_template("warning.html", failed=True), 403
    session.clear()
    session.permanent = True
    session["user"] = user
    return redirect(url_for("index"))


@app.post("/stay")
def stay():
    return "", 204 if "user" in session else 401


@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("index"))
