import os

import users
from flask import Flask, redirect, render_template, request, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")


def signed_in():
    return users.by_token(session.get("token"))


@app.get("/")
def index():
    return render_template("home.html", user=signed_in())


@app.post("/sign-in")
def sign_in():
    user = users.check(request.form["user"], request.form["password"])
    if user is None:
        return render_template("home.html", failed=True), 403
    session.clear()
    session["token"] = user["token"]
    return redirect(url_for("index"))


@app.post("/password")
def change_password():
    user = signed_in()
    if user is None:
        return redirect(url_for("index"))
    if users.check(user["name"], request.form["password"]) is None:
        return render_template("home.html", user=user, failed=True), 403
    new = request.form["new"]
    if len(new) < 8:
        return render_template("home.html", user=user, short=True), 400
    session["token"] = users.change_password(user["name"], new)
    return redirect(url_for("index"))


@app.post("/sign-out-everywhere")
def sign_out_everywhere():
    if user := signed_in():
        users.end_sessions(user["name"])
    session.clear()
    return redirect(url_for("index"))
