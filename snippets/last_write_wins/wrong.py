from flask import Flask, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = "dev"

PAGE = """
<p>Cart: {cart}</p>
<form method="post" action="/add">
<button name="fruit" value="apple">Add an apple</button>
<button name="fruit" value="pear">Add a pear</button>
<button formaction="/both">Add both at once</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(cart=", ".join(session.get("cart", [])) or "empty")


@app.post("/add")
def add():
    fruit = "pear" if request.form["fruit"] == "pear" else "apple"
    session["cart"] = [*session.get("cart", []), fruit]
    return redirect(url_for("index"))


@app.post("/both")
def both():
    # Two requests that leave a browser at once carry the same cookie.
    sent = {"Cookie": request.headers.get("Cookie", "")}
    answer = redirect(url_for("index"))
    for fruit in ("apple", "pear"):
        client = app.test_client(use_cookies=False)
        one = client.post("/add", data={"fruit": fruit}, headers=sent)
        for cookie in one.headers.getlist("Set-Cookie"):
            answer.headers.add("Set-Cookie", cookie)
    return answer
