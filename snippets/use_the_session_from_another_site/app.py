import os

from flask import Flask, abort, request, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    SESSION_COOKIE_SAMESITE="None",
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_PARTITIONED=True,
)
FRONT_END = "https://shop.example"


@app.before_request
def reject_other_sites():
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if not reads and request.origin != FRONT_END:
        abort(403)


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return f"Visits: {session['visits']}"


@app.after_request
def let_the_front_end_in(response):
    response.content_security_policy.frame_ancestors = FRONT_END
    response.vary.add("Origin")
    if request.origin == FRONT_END:
        response.access_control_allow_origin = FRONT_END
        response.access_control_allow_credentials = True
        response.access_control_allow_headers = ["Content-Type"]
    return response
