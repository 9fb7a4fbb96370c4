import os
from pathlib import Path

from flask import Flask

from . import database, views


# --8<-- [start:factory]
def create_app(config=None):
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=os.environ["SECRET_KEY"],
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=True,
        DATABASE=Path(app.instance_path, "shop.db"),
    )
    app.config.from_prefixed_env()
    app.config.update(config or {})
    database.init_app(app)
    app.register_blueprint(views.shop)
    return app


# --8<-- [end:factory]
