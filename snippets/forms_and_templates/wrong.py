from flask import Flask, redirect, render_template, session, url_for

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out


@app.get("/")
def index():
    return render_template("wrong.html")


@app.post("/")
def sign_up():
    session["items"] = 0
    return redirect(url_for("index"))
