from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add"><button>Add an apple</button></form>
<form method="post" action="/keep"><button>Make it permanent</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(cart=", ".join(session.get("cart", [])) or "empty")


@app.post("/add")
def add():
    session.setdefault("cart", []).append("apple")
    return redirect(url_for("index"))


@app.post("/keep")
def keep():
    session.permanent = True
    return redirect(url_for("index"))
