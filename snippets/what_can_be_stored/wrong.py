import os

from flask import Flask
from sets import TagSet


def create_app():
    app = Flask(__name__)
    app.secret_key = os.environ["SECRET_KEY"]
    app.session_interface.serializer.register(TagSet)

    @app.get("/")
    def index():
        try:
            create_app()
        except KeyError as error:
            return f"A second app can't be made: {error}"
        return "A second app was made."

    return app
