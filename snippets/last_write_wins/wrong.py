from flask import Flask, redirect, request, session, url_for
from markupsafe import escape
from overlap import overlapping

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add">
<button name="fruit" value="apple">Add an apple</button>
<button name="fruit" value="pear">Add a pear</button>
<button formaction="/both">Add both at once</button></form>
"""


@app.get("/")
def index():
    cart = ", ".join(session.get("cart", []))
    return PAGE.format(cart=escape(cart or "empty"))


@app.post("/add")
def add():
    fruit = "pear" if request.form.get("fruit") == "pear" else "apple"
    # At most ten, since a cookie has room for 4096 bytes.
    session["cart"] = [*session.get("cart", []), fruit][-10:]
    return redirect(url_for("index"))


@app.post("/both")
def both():
    return overlapping(
        ("POST", "/add", {"fruit": "apple"}),
        ("POST", "/add", {"fruit": "pear"}),
    )
