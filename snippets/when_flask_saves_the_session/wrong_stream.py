from flask import Flask, session, stream_with_context
from markupsafe import escape

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out

PAGE = """
<p>Counted: {count}</p>
<form method="post" action="/"><button>Count</button></form>
"""


@app.get("/")
def index():
    return PAGE.format(count=escape(session.get("count", 0)))


@app.post("/")
def count():
    @stream_with_context
    def lines():
        session["count"] = session.get("count", 0) + 1
        yield PAGE.format(count=escape(session["count"]))

    return lines()
