import os

from flask import Flask, render_template, session
from flask_wtf.csrf import CSRFProtect

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
csrf = CSRFProtect(app)


@app.get("/")
def index():
    return render_template("likes.html")


@app.post("/likes")
@csrf.exempt
def like():
    session["likes"] = session.get("likes", 0) + 1
    return f"Likes: {session['likes']}"
