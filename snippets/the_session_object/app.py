import os

from flask import Flask, request, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]

STEPS = {
    "assign": lambda: session.update(fruit=["apple"]),
    "append": lambda: session.get("fruit", []).append("pear"),
    "permanent": lambda: setattr(session, "permanent", True),
    "clear": lambda: session.clear(),
}
BUTTON = '<button name="step" value="{0}">{0}</button>\n'
FORM = f'<form method="post">\n{"".join(map(BUTTON.format, STEPS))}</form>'


@app.get("/")
def index():
    names = ("permanent", "modified", "accessed", "new")
    return ", ".join(f"{n} {getattr(session, n)}" for n in names) + FORM


@app.post("/")
def step():
    STEPS[request.form["step"]]()
    return index()
