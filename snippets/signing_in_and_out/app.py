from flask import (
    Flask,
    abort,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from guard import login_required
from users import password_fits

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
LONGEST = 200  # characters of a note, which must fit into a cookie


@app.get("/")
@login_required
def note():
    return render_template("note.html")


@app.post("/")
@login_required
def write():
    text = request.form["note"]
    if len(text) > LONGEST:
        abort(400, f"A note has at most {LONGEST} characters.")
    session["note"] = text
    return redirect(url_for("note"))


@app.get("/sign-in")
def sign_in():
    return render_template("sign_in.html")


# --8<-- [start:check]
@app.post("/sign-in")
def check():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return render_template("sign_in.html", failed=True), 403
    session.clear()
    session["user"] = user
    return redirect(url_for("note"))


# --8<-- [end:check]
# --8<-- [start:sign-out]
@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("sign_in"))


# --8<-- [end:sign-out]
