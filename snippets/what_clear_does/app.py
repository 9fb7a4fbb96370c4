from flask import Flask, redirect, request, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Logged in: {name}</p>
<form method="post">
<button name="action" value="enter">Log in as Ada</button>
<button name="action" value="copy">Copy the cookie, as Eve would</button>
<button name="action" value="clear">Log out with clear()</button>
<button name="action" value="replay">Put the copy back</button>
</form>
"""


@app.get("/")
def index():
    return PAGE.format(name=escape(session.get("name", "nobody")))


@app.post("/")
def act():
    response = redirect(url_for("index"))
    action = request.form.get("action")
    if action in ("enter", "clear"):
        session.clear()
    if action == "enter":
        session["name"] = "Ada"
    # The next two only simulate what Eve does with her own tools.
    if action == "copy":
        copy = request.cookies.get("session", "")
        response.set_cookie("copy", copy, httponly=True)
    if action == "replay":
        copy = request.cookies.get("copy", "")
        response.set_cookie("session", copy, httponly=True)
    return response
