import os

from flask import Flask, request, session
from flask_session import Session
from models import Order, db


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    app.config["SESSION_TYPE"] = "sqlalchemy"
    app.config["SESSION_SQLALCHEMY"] = db
    db.init_app(app)
    Session(app)
    with app.app_context():
        db.create_all()

    @app.get("/")
    def index():
        return f"Orders: {db.session.query(Order).count()}"

    @app.post("/order")
    def order():
        session["seen"] = True
        db.session.add(Order(items=request.form["items"][:200]))
        if not request.form["items"]:
            return "The cart is empty.", 400
        db.session.commit()
        return "Ordered."

    return app
