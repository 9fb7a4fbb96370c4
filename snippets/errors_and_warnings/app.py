import os

from flask import Flask, request, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

VALUES = {
    "a set": {1, 2},
    "mixed keys": {1: "one", "two": 2},
    "too much": [n * n for n in range(2000)],
}
BUTTON = '<button name="value" value="{0}">{0}</button> '
FORM = f'<form method="post">{"".join(map(BUTTON.format, VALUES))}</form>'


@app.get("/")
def index():
    return FORM


@app.post("/")
def store():
    session["value"] = VALUES[request.form["value"]]
    return "The view function has returned."
