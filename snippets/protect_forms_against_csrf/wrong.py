import os

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"

PAGE = """
<p>Letters go to {address}.</p>
<form method="post">
<label>Email <input type="email" name="address" required></label>
<button>Change</button>
</form>
"""


@app.get("/")
def index():
    return PAGE.format(address=escape(session.get("address", "nobody")))


@app.post("/")
def change():
    session["address"] = request.form["address"]
    return redirect(url_for("index"))
