import os
import secrets

from flask import Flask, make_response, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    visitor = session.setdefault("visitor", secrets.token_hex(4))
    response = make_response(f"You are visitor {visitor}.")
    response.cache_control.max_age = 60
    return response
