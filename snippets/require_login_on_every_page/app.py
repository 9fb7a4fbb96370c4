import os

from flask import (
    Flask,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from markupsafe import escape
from users import password_fits

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
app.config["SESSION_COOKIE_SECURE"] = True
PUBLIC = {"log_in", "check", "static"}


@app.before_request
def require_login():
    if request.endpoint in PUBLIC or "user" in session:
        return None
    if request.method != "GET":
        return redirect(url_for("log_in"))
    target = "/" + request.url.removeprefix(request.host_url)
    return redirect(url_for("log_in", next=target))


@app.get("/")
def index():
    return f"Hello, {escape(session['user'])}!"


@app.get("/orders")
def orders():
    page = request.args.get("page", 1, type=int)
    return f"Orders of {escape(session['user'])}, page {page}"


@app.get("/login")
def log_in():
    return render_template("log_in.html")


@app.post("/login")
def check():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return render_template("log_in.html", failed=True), 403
    session.clear()
    session["user"] = user
    target = request.args.get("next", "")
    return redirect(target if is_local(target) else url_for("index"))


@app.post("/logout")
def log_out():
    session.clear()
    return redirect(url_for("log_in"))


def is_local(target):
    """Say whether the address is a path of this site."""
    if not target.startswith("/") or target.startswith("//"):
        return False
    return "\\" not in target and target.isprintable()
