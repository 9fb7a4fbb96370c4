import secrets

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
# Stand in for the café's books and for a database table.
sales = {"cards": 0, "coffees": 0}
points = {}

PAGE = """
<p>Points left: {points}</p>
<p>Cards sold: {cards}. Coffees served: {coffees}.</p>
<form method="post" action="/card">
<button>Buy a card with 10 points</button>
<button formaction="/coffee">Pay 5 points for a coffee</button>
<button formaction="/copy">Copy the cookie</button>
<button formaction="/back">Put the copy back</button></form>
"""


@app.get("/")
def index():
    left = points.get(session.get("card"), "no card")
    return PAGE.format(points=escape(left), **sales)


@app.post("/card")
def card():
    session["card"] = secrets.token_hex(16)
    points[session["card"]] = 10
    sales["cards"] += 1
    return redirect(url_for("index"))


@app.post("/coffee")
def coffee():
    number = session.get("card")
    if points.get(number, 0) >= 5:
        points[number] -= 5
        sales["coffees"] += 1
    return redirect(url_for("index"))


@app.post("/copy")
def copy():
    # Simulates the browser's own tools, which can copy any cookie ...
    response = redirect(url_for("index"))
    response.set_cookie("copy", request.cookies.get("session", ""))
    return response


@app.post("/back")
def back():
    # ... and can put the copy back.
    response = redirect(url_for("index"))
    response.set_cookie("session", request.cookies.get("copy", ""))
    return response
