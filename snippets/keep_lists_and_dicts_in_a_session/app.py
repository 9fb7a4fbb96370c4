import os

from flask import Flask, abort, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

TEAS = "green", "mint"
PAGE = """
<p>Order: {order}. Latest: {latest}.</p>
<form method="post">
<button name="tea" value="green">Green tea</button>
<button name="tea" value="mint">Mint tea</button></form>
"""


@app.get("/")
def index():
    order = [f"{n} {tea}" for tea, n in session.get("order", {}).items()]
    latest = session.get("latest", [])
    return PAGE.format(
        order=escape(", ".join(order)), latest=escape(", ".join(latest))
    )


@app.post("/")
def add():
    tea = request.form["tea"]
    if tea not in TEAS:
        abort(400)
    order = session.get("order", {})
    order[tea] = order.get(tea, 0) + 1
    session["order"] = order
    session["latest"] = [tea, *session.get("latest", [])][:3]
    return redirect(url_for("index"))
