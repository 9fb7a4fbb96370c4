from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add"><button>Add an apple</button></form>
<form method="post" action="/keep"><button>Make it permanent</button></form>
"""


@app.get("/")
def index():
    cart = ", ".join(session.get("cart", []))
    return PAGE.format(cart=escape(cart or "empty"))


@app.post("/add")
def add():
    session.setdefault("cart", []).append("apple")
    return redirect(url_for("index"))


@app.post("/keep")
def keep():
    session.permanent = True
    return redirect(url_for("index"))
