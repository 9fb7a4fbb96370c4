import os

from flask import Flask, flash, redirect, render_template, request, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    return render_template("letter.html")


@app.post("/")
def subscribe():
    if "@" not in request.form["address"]:
        flash("An address needs an @.", "error")
        return "Something went wrong. Please go back.", 400
    flash("You have subscribed.", "success")
    return redirect(url_for("index"))
