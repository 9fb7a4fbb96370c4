from flask import Flask, redirect, render_template, session, url_for

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
app.config["SESSION_PERMANENT"] = True


@app.get("/")
def index():
    return render_template("claims.html")


@app.post("/points")
def points():
    session["points"] = 0
    return redirect(url_for("index"))


@app.post("/clear")
def clear():
    session.clear()
    return redirect(url_for("index"))
