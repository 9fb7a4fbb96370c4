import os
import time
from html import escape
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI(default_response_class=HTMLResponse)
app.add_middleware(SessionMiddleware, secret_key=os.environ["SECRET_KEY"])
PAUSE = float(os.environ.get("PAUSE", "0"))
FORMS = """
<form method="post" action="/login">
<input name="name" aria-label="Name"><button>Log in</button></form>
<form method="post" action="/add">
<input name="item" aria-label="Item"><button>Add</button>
<button formaction="/append">Append</button></form>
<form method="post" action="/logout"><button>Log out</button></form>
"""


@app.get("/")
def index(request: Request):
    session = request.session
    session["visits"] = session.get("visits", 0) + 1
    items = escape(", ".join(session.get("items", [])))
    return f"<p>Visits: {session['visits']}. List: {items}</p>{FORMS}"


@app.get("/who")
def who(request: Request):
    return f"<p>{escape(request.session.get('name', 'nobody'))}</p>"


@app.get("/about")
def about():
    return "<p>This page doesn't use the session.</p>"


@app.post("/login")
def log_in(request: Request, name: Annotated[str, Form(max_length=50)]):
    request.session["name"] = name
    return RedirectResponse("/", 303)


@app.post("/add")
def add(request: Request, item: Annotated[str, Form(max_length=5000)]):
    items = request.session.get("items", [])
    time.sleep(PAUSE)
    request.session["items"] = [*items, item][-9:]
    return RedirectResponse("/", 303)


@app.post("/append")
def append(request: Request, item: Annotated[str, Form(max_length=5000)]):
    request.session.get("items", []).append(item)
    return RedirectResponse("/", 303)


@app.post("/logout")
def log_out(request: Request):
    request.session.clear()
    return RedirectResponse("/", 303)
