import os

import users
from flask import Flask, redirect, render_template, request, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")


@app.get("/")
def index():
    user = users.by_name(session.get("user"))
    return render_template("home.html", user=user)


@app.post("/sign-in")
def sign_in():
    user = users.check(request.form["user"], request.form["password"])
    if user is None:
        return render_template("home.html", failed=True), 403
    session.clear()
    session["user"] = user["name"]
    return redirect(url_for("index"))


@app.post("/password")
def change_password():
    user = users.check(session.get("user"), request.form["password"])
    if user is None:
        return render_template("home.html", failed=True), 403
    new = request.form["new"]
    if len(new) < 8:
        return render_template("home.html", user=user, short=True), 400
    users.change_password(user["name"], new)
    return redirect(url_for("index"))


@app.post("/sign-out-everywhere")
def sign_out_everywhere():
    session.clear()
    return redirect(url_for("index"))
