from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"


@app.get("/")
def index():
    name = session.get("name", "nobody")
    kind = "permanent" if session.permanent else "not permanent"
    button = '<form method="post"><button>Enter as Ada</button></form>'
    return f"<p>Signed in: {name}, {kind}</p>{button}"


@app.post("/")
def enter():
    session.permanent = True
    session.clear()
    session["name"] = "Ada"
    return redirect(url_for("index"))
