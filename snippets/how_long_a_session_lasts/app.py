from datetime import timedelta

from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=7)

PAGE = """
<p>Ticket: {ticket}. Permanent: {permanent}.</p>
<form method="post" action="/visit"><button>For this visit</button></form>
<form method="post" action="/week"><button>For a week</button></form>
"""


@app.get("/")
def index():
    ticket = escape(session.get("ticket", "none"))
    return PAGE.format(ticket=ticket, permanent=session.permanent)


@app.post("/visit")
def visit():
    session.permanent = False
    session["ticket"] = "visit"
    return redirect(url_for("index"))


# --8<-- [start:week]
@app.post("/week")
def week():
    session.permanent = True
    session["ticket"] = "week"
    return redirect(url_for("index"))


# --8<-- [end:week]
