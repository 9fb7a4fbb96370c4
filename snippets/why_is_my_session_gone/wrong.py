import os

from flask import Flask, redirect, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    name = session.get("name", "stranger")
    return (
        f'Hello, {name}! <form method="post"><button>Sign in</button></form>'
    )


@app.post("/")
def sign_in():
    session["name"] = "Ada"
    return redirect("http://localhost:5000/")
