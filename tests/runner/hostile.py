"""Apps that a page has to withstand: each with the line that the panel says, and what is pressed in the app's page."""

from dataclasses import dataclass

STOPPED = "The app didn't respond within 8 seconds, so it was stopped."
CRASHED = "The app crashed Python. Press Reload to start it again. Your cookies are kept."
ENDED = "The app ended itself (SystemExit)."
FINE = "GET / 200 OK"
FAILED = "GET / 500 INTERNAL SERVER ERROR"
SCRIPTS = "The scripts of this page don't run here. To see what they do, run the app on your computer."
OUTSIDE = "is not part of this app, and was not opened."
LACKS = "In this page, an app can't {}. Run the app on your computer."
START = "app.py did not start."


@dataclass(frozen=True)
class Case:
    """One app: the body of its view or its whole text, what the panel says, and what comes of a press on "Onward"."""

    name: str
    code: str
    line: str
    pressed: str = ""
    head: str = ""
    shown: str = ""
    later: str = ""  # what the next press says, if that is not yet the one that brings the page back

    def text(self, listener: int) -> str:
        """The app's text; HOST becomes a host at which a listener counts."""
        body = "".join(f"    {line}\n" for line in self.code.splitlines())
        app = APP.format(head=self.head, body=body) if self.code else self.head
        return app.replace("HOST", f"other.example:{listener}")


APP = """import os
import sys

from flask import Flask, Response, redirect, render_template_string, request, session

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
{head}

@app.route("/", methods=["GET", "POST"])
def index():
{body}"""
JS = "import js\nfrom pyodide.ffi import create_proxy, to_js\n"


def page(name: str, html: str, line: str = FINE, pressed: str = "") -> Case:
    """An app whose page is this text."""
    return Case(name, f"return {html!r}", line, pressed)


def tries(name: str, code: str, line: str = FINE, head: str = "") -> Case:
    """An app that tries something of JavaScript's, and shows whether it could."""
    body = "".join(f"\n    {line}" for line in (JS + code).splitlines())
    return Case(
        name, f"try:{body}\nexcept Exception as error:\n    return f'none: {{error}}'\nreturn 'tried'", line, "", head
    )


