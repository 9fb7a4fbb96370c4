import os

from flask import Flask, flash, redirect, request, stream_template, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    return stream_template("letter.html")


@app.post("/")
def subscribe():
    if "@" in request.form["address"]:
        flash("You have subscribed.", "success")
    else:
        flash("An address needs an @.", "error")
    return redirect(url_for("index"))
