import os

from flask import Flask, redirect, render_template, request, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

MESSAGES = {
    "subscribed": ("success", "You have subscribed."),
    "no-at": ("error", "An address needs an @."),
}


@app.get("/")
def index():
    message = MESSAGES.get(request.args.get("message"))
    return render_template("one_message.html", message=message)


@app.post("/")
def subscribe():
    name = "subscribed" if "@" in request.form["address"] else "no-at"
    return redirect(url_for("index", message=name))
