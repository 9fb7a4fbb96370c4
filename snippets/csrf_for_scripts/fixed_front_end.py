import os

from flask import Flask, abort, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
    # The check of Origin below replaces the check of Referer.
    WTF_CSRF_SSL_STRICT=False,
)
FRONT_END = "https://shop.example"


@app.before_request
def reject_other_origins():
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if not reads and request.origin != FRONT_END:
        abort(403)


csrf = CSRFProtect(app)


@app.get("/")
def index():
    return f"This is the API of {FRONT_END}."


@app.get("/csrf-token")
def csrf_token():
    return generate_csrf(), {"Cache-Control": "no-store"}


@app.post("/likes")
def like():
    session["likes"] = session.get("likes", 0) + 1
    return f"Likes: {session['likes']}"


@app.errorhandler(CSRFError)
def explain(error):
    return error.description, 400


@app.after_request
def let_the_front_end_in(response):
    response.vary.add("Origin")
    if request.origin == FRONT_END:
        response.access_control_allow_origin = FRONT_END
        response.access_control_allow_credentials = True
        response.access_control_allow_headers = ["X-CSRFToken"]
    return response
