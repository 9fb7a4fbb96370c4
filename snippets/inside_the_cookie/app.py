from decode import decode
from flask import Flask, redirect, render_template, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"


@app.get("/")
def index():
    cookie = request.cookies.get("session")
    parts = decode(cookie) if cookie else None
    return render_template("cookie.html", cookie=cookie, parts=parts)


@app.post("/")
def note():
    session["note"] = request.form["note"]
    return redirect(url_for("index"))
