from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>Your color: {color}</p>
<form method="post"><button>Choose green</button></form>
"""


# --8<-- [start:read]
@app.get("/")
def index():
    return PAGE.format(color=session.get("color", "none yet"))


# --8<-- [end:read]
# --8<-- [start:write]
@app.post("/")
def choose():
    session["color"] = "green"
    return redirect(url_for("index"))


# --8<-- [end:write]
