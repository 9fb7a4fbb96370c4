import os
from secrets import token_hex

import prices
import reports
from flask import Flask, redirect, request, session, url_for
from flask_socketio import SocketIO, disconnect, emit, join_room
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
)
app.register_blueprint(reports.bp)
app.register_blueprint(prices.bp)
socketio = SocketIO(app)


@app.get("/")
def index():
    return f"Hello, {escape(session.get('name', 'stranger'))}!"


def close_sockets():
    """Close what this login has opened, because each socket has a copy."""
    if "login" not in session:
        return  # the room None would be the sockets of all visitors
    room = session["login"]
    for sid, _ in list(socketio.server.manager.get_participants("/", room)):
        disconnect(sid, "/")


@app.post("/join")
def join():
    name = request.form["name"][:50]
    close_sockets()
    session.clear()
    session["name"] = name
    session["login"] = token_hex()
    return redirect(url_for("index"))


@app.post("/leave")
def leave():
    close_sockets()
    session.clear()
    return redirect(url_for("index"))


@socketio.on("connect")
def connect():
    if "login" not in session:
        return False
    join_room(session["login"])
    return None


@socketio.on("say")
def say(text):
    line = f"{session['name']}: {str(text)[:500]}"
    emit("said", line, broadcast=True)
    return line
