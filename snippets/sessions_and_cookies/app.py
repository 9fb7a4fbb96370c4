from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>Plain cookie: {plain}</p>
<p>Session: {signed}</p>
<form method="post"><button>Save 10 points in both</button>
<button formaction="/change">Edit both to 99, as a visitor can</button></form>
"""


def show(value):
    return f"{escape(value)} ({type(value).__name__})"


@app.get("/")
def index():
    plain, signed = request.cookies.get("points"), session.get("points")
    return PAGE.format(plain=show(plain), signed=show(signed))


@app.post("/")
def save():
    answer = redirect(url_for("index"))
    answer.set_cookie("points", "10")
    session["points"] = 10
    return answer


@app.post("/change")
def change():
    # Stands for the browser's own tools, which can edit any cookie.
    _, dot, rest = request.cookies.get("session", "").partition(".")
    answer = redirect(url_for("index"))
    answer.set_cookie("points", "99")
    answer.set_cookie("session", "eyJwb2ludHMiOjk5fQ" + dot + rest)
    return answer
