import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
oauth = OAuth(app)
oauth.register(
    "service",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["METADATA_URL"],
    client_kwargs={"scope": "openid profile"},
)


@app.get("/")
def index():
    if "token" not in session:
        return '<a href="/login">Log in</a>'
    return f"Hello, {escape(session['token']['userinfo']['name'])}!"


@app.get("/login")
def log_in():
    return oauth.service.authorize_redirect(
        url_for("callback", _external=True)
    )


@app.get("/callback")
def callback():
    # Wrong: anyone who has the cookie can read the token.
    session["token"] = oauth.service.authorize_access_token()
    return redirect(url_for("index"))
