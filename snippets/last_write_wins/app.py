import secrets
from collections import defaultdict, deque

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
# Stands in for a database table. A cart keeps its last ten fruits.
carts = defaultdict(lambda: deque(maxlen=10))

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add">
<button formaction="/take">Take a cart</button>
<button name="fruit" value="apple">Add an apple</button>
<button name="fruit" value="pear">Add a pear</button></form>
"""


@app.get("/")
def index():
    cart = carts[session["cart"]] if "cart" in session else ["none yet"]
    return PAGE.format(cart=escape(", ".join(cart) or "empty"))


@app.post("/take")
def take():
    session["cart"] = secrets.token_hex(16)
    return redirect(url_for("index"))


@app.post("/add")
def add():
    fruit = "pear" if request.form.get("fruit") == "pear" else "apple"
    if "cart" in session:
        carts[session["cart"]].append(fruit)
    return redirect(url_for("index"))
