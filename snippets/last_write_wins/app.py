import secrets
from collections import defaultdict

from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"
carts = defaultdict(list)  # stands for a table of a database

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
    return PAGE.format(cart=", ".join(cart) or "empty")


@app.post("/take")
def take():
    session["cart"] = secrets.token_hex(8)
    return redirect(url_for("index"))


@app.post("/add")
def add():
    fruit = "pear" if request.form["fruit"] == "pear" else "apple"
    if "cart" in session:
        carts[session["cart"]].append(fruit)
    return redirect(url_for("index"))
