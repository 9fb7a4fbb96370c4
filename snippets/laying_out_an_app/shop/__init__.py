from flask import Flask

from . import models, views


# --8<-- [start:factory]
def create_app(database="shop.db"):
    app = Flask(__name__)
    app.secret_key = "dev"
    app.config["DATABASE"] = database
    app.register_blueprint(views.shop)
    with app.app_context():
        models.create_tables()
    return app


# --8<-- [end:factory]
