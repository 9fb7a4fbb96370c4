import os
import time

from flask import Flask, redirect, render_template, request, session, url_for
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")

# --8<-- [start:limits]
LIMITS = {"ada": 15 * 60}
OTHERS = 8 * 60 * 60


@app.before_request
def sign_out_in_time():
    limit = LIMITS.get(session.get("user"), OTHERS)
    age = time.time() - session.get("signed_in_at", 0)
    if "user" in session and age >= limit:
        session.clear()


# --8<-- [end:limits]


@app.get("/")
def index():
    return render_template("index.html")


@app.post("/")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return render_template("index.html", failed=True), 403
    session.clear()
    session["user"] = user
    session["signed_in_at"] = int(time.time())
    return redirect(url_for("index"))


@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("index"))
