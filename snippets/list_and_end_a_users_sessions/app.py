import os
import time

import devices
from flask import Flask, redirect, render_template, request, session, url_for
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.config["ONE_SESSION_PER_USER"] = False


def this_device():
    return devices.by_token(session.get("token"))


@app.get("/")
def index():
    here = this_device()
    if here is None:
        return render_template("home.html")
    return render_template(
        "home.html",
        here=here,
        devices=devices.of(here["user"]),
        online=devices.online(),
        now=time.time(),
    )


@app.post("/sign-in")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return render_template("home.html", failed=True), 403
    if here := this_device():
        devices.end(here["user"], here["number"])
    name = request.form.get("device") or request.user_agent.string
    only = app.config["ONE_SESSION_PER_USER"]
    session.clear()
    session["token"] = devices.add(user, name, only)
    return redirect(url_for("index"))


@app.post("/end")
def end():
    if here := this_device():
        devices.end(here["user"], request.form["number"])
    return redirect(url_for("index"))


@app.post("/sign-out")
def sign_out():
    if here := this_device():
        devices.end(here["user"], here["number"])
    session.clear()
    return redirect(url_for("index"))
