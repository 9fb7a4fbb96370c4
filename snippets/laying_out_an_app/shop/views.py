from secrets import token_hex

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    session,
    url_for,
)

from . import models

shop = Blueprint("shop", __name__)
MOST = 20  # products in a basket, which must fit into a cookie


@shop.get("/")
def index():
    products, orders = models.products(), models.count_orders()
    return render_template("index.html", products=products, orders=orders)


@shop.get("/basket")
def basket():
    chosen = models.chosen(session.get("numbers", []))
    return render_template("basket.html", products=chosen)


# --8<-- [start:add]
@shop.post("/basket/<int:number>")
def add(number):
    numbers = session.get("numbers", [])
    if not models.chosen([number]):
        abort(404)
    if len(numbers) >= MOST:
        abort(400, f"A basket has room for {MOST} products.")
    session.setdefault("basket", token_hex(8))
    session["numbers"] = [*numbers, number]
    return redirect(url_for("shop.index"))


# --8<-- [end:add]
@shop.post("/order")
def order():
    if "basket" in session:
        models.place_order(session["basket"], session["numbers"])
        del session["basket"], session["numbers"]
    return redirect(url_for("shop.index"))
