import os

from flask import Flask, session
from sets import TagSet


def create_app():
    app = Flask(__name__)
    app.secret_key = os.environ["SECRET_KEY"]
    app.session_interface.serializer.register(TagSet)

    @app.get("/")
    def index():
        session["colors"] = {"red"}
        return "Stored a set."

    return app
