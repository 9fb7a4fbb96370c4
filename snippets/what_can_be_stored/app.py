import os
from decimal import Decimal

from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

VALUES = {
    "pair": (1, 2),
    "names": {1: "one"},
    "price": Decimal("1.10"),
}


@app.get("/")
def index():
    text = ""
    for name, value in VALUES.items():
        text += f"{value!r} -> {session.get(name)!r}\n"
    button = '<form method="post"><button>Store them</button></form>'
    return f"<pre>{escape(text)}</pre>{button}"


@app.post("/")
def store():
    session.update(VALUES)
    return redirect(url_for("index"))
