import os
from importlib.metadata import version

from flask import Flask, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    response = app.test_client().get("/look")
    vary = response.headers.get("Vary", "nothing")
    return f"Flask {version('flask')} sends Vary: {vary} after a look."


@app.get("/look")
def look():
    return "known" if "name" in session else "unknown"
