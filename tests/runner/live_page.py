"""A plain page with live examples that the site itself does not show: controls, bad input, and the site's CSP."""

import contextlib
import functools
import html
import http.server
import json
import re
import threading
from collections.abc import Iterator

from tests.support import modules

COPY = re.compile(r"\.\d+/")
CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)

COUNT = """
import os

from flask import Flask, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def index():
    session["visits"] = session.get("visits", 0) + 1
    return f"Visits: {session['visits']}"
"""

TOUR = """
import os
import secrets
from datetime import timedelta

from flask import Flask, flash, redirect, render_template, request, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=1)
started = secrets.token_hex(4)


@app.get("/")
def index():
    return render_template("home.html", started=started)


@app.post("/name")
def name():
    session["name"] = request.form["name"]
    session.permanent = "remember" in request.form
    return redirect("/")


@app.get("/search")
def search():
    return f"You searched for {request.args['q']}. <a href='/'>Home</a>"


@app.get("/json")
def data():
    return {"session": dict(session)}


@app.get("/large")
def large():
    session["large"] = os.urandom(4000).hex()
    return "large"


@app.get("/print")
def speak():
    print("printed by the app")
    return "printed"


@app.get("/never")
def never():
    return "never stored", {"Cache-Control": "no-store"}


@app.get("/boom")
def boom():
    return 1 / 0


@app.get("/template")
def template():
    return render_template("broken.html")


@app.get("/loop")
def loop():
    return redirect("/loop")


@app.get("/away")
def away():
    return redirect("https://other.example/")


@app.get("/endless")
def endless():
    while True:
        pass


@app.get("/exit")
def leave():
    raise SystemExit


@app.get("/exit-hard")
def leave_hard():
    os._exit(1)


@app.get("/deep")
def deep():
    return deep()


@app.get("/wordy")
def wordy():
    for _ in range(1000):
        print("x" * 100_000)
    return "said"


@app.get("/huge")
def huge():
    return "x" * 50_000_000
"""

HOME = """<!doctype html>
<title>Tour</title>
<link rel="stylesheet" href="{{ url_for('static', filename='tour.css') }}">
<h1>Hello, {{ session.name or "stranger" }}</h1>
<p>Started as {{ started }}</p>
<img src="/static/dot.svg" alt="a dot">
<form method="post" action="/name">
  <label>Name <input name="name"></label>
  <label><input type="checkbox" name="remember"> Remember</label>
  <button>Save</button>
</form>
<form action="/search"><label>Search <input name="q"></label><button>Search</button></form>
<a href="/boom">Boom</a> <a href="https://other.example/">Elsewhere</a> <a href="/json">Data</a>
<script>document.title = "script ran"; parent.hacked = true</script>
<img src="/nowhere" alt="" onerror="parent.hacked = true">
<iframe src="/"></iframe>
<a href="javascript:parent.hacked = true">Script link</a>
"""

LOGIN = """
import os
import sqlite3

from flask import Flask
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)


@app.get("/")
def index():
    with sqlite3.connect("users.db") as db:
        db.execute("create table if not exists users (name, hash)")
        hashed = generate_password_hash("correct horse")
        db.execute("insert into users values (?, ?)", ("ada", hashed))
        count, kept = db.execute("select count(*), max(hash) from users").fetchone()
    right = check_password_hash(kept, "correct horse")
    wrong = check_password_hash(kept, "battery staple")
    return f"{count} {kept.split('$')[0]} {right} {wrong}"


@app.get("/pbkdf2")
def pbkdf2():
    hashed = generate_password_hash("a", method="pbkdf2:sha256:1000")
    return f"{check_password_hash(hashed, 'a')}"
"""

EXAMPLES = {
    "count_visits/app.py": {"app.py": COUNT},
    "tour/app.py": {
        "app.py": TOUR,
        "templates/home.html": HOME,
        "templates/broken.html": "{{ nothing.at.all }}",
        "static/tour.css": "h1 { color: rgb(1, 2, 3) }",
        "static/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    },
    "login/app.py": {"app.py": LOGIN},
    "random_key/app.py": {
        "app.py": COUNT.replace('os.environ["SECRET_KEY"]', "os.urandom(16)"),
    },
    "package/shop/__init__.py": {
        "shop/__init__.py": "from flask import Flask\n\n\ndef create_app():\n    from . import views\n\n"
        "    app = Flask(__name__)\n    app.register_blueprint(views.bp)\n    return app\n",
        "shop/views.py": "from flask import Blueprint\n\nbp = Blueprint('shop', __name__)\n\n\n"
        "@bp.get('/')\ndef index():\n    return 'from a package'\n",
    },
    "no_key/app.py": {"app.py": COUNT.replace('os.environ["SECRET_KEY"]', "None")},
    "import_error/app.py": {"app.py": "import flask\n\nimport nothing_like_this\n"},
    "syntax_error/app.py": {"app.py": "def f(:\n"},
    "no_app/app.py": {"app.py": "x = 1\n"},
    "own_statistics/app.py": {
        "app.py": "import statistics\n\nfrom flask import Flask\n\napp = Flask(__name__)\n"
        "app.add_url_rule('/', 'index', lambda: statistics.NAME)\n",
        "statistics.py": "NAME = 'from the folder'\n",
    },
    # How many compiled patterns of the runtime's table the start did not take.
    "patterns/app.py": {
        "app.py": "import sys\n\nfrom flask import Flask\n\napp = Flask(__name__)\n"
        "app.add_url_rule('/', 'index', lambda: f\"{len(sys.modules['sitecustomize'].patterns)} left\")\n",
    },
    "endless_import/app.py": {"app.py": "while True:\n    pass\n"},
}


def example(path: str, files: dict[str, str]) -> str:
    """The markup of one example, as the Markdown extension makes it."""
    folder, _, app = path.partition("/")
    env = ' data-env="SECRET_KEY"' if "environ" in files[app] else ""
    data = json.dumps(files).replace("</", "<\\/")
    return f"""
<div class="example" data-folder="{folder}" data-app="{app}"{env}>
  <div class="example-bar"><span class="example-file">{app}</span><span class="example-actions"></span></div>
  <div class="highlight"><pre tabindex="0"><code>{html.escape(files[app])}</code></pre></div>
  <div class="example-run"><code>flask --app app run</code></div>
  <script type="application/json" class="example-files">{data}</script>
</div>"""


def page(paths: list[str], script: str = "page/live.js") -> str:
    """A whole page with some of EXAMPLES; "tour.2/app.py" is a further copy of "tour/app.py"."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{CSP}">
<title>Live examples</title><meta name="viewport" content="width=device-width">
<script type="module" src="assets/live/{script}"></script></head>
<body><main><h1>Live examples</h1>{"".join(example(path, EXAMPLES[COPY.sub("/", path)]) for path in paths)}
</main></body></html>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the page below /guide/, and what live/build/bundle.mjs makes as its assets."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def do_GET(self) -> None:
        """Answer `/guide/?a/app.py+b/app.py` with these examples, and assets with their files."""
        path, _, query = self.path.partition("?")
        if path != "/guide/":
            return super().do_GET()
        script = modules.fetched_files("live/page/live.js")[0].name
        body = page(query.split("+") if query else list(EXAMPLES), script).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)
        return None

    def translate_path(self, path: str) -> str:
        """The file behind an address."""
        return super().translate_path(path.replace("/guide/assets/live/", "/"))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the page, ending in a slash, while the block runs."""
    handler = functools.partial(Handler, directory=modules.folder()[0])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}/guide/"
        host.shutdown()
