import os

from flask import Flask, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "None"


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return f"Visits: {session['visits']}"


@app.after_request
def let_everybody_read(response):
    response.access_control_allow_origin = "*"
    return response
