import os

from cryptography.fernet import Fernet
from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
fernet = Fernet(Fernet.generate_key())

FORM = """
<form method="post"><input name="note" aria-label="Note" maxlength="200">
<button>Keep</button></form>
"""


@app.get("/")
def index():
    note = "none"
    if "note" in session:
        note = fernet.decrypt(session["note"]).decode()
    return f"<p>Your note: {escape(note)}</p>{FORM}"


@app.post("/")
def keep():
    note = request.form["note"][:200]
    session["note"] = fernet.encrypt(note.encode()).decode()
    return redirect(url_for("index"))
