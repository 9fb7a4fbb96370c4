import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
prices = {"apples": 3}  # stands in for a database table

PAGE = """
<p>Apples cost {price}. Your basket: {total}.</p>
<form method="post" action="/basket">
<button>Put apples into the basket</button>
<button formaction="/price">Raise the price to 5</button></form>
"""


@app.get("/")
def index():
    total = session.get("apples", 0)
    return PAGE.format(price=prices["apples"], total=total)


@app.post("/basket")
def add():
    session["apples"] = prices["apples"]
    return redirect(url_for("index"))


@app.post("/price")
def raise_price():
    prices["apples"] = 5
    return redirect(url_for("index"))
