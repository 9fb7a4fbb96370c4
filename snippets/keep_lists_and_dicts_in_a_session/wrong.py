import os

from flask import Flask, abort, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

TEAS = "green", "mint"
PAGE = """
<p>Order: {order}.</p>
<form method="post">
<button name="tea" value="green">Green tea</button>
<button name="tea" value="mint">Mint tea</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(order=escape(", ".join(session.get("order", []))))


@app.post("/")
def add():
    tea = request.form["tea"]
    if tea not in TEAS:
        abort(400)
    session.setdefault("order", []).append(tea)
    return redirect(url_for("index"))
