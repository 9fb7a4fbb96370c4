import os
from datetime import timedelta

from flask import Flask, redirect, request, session, url_for
from markupsafe import escape
from redis import Redis
from store import RevocableSessions
from users import password_fits

app = Flask(__name__)
app.config.update(
    PERMANENT_SESSION_LIFETIME=timedelta(hours=8),
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
)
redis = Redis.from_url(os.environ["REDIS_URL"])
app.session_interface = RevocableSessions(app, redis, permanent=False)

PAGE = """
<p>Signed in: {user}</p>
<form method="post" action="/sign-in">
<input name="user" aria-label="Name">
<input name="password" type="password" aria-label="Password">
<button>Sign in</button></form>
<form method="post" action="/sign-out"><button>Sign out</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(user=escape(session.get("user", "nobody")))


# --8<-- [start:sign-in]
@app.post("/sign-in")
def sign_in():
    user = request.form["user"]
    if not password_fits(user, request.form["password"]):
        return "The name or the password is wrong.", 403
    session.clear()
    session["user"] = user
    app.session_interface.regenerate(session)
    return redirect(url_for("index"))


# --8<-- [end:sign-in]
@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect(url_for("index"))
