import os

from flask import Flask, render_template, session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
csrf = CSRFProtect(app)


@app.get("/")
def index():
    return render_template("likes.html")


@app.post("/likes")
def like():
    session["likes"] = session.get("likes", 0) + 1
    return f"Likes: {session['likes']}"


@app.get("/csrf-token")
def csrf_token():
    return generate_csrf(), {"Cache-Control": "no-store"}


@app.errorhandler(CSRFError)
def explain(error):
    return error.description, 400
