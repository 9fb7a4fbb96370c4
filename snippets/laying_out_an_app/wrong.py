from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
prices = {"apples": 3}
FORM = """
<form method="post"><button>Buy apples</button>
<button formaction="/price">Raise</button></form>
"""


@app.get("/")
def index():
    total = session.get("apples", 0)
    return f"<p>Price: {prices['apples']}. To pay: {total}.</p>{FORM}"


@app.post("/")
def buy():
    session["apples"] = prices["apples"]
    return redirect(url_for("index"))


@app.post("/price")
def raise_price():
    prices["apples"] = 5
    return redirect(url_for("index"))
