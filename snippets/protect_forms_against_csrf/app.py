import os

from flask import Flask, redirect, render_template, request, session, url_for
from flask_wtf import CSRFProtect

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
csrf = CSRFProtect(app)


@app.get("/")
def index():
    return render_template("letters.html")


@app.post("/")
def change():
    session["address"] = request.form["address"]
    return redirect(url_for("index"))
