import os
from datetime import timedelta

from flask import Blueprint, Flask, redirect, request, session, url_for
from markupsafe import escape
from models import Order, db
from store import DatabaseSessions

shop = Blueprint("shop", __name__)

PAGE = """
<p>Cart: {cart}. Orders: {orders}.</p>
<form method="post" action="/cart">
<input name="item" aria-label="Item"><button>Add</button></form>
<form method="post" action="/order"><button>Order</button></form>
<form method="post" action="/leave"><button>Leave</button></form>
"""


def create_app():
    app = Flask(__name__)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"],
        PERMANENT_SESSION_LIFETIME=timedelta(hours=8),
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    db.init_app(app)
    app.session_interface = DatabaseSessions(app, permanent=False)
    app.register_blueprint(shop)
    # With Flask-Migrate, leave this out: a migration makes the tables.
    with app.app_context():
        db.create_all()
    return app


@shop.get("/")
def index():
    cart = escape(", ".join(session.get("cart", []))) or "empty"
    return PAGE.format(cart=cart, orders=db.session.query(Order).count())


@shop.post("/cart")
def add():
    item = request.form["item"][:50]
    session["cart"] = [*session.get("cart", []), item][-20:]
    return redirect(url_for("shop.index"))


@shop.post("/order")
def order():
    cart = session.get("cart", [])
    db.session.add(Order(items=", ".join(cart)))
    if not cart:
        return "The cart is empty.", 400
    db.session.commit()
    session["cart"] = []
    return redirect(url_for("shop.index"))


@shop.post("/leave")
def leave():
    session.clear()
    return redirect(url_for("shop.index"))
