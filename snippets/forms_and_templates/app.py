from flask import Flask, redirect, render_template, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"


@app.get("/")
def index():
    return render_template("picnic.html")


# --8<-- [start:store]
@app.post("/")
def sign_up():
    session["name"] = request.form["name"]
    session["items"] = request.form.get("items", 0, type=int)
    return redirect(url_for("index"))


# --8<-- [end:store]
