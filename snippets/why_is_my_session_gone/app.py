import os

from flask import Flask, redirect, request, session, url_for
from itsdangerous import BadSignature, SignatureExpired
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


def finding():
    cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
    if cookie is None:
        return "No session cookie came."
    signer = app.session_interface.get_signing_serializer(app)
    lifetime = app.permanent_session_lifetime.total_seconds()
    try:
        signer.loads(cookie, max_age=int(lifetime))
    except SignatureExpired:
        return "The cookie is too old."
    except BadSignature:
        return "The signature is not from this key."
    return f"The cookie is valid. It contains: {', '.join(session)}."


@app.get("/")
def check():
    form = '<form method="post"><button>Write</button></form>'
    return f"{escape(finding())} {form}"


@app.post("/")
def write():
    session["written"] = True
    return redirect(url_for("check"))
