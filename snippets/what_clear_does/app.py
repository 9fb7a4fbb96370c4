from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>Signed in: {name}</p>
<form method="post">
<button name="action" value="enter">Enter as Ada</button>
<button name="action" value="copy">Copy the cookie, as a thief would</button>
<button name="action" value="clear">Sign out with clear()</button>
<button name="action" value="replay">Put the copy back</button>
</form>
"""


@app.get("/")
def index():
    return PAGE.format(name=session.get("name", "nobody"))


@app.post("/")
def act():
    answer = redirect(url_for("index"))
    match request.form["action"]:
        case "enter":
            session.clear()
            session["name"] = "Ada"
        case "clear":
            session.clear()
        case "copy":
            answer.set_cookie("copy", request.cookies.get("session", ""))
        case "replay":
            answer.set_cookie("session", request.cookies.get("copy", ""))
    return answer
