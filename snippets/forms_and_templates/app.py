from flask import (
    Flask,
    abort,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out
LONGEST = 100  # characters of a name, which must fit into a cookie
MOST = 20  # dishes that one person may bring


@app.get("/")
def index():
    return render_template("picnic.html")


# --8<-- [start:store]
@app.post("/")
def sign_up():
    name = request.form["name"].strip()
    items = request.form.get("items", 0, type=int)
    if not 1 <= len(name) <= LONGEST:
        abort(400, f"A name has 1 to {LONGEST} characters.")
    if not 0 <= items <= MOST:
        abort(400, f"Bring 0 to {MOST} dishes.")
    session["name"] = name
    session["items"] = items
    return redirect(url_for("index"))


# --8<-- [end:store]