# Each takes as long as an app may, which the test shortens.
ENDLESS = [
    Case("an endless loop at import", "", STOPPED, head="while True:\n    pass\n"),
    Case(
        "an endless loop in a template",
        "return render_template_string('{% for a in x %}{% endfor %}', x=iter(int, 1))",
        STOPPED,
    ),
    Case("an endless stream", "return Response(iter(lambda: 'x', None))", STOPPED),
    Case(
        "a loop that is left behind",
        JS + "js.setTimeout(create_proxy(lambda: [None for _ in iter(int, 1)]), 5)\nreturn 'x'",
        FINE,
        later=STOPPED,
    ),
]
PYTHON = [
    Case("recursion", "return index()", "RecursionError: maximum recursion depth exceeded (app.py, line "),
    Case("recursion at import", "", f"{START} RecursionError: ", head="def deep():\n    deep()\n\n\ndeep()\n"),
    Case("100 MB of output", "for _ in range(1000):\n    print('x' * 100_000)\nreturn 'said'", FINE),
    Case("a body of 50 MB", "return 'x' * 50_000_000", "Only the first 2 MB of this response's 50 MB are shown."),
    Case(
        "memory until it is full",
        "all = []\nwhile True:\n    all.append(bytes(1_000_000_000))",
        f"An app ran out of memory, so Python was stopped.|MemoryError|{STOPPED}",
    ),
    Case("os._exit", "os._exit(1)", ENDED),
    Case("posix._exit", "import posix\nposix._exit(1)", ENDED),
    Case("os.abort", "os.abort()", ENDED),
    Case("sys.exit at import", "", f"{START} {ENDED}", head="import sys\n\nsys.exit(3)\n"),
    Case("a keyboard interrupt", "raise KeyboardInterrupt", "The app ended itself (KeyboardInterrupt)."),
    Case("a kill of itself", "os.kill(os.getpid(), 9)", CRASHED),
    Case("a signal", "import signal\nsignal.raise_signal(signal.SIGTERM)", CRASHED),
    Case("a signal that is not there", "import signal\nsignal.alarm(1)", FAILED),
    Case("a fault of memory", "import faulthandler\nfaulthandler._sigsegv()", CRASHED),
    Case("memory overwritten", "import ctypes\nctypes.memset(8, 255, 50_000_000)", CRASHED),
    Case("a builtin replaced", "import builtins\nbuiltins.isinstance = None\nreturn 'x'", CRASHED),
    Case("all builtins deleted", "import builtins\nvars(builtins).clear()", CRASHED),
    Case(
        "Flask replaced", "Flask.full_dispatch_request = lambda self: 'Mine'\nFlask.wsgi_app = None\nreturn 'x'", FINE
    ),
    Case(
        "sessions replaced",
        "from flask import sessions\nsessions.SecureCookieSessionInterface.open_session = None\nreturn 'x'",
        FINE,
    ),
    Case("Werkzeug replaced", "import werkzeug.test\nwerkzeug.test.run_wsgi_app = None\nreturn 'x'", FINE),
    Case("JSON replaced", "import json\njson.dumps = None\nreturn 'x'", CRASHED),
    Case("modules forgotten", "sys.modules.clear()\nreturn 'x'", FINE),
    Case("every file deleted", "import shutil\nshutil.rmtree('/', ignore_errors=True)\nreturn 'x'", FINE),
    Case("the clock replaced", "import time\ntime.time = lambda: float('nan')\nreturn 'x'", f"{FINE}|{CRASHED}"),
    Case("output closed", "sys.stdout = sys.stderr = None\nreturn 'x'", FINE),
    Case(
        "a pickle that runs a command",
        "import pickle\nreturn pickle.loads(b\"cos\\nsystem\\n(S'ls'\\ntR.\")",
        LACKS.format("start processes"),
    ),
    Case("JSON that is too deep", "import json\nreturn json.loads('[' * 100_000)", f"RecursionError|{CRASHED}"),
    Case("a large power", "return str(10 ** 5000)", "ValueError: Exceeds the limit"),
    Case("an app that is none", "", "has no Flask app. Name it `app`", head="app = 5\n"),
    Case("an app with a null byte", "", f"{START} SyntaxError", head="x = '\0'\n"),
    Case("app.run", "return 'x'", FINE, head="app.run(threaded=True)\n", shown="x"),
    Case(
        "a server of its own",
        "return 'x'",
        LACKS.format("connect to other servers"),
        head="from werkzeug.serving import make_server\n\nmake_server('127.0.0.1', 5000, app)\n",
    ),
    Case("a WSGI app that returns a number", "return 'x'", FAILED, head="app.wsgi_app = lambda environ, start: 5\n"),
    Case("a WSGI app without a start", "return 'x'", FAILED, head="app.wsgi_app = lambda environ, start: [b'x']\n"),
    Case(
        "a session interface that fails",
        "return 'x'",
        FINE,
        head="app.session_interface.get_cookie_name = lambda app: 1 / 0\n"
        + "app.session_interface.open_session = lambda app, request: {}\napp.session_interface.save_session = lambda *all: None\n",
    ),
    Case("a stream that fails", "return Response(f'{1 / n}' for n in (1, 0))", FAILED),
    Case(
        "async def",
        "return 'x'",
        FINE,
        shown="awaited",
        head="import asyncio\n\n@app.before_request\nasync def first():\n    await asyncio.sleep(0.01)\n    return await asyncio.to_thread(lambda: 'awaited')\n",
    ),
]
LACKING = [
    Case("a thread", "import threading\nthreading.Thread(target=print).start()", LACKS.format("start threads")),
    Case(
        "a pool of threads",
        "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor().submit(print)",
        LACKS.format("start threads"),
    ),
    Case("a process", "import subprocess\nsubprocess.run(['ls'])", LACKS.format("start processes")),
    Case("a command", "os.system('ls')", LACKS.format("start processes")),
    Case("a fork", "os.fork()", LACKS.format("start processes")),
    Case("another program", "os.execv('/bin/ls', ['ls'])", LACKS.format("start processes")),
    Case("multiprocessing", "", LACKS.format("start processes"), head="import multiprocessing\n"),
    Case("input()", "input()", LACKS.format("read input")),
    Case(
        "a socket",
        "import socket\nsocket.create_connection(('other.example', 80)).sendall(b'x')",
        LACKS.format("connect to other servers"),
    ),
    Case(
        "a socket that listens",
        "import socket\ns = socket.socket()\ns.bind(('', 80))\ns.listen()",
        LACKS.format("connect to other servers"),
    ),
    Case(
        "urllib",
        "from urllib.request import urlopen\nurlopen('http://HOST/')",
        LACKS.format("connect to other servers"),
    ),
    Case(
        "http.client over TLS",
        "from http.client import HTTPSConnection\nHTTPSConnection('HOST').request('GET', '/')",
        LACKS.format("connect to other servers"),
    ),
    Case("smtplib", "import smtplib\nsmtplib.SMTP('other.example')", LACKS.format("connect to other servers")),
    Case(
        "Pyodide's open_url",
        "from pyodide.http import open_url\nopen_url('http://HOST/')",
        LACKS.format("connect to other servers"),
    ),
]
HTTP = [
    Case(
        "1,000 cookies",
        "r = Response('x')\nfor n in range(1000):\n    r.set_cookie(f'c{n}', 'x', max_age=1)\nreturn r",
        FINE,
    ),
    Case("a header of 100 kB", "return 'x', {'X-Large': 'x' * 100_000}", FINE),
    Case(
        "a cookie of 100 kB",
        "return 'x', {'Set-Cookie': 'large=' + 'x' * 100_000}",
        "The browser rejected the cookie large",
    ),
    Case(
        "names of JavaScript's own",
        "session['__proto__'] = {'constructor': 1}\nr = Response('x')\nr.set_cookie('__proto__', 'x', max_age=1)\nr.headers['constructor'] = '__proto__'\nreturn r",
        FINE,
        head="app.config['SESSION_COOKIE_NAME'] = '__proto__'\n",
    ),
    Case("a header that is not ASCII", "return 'x', {'X-Text': 'caf\\u00e9 \\u65e5'}", FINE + "|" + FAILED),
    Case("a cookie that is not ASCII", "return 'x', {'Set-Cookie': 'caf\\u00e9=\\u65e5'}", FINE + "|" + FAILED),
    Case("a header of two lines", "return 'x', {'X-Text': 'a\\r\\nb: c'}", FAILED),
    Case("a content type that is none", "return 'x', {'Content-Type': ';;; charset==;'}", FINE),
    Case("a charset that is none", "return 'x', {'Content-Type': 'text/html; charset=nonsense'}", FINE, shown="x"),
    Case(
        "another charset",
        "return 'caf\\u00e9'.encode('latin-1'), {'Content-Type': 'text/html; charset=iso-8859-1'}",
        FINE,
        shown="caf\u00e9",
    ),
    Case(
        "a charset in the page",
        "return b'<meta charset=koi8-r>\\xf0\\xd2\\xc9', {'Content-Type': 'text/html'}",
        FINE,
        shown="\u041f\u0440\u0438",
    ),
    Case("a body that is not UTF-8", "return b'\\xff\\xfe\\x00\\xd8'", FINE),
    Case("a wrong length", "return 'x', {'Content-Length': '-5'}", FINE),
    *[
        Case(f"status {code}", f"return 'x', {code}", f"GET / {code} ")
        for code in (101, 201, 204, 205, 304, 405, 418, 503, 599)
    ],
    Case("status 0", "return 'x', 0", "GET / |" + FAILED),
    Case("status 999", "return 'x', 999", "GET / 999 "),
    Case("a status that is no number", "return 'x', 'abc def'", "GET / |" + FAILED),
    Case("a redirect with a fragment", "return redirect('/#part') if not request.args else 'x'", "redirects in a loop"),
    Case("a redirect to another host", "return redirect('http://HOST/')", "This redirect leaves the app"),
    Case("a redirect to a script", "return redirect('javascript:parent.ran = 1')", "This redirect leaves the app"),
    Case("a redirect to nonsense", "return '', 302, {'Location': 'http://['}", "ValueError: Invalid IPv6 URL"),
    Case("a refresh in a header", "return 'x', {'Refresh': '0; url=http://HOST/'}", FINE),
    Case("a preload in a header", "return 'x', {'Link': '<http://HOST/>; rel=preload; as=script'}", FINE),
]
LINK = "<a {}>Onward</a>"
PAGES = [
    page("a frame", '<iframe src="http://HOST/"></iframe><frameset><frame src="http://HOST/"></frameset>'),
    page("frames that are objects", '<object data="http://HOST/"></object><embed src="http://HOST/">'),
    page("a base", '<base href="http://HOST/" target="_top">' + LINK.format('href="/next"'), pressed="GET /next 404"),
    page("a refresh", '<meta http-equiv="refresh" content="0; url=http://HOST/">'),
    page("a link to the top", LINK.format('href="http://HOST/" target="_top"'), pressed=OUTSIDE),
    page("a link to a new tab", LINK.format('href="http://HOST/" target="_blank" rel="opener"'), pressed=OUTSIDE),
    page("a link to a script", LINK.format('href="javascript:parent.ran = 1"'), pressed=OUTSIDE),
    page("a link that pings", LINK.format('href="/next" ping="http://HOST/"'), pressed="GET /next 404"),
    page(
        "a link in SVG",
        '<svg width="90" height="30"><a xlink:href="http://HOST/"><text y="20">Onward</text></a></svg>',
        pressed=OUTSIDE,
    ),
    page("a link in MathML", '<math href="http://HOST/"><mtext>Onward</mtext></math>', pressed=OUTSIDE),
    page("a link to data", LINK.format('href="data:text/html,x"'), pressed=OUTSIDE),
    page("a link that is no address", LINK.format('href="http://["'), pressed=OUTSIDE),
    page("a download", LINK.format('href="http://HOST/" download'), pressed=OUTSIDE),
    page("a script", "<script>parent.ran = 1</script>", SCRIPTS),
    page("a script from elsewhere", '<script src="http://HOST/"></script>', SCRIPTS),
    page("a handler", '<img src="x:" onerror="parent.ran = 1">', SCRIPTS),
    page("an import map", '<script type="importmap">{}</script>', SCRIPTS),
    page("a form to elsewhere", '<form action="http://HOST/"><button>Onward</button></form>', pressed=OUTSIDE),
    page(
        "a form to the top", '<form action="/next" target="_top"><button>Onward</button></form>', pressed="GET /next?"
    ),
    page("a form of method PUT", '<form method="put"><button>Onward</button></form>', pressed="GET /?"),
    page(
        "a form of a dialog", '<dialog open><form method="dialog"><button>Onward</button></form></dialog>', pressed=FINE
    ),
    page(
        "a form with a file",
        '<form method="post" enctype="multipart/form-data"><input type="file" name="f"><button>Onward</button></form>',
        pressed="This page doesn't upload files: it sends their names as text.",
    ),
    page(
        "styles from elsewhere",
        '<style>@import "http://HOST/"; body { background: url(http://HOST/) } @font-face { font-family: f; src: url(http://HOST/) } b { font-family: f }</style><b>x</b>',
    ),
    page(
        "links from elsewhere",
        "".join(
            f'<link rel="{rel}" href="http://HOST/" as="image">'
            for rel in (
                "stylesheet",
                "preload",
                "prefetch",
                "preconnect",
                "dns-prefetch",
                "icon",
                "manifest",
                "modulepreload",
            )
        ),
    ),
    page(
        "pictures from elsewhere",
        '<img src="http://HOST/" srcset="http://HOST/ 2x"><picture><source srcset="http://HOST/"><img></picture><svg><image href="http://HOST/"/><use href="http://HOST/#a"/></svg><input type="image" src="http://HOST/"><table background="http://HOST/"></table>',
    ),
    page(
        "films from elsewhere",
        '<video src="http://HOST/" poster="http://HOST/" autoplay></video><audio src="http://HOST/" autoplay></audio><track src="http://HOST/">',
    ),
    page("a page of 2,000 elements", "<b>x</b>" * 2_000),
    page("a page that is too deep", "<div>" * 5_000),
]
JAVASCRIPT = [
    tries("close", "js.close()", "An app closed the worker in which Python runs."),
    tries("a message", "js.postMessage('x')"),
    tries(
        "replies of its own",
        "for n in range(100):\n    js.postMessage(to_js({'id': n, 'reply': {}, 'failure': 'x', 'ready': True}, dict_converter=js.Object.fromEntries))",
    ),
    tries("a handler of messages", "js.self.onmessage = create_proxy(print)"),
    tries("a timer that fails", "js.setTimeout(create_proxy(lambda: 1 / 0), 1)"),
    tries("JSON of JavaScript replaced", "js.JSON.parse = None", f"{FINE}|{CRASHED}"),
    tries("the clock of JavaScript replaced", "js.Date.now = None", f"{FINE}|{CRASHED}"),
    tries("fetch", "js.fetch('http://HOST/')"),
    tries("XMLHttpRequest", "x = js.XMLHttpRequest.new()\nx.open('GET', 'http://HOST/', False)\nx.send()"),
    tries("WebSocket", "js.WebSocket.new('ws://HOST/')"),
    tries("EventSource", "js.EventSource.new('http://HOST/')"),
    tries("WebTransport", "js.WebTransport.new('https://HOST/')"),
    tries("a beacon", "js.navigator.sendBeacon('http://HOST/')"),
    tries("importScripts", "js.importScripts('http://HOST/')"),
    tries("a worker", "js.Worker.new('http://HOST/')"),
    tries("Pyodide's packages", "import pyodide_js\npyodide_js.loadPackage('http://HOST/x-1-py3-none-any.whl')"),
    tries(
        "Pyodide's fetch",
        "import asyncio\nfrom pyodide.http import pyfetch\nasyncio.run(asyncio.wait_for(pyfetch('http://HOST/'), 0.1))",
    ),
    tries("eval", "js.eval('1')"),
    tries("a database", "js.indexedDB.open('left')"),
    tries("a cache", "js.caches.open('left')"),
    tries("files of the browser", "js.navigator.storage.getDirectory()"),
    tries("a service worker", "js.navigator.serviceWorker.register('x.js')"),
    tries("a channel", "js.BroadcastChannel.new('left').postMessage('x')"),
    tries("a cookie of the site", "js.cookieStore.set('left', 'x')"),
]
CASES = [*PYTHON, *LACKING, *HTTP, *PAGES, *JAVASCRIPT, *ENDLESS]
