import os

from flask import Flask, redirect, request, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SECURE"] = True


@app.get("/")
def index():
    name = session.get("name", "stranger")
    return f'Hello, {name}! <form method="post"><button>Go</button></form>'


@app.post("/")
def sign_in():
    session["name"] = "Ada"
    return redirect(request.base_url)
