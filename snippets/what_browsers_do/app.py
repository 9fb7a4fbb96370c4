import os

from flask import Flask, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
# flask --debug run serves http, where WebKitGTK rejects Secure cookies.
app.config["SESSION_COOKIE_SECURE"] = not app.debug


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return f"Visits: {session['visits']}"
