from decode import decode
from flask import Flask, redirect, render_template, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out


@app.get("/")
def index():
    # Only for looking: what decode() returns may be forged.
    cookie = request.cookies.get("session", "")
    return render_template("cookie.html", cookie=cookie, parts=decode(cookie))


@app.post("/")
def note():
    session["note"] = request.form.get("note", "")[:200]
    return redirect(url_for("index"))
