import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["APPLICATION_ROOT"] = "/shop"


@app.get("/")
def index():
    name = session.get("name", "stranger")
    return f'Hello, {name}! <form method="post"><button>Go</button></form>'


@app.post("/")
def sign_in():
    session["name"] = "Ada"
    return redirect(url_for("index"))
