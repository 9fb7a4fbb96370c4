import os

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

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
    session.setdefault("order", []).append(request.form["tea"])
    return redirect(url_for("index"))
