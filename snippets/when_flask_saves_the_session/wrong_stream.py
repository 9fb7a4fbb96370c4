from flask import Flask, session, stream_with_context

app = Flask(__name__)
app.secret_key = "dev"

BUTTON = '<form method="post" action="/"><button>Count</button></form>'


@app.get("/")
def index():
    return f"<p>Counted: {session.get('count', 0)}</p>{BUTTON}"


@app.post("/")
def count():
    @stream_with_context
    def lines():
        session["count"] = session.get("count", 0) + 1
        yield f"<p>Counted: {session['count']}</p>{BUTTON}"

    return lines()
