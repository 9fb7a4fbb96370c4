import os

from encrypted import EncryptedSessions
from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
old_keys = os.environ.get("SECRET_KEY_FALLBACKS", "")
app.config["SECRET_KEY_FALLBACKS"] = old_keys.split()
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
app.session_interface = EncryptedSessions()

FORM = """
<form method="post"><input name="note" aria-label="Note" maxlength="200">
<button>Keep</button></form>
"""


@app.get("/")
def index():
    return f"<p>Your note: {escape(session.get('note', 'none'))}</p>{FORM}"


@app.post("/")
def keep():
    session["note"] = request.form["note"][:200]
    return redirect(url_for("index"))
