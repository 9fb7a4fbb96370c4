import os

from flask import (
    Flask,
    flash,
    get_flashed_messages,
    redirect,
    request,
    stream_template,
    url_for,
)

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    get_flashed_messages()
    return stream_template("letter.html")


@app.post("/")
def subscribe():
    if "@" in request.form["address"]:
        flash("You have subscribed.", "success")
    else:
        flash("An address needs an @.", "error")
    return redirect(url_for("index"))
