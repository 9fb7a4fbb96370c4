import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.before_request
def require_login():
    if "user" not in session:
        return redirect(url_for("log_in"))
    return None


@app.get("/")
def index():
    return "The page for users"


@app.get("/login")
def log_in():
    return "The login form"
