from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add"><button>Add an apple</button></form>
<form method="post" action="/empty"><button>Empty the cart</button></form>
"""


@app.get("/")
def index():
    cart = ", ".join(session.get("cart", []))
    return PAGE.format(cart=escape(cart or "empty"))


# --8<-- [start:add]
@app.post("/add")
def add():
    # At most ten, since a cookie has room for 4096 bytes.
    session["cart"] = [*session.get("cart", []), "apple"][-10:]
    return redirect(url_for("index"))


# --8<-- [end:add]
@app.post("/empty")
def empty():
    session.pop("cart", None)
    return redirect(url_for("index"))
