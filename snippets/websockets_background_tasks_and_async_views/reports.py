from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from threading import Lock

from flask import Blueprint, abort, redirect, session, url_for
from markupsafe import escape

bp = Blueprint("reports", __name__)
pool = ThreadPoolExecutor(max_workers=2)
# With more than one process: a table of the database, or Redis.
results = {}
LIMIT = 1000
lock = Lock()


def write_report(name):
    """Runs in a thread that has neither a request nor a session."""
    return f"The report for {name}"


def make_room():
    """Forget the oldest report that is ready, because anyone can order one."""
    if len(results) < LIMIT:
        return
    for job, report in results.items():
        if report.done():
            del results[job]
            return
    abort(503)


@bp.post("/report")
def order():
    if "name" not in session:
        abort(403)
    with lock:
        make_room()
        session["job"] = token_hex()
        results[session["job"]] = pool.submit(write_report, session["name"])
    return redirect(url_for("reports.fetch"))


@bp.get("/report")
def fetch():
    with lock:
        report = results.get(session.get("job"))
        if report is None or not report.done():
            return "There is no report yet."
        del results[session["job"]]
    return escape(report.result())
