from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>"color" in session: {known}</p>
<p>session.get("color", "gray"): {color}</p>
<p><a href="/brackets">session["color"]</a></p>
<form method="post" action="/green"><button>Green</button></form>
<form method="post" action="/forget"><button>Forget</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(
        known="color" in session, color=session.get("color", "gray")
    )


# --8<-- [start:brackets]
@app.get("/brackets")
def brackets():
    try:
        return f"Your color: {session['color']}"
    except KeyError:
        return "There is no color yet."


# --8<-- [end:brackets]
@app.post("/green")
def green():
    session["color"] = "green"
    return redirect(url_for("index"))


# --8<-- [start:forget]
@app.post("/forget")
def forget():
    color = session.pop("color", None)
    print("Forgotten:", color)
    return redirect(url_for("index"))


# --8<-- [end:forget]
