import os

from flask import Flask, session
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask(__name__)
app.secret_key = os.environ["SHOP_KEY"]
app.config["SESSION_COOKIE_NAME"] = "shop_session"

admin = Flask(__name__)
admin.secret_key = os.environ["ADMIN_KEY"]
admin.config["SESSION_COOKIE_NAME"] = "admin_session"
admin.config["SESSION_COOKIE_PATH"] = "/admin"

app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/admin": admin})
LINKS = '<a href="/">Shop</a> <a href="/admin/">Admin</a>'


@app.get("/")
def shop():
    session["visits"] = session.get("visits", 0) + 1
    return f"<p>Shop, visit {session['visits']}</p>{LINKS}"


@admin.get("/")
def desk():
    session["visits"] = session.get("visits", 0) + 1
    return f"<p>Admin, visit {session['visits']}</p>{LINKS}"
