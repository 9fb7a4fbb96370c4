import os
from datetime import timedelta

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    SESSION_COOKIE_NAME="__Host-session",
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
    PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    TRUSTED_HOSTS=["app.example"],
)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)


@app.get("/")
def index():
    name = session.get("name", "stranger")
    text = escape(f"Hello, {name}! This is {request.base_url}")
    form = '<form method="post"><input name="name"><button>Go</button></form>'
    return f"<p>{text}</p>{form}"


@app.post("/")
def sign_in():
    session.clear()
    session.permanent = True
    session["name"] = request.form["name"][:50]
    return redirect(url_for("index"))
