from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add"><button>Add an apple</button></form>
<form method="post" action="/empty"><button>Empty the cart</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(cart=", ".join(session.get("cart", [])) or "empty")


# --8<-- [start:add]
@app.post("/add")
def add():
    session["cart"] = [*session.get("cart", []), "apple"]
    return redirect(url_for("index"))


# --8<-- [end:add]
@app.post("/empty")
def empty():
    session.pop("cart", None)
    return redirect(url_for("index"))
