import os

from flask import Flask, session
from flask_sock import Sock

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
sock = Sock(app)


@app.get("/")
def index():
    return f"Messages: {session.get('messages', 0)}"


@sock.route("/messages")
def messages(ws):
    while True:
        ws.receive()
        session["messages"] = session.get("messages", 0) + 1
        ws.send(f"Messages: {session['messages']}")
