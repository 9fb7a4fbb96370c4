import os

from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_TYPE"] = "redis"
app.config["SESSION_PERMANENT"] = True

PAGE = """
<p>Kept: {pair}. Permanent: {session.permanent}.</p>
<form method="post"><button>Keep a pair</button></form>
<form method="post" action="/clear"><button>Clear</button></form>
"""


@app.get("/")
def index():
    pair = session.get("pair", "nothing")
    return PAGE.format(pair=pair, session=session)


@app.post("/")
def keep():
    session["pair"] = (1, {2: "two"})
    return redirect(url_for("index"))


@app.post("/clear")
def clear():
    session.clear()
    return redirect(url_for("index"))
