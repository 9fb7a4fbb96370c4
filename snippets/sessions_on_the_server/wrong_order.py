import os

from flask import Flask, redirect, request, session, url_for
from flask_session import Session
from markupsafe import escape
from redis import Redis
from users import password_fits

app = Flask(__name__)
app.config["SESSION_TYPE"] = "redis"
app.config["SESSION_REDIS"] = Redis.from_url(os.environ["REDIS_URL"])
Session(app)


@app.get("/")
def index():
    return f"Signed in: {escape(session.get('user', 'nobody'))}"


@app.post("/sign-in")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return "The name or the password is wrong.", 403
    session.clear()
    app.session_interface.regenerate(session)
    session["user"] = user
    return redirect(url_for("index"))
