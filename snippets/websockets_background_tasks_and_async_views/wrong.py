import os

from flask import Flask, session
from flask_socketio import SocketIO
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
socketio = SocketIO(app)


@app.get("/")
def index():
    return f"Hello, {escape(session.get('name', 'stranger'))}!"


@socketio.on("rename")
def rename(name):
    session["name"] = name
    return f"You are {name} now."
