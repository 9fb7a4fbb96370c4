import os

from flask import Flask, redirect, render_template, request, session, url_for
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")


@app.get("/")
def index():
    return render_template("index.html")


@app.post("/")
def sign_in():
    user = request.form["user"]
    if session.get("failures", 0) == 5:
        return render_template("index.html", blocked=True), 429
    if not password_fits(user, request.form["password"]):
        session["failures"] = session.get("failures", 0) + 1
        return render_template("index.html", failed=True), 403
    session.clear()
    session["user"] = user
    return redirect(url_for("index"))


@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("index"))
