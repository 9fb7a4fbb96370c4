from flask import Flask, redirect, session, url_for
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>"color" in session: {known}</p>
<p>session.get("color", "gray"): {color}</p>
<p><a href="/brackets">session["color"]</a></p>
<form method="post" action="/green"><button>Green</button></form>
<form method="post" action="/forget"><button>Forget</button></form>
"""


@app.get("/")
def index():
    known = "color" in session
    color = session.get("color", "gray")
    return PAGE.format(known=known, color=escape(color))


# --8<-- [start:brackets]
@app.get("/brackets")
def brackets():
    try:
        color = session["color"]
    except KeyError:
        return "There is no color yet."
    return f"Your color: {escape(color)}"


# --8<-- [end:brackets]
@app.post("/green")
def green():
    session["color"] = "green"
    return redirect(url_for("index"))


# --8<-- [start:forget]
@app.post("/forget")
def forget():
    color = session.pop("color", None)
    app.logger.info("Forgotten: %s", color)
    return redirect(url_for("index"))


# --8<-- [end:forget]
