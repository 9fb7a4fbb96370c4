from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"


@app.get("/")
def index():
    session.clear()
    session["steps"] = session.get("steps", 0)
    button = '<form method="post"><button>One step on</button></form>'
    return f"<p>Steps: {session['steps']}</p>{button}"


@app.post("/")
def step():
    session["steps"] = session.get("steps", 0) + 1
    return redirect(url_for("index"))
