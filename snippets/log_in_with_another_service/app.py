import os

import users
from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, redirect, request, session, url_for
from joserfc.errors import JoseError
from markupsafe import escape
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",  # "Strict" would lose the state
)
# Behind a proxy that sets these two headers. Without one, leave it out.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)

oauth = OAuth(app)
oauth.register(
    "service",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["METADATA_URL"],
    client_kwargs={
        "scope": "openid profile",
        "code_challenge_method": "S256",  # PKCE
        "default_timeout": 10,
    },
)


@app.get("/")
def index():
    name = users.name_of(session.get("user"))
    if name is None:
        return '<a href="/login">Log in</a>'
    form = (
        '<form method="post" action="/logout"><button>Log out</button></form>'
    )
    return f"<p>Hello, {escape(name)}!</p>{form}"


@app.get("/login")
def log_in():
    target = request.args.get("next", "")[:500]
    session["next"] = target if is_local(target) else url_for("index")
    return oauth.service.authorize_redirect(
        url_for("callback", _external=True)
    )


@app.get("/callback")
def callback():
    try:
        token = oauth.service.authorize_access_token()
    except (OAuthError, JoseError) as error:
        app.logger.warning("The login failed: %r", str(error))
        forget_logins()
        if "user" in session:  # another tab was quicker
            return redirect(url_for("index"))
        return 'The login failed. <a href="/login">Try again</a>', 400
    target = session.get("next", url_for("index"))
    session.clear()
    session["user"] = users.remember(token["userinfo"])
    return redirect(target)


@app.post("/logout")
def log_out():
    session.clear()
    return redirect(url_for("index"))


def forget_logins():
    """Remove the states of logins that nobody finished."""
    for key in [key for key in session if key.startswith("_state_")]:
        del session[key]


def is_local(target):
    """Say whether the address is a path of this site."""
    if not target.startswith("/") or target.startswith("//"):
        return False
    return "\\" not in target and target.isprintable()
