from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Plain cookie: {plain}</p>
<p>Session: {signed}</p>
<form method="post"><button>Save 10 points in both</button>
<button formaction="/change">Edit both to 99, as a visitor can</button></form>
"""


def show(value):
    return escape(f"{value} ({type(value).__name__})")


@app.get("/")
def index():
    plain, signed = request.cookies.get("points"), session.get("points")
    return PAGE.format(plain=show(plain), signed=show(signed))


@app.post("/")
def save():
    response = redirect(url_for("index"))
    response.set_cookie("points", "10")
    session["points"] = 10
    return response


@app.post("/change")
def change():
    # Simulates the browser's own tools, which can edit any cookie.
    _, dot, rest = request.cookies.get("session", "").partition(".")
    response = redirect(url_for("index"))
    response.set_cookie("points", "99")
    response.set_cookie("session", "eyJwb2ludHMiOjk5fQ" + dot + rest)
    return response
