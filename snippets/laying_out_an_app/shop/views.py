from flask import Blueprint, redirect, render_template, session, url_for

from . import models

shop = Blueprint("shop", __name__)


@shop.get("/")
def index():
    products, orders = models.products(), models.count_orders()
    return render_template("index.html", products=products, orders=orders)


@shop.get("/basket")
def basket():
    chosen = models.chosen(session.get("basket", []))
    return render_template("basket.html", products=chosen)


# --8<-- [start:add]
@shop.post("/basket/<int:number>")
def add(number):
    session["basket"] = [*session.get("basket", []), number]
    return redirect(url_for("shop.index"))


# --8<-- [end:add]
@shop.post("/order")
def order():
    if numbers := session.pop("basket", []):
        models.place_order(numbers)
    return redirect(url_for("shop.index"))
