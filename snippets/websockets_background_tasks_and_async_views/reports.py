from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

from flask import Blueprint, abort, redirect, session, url_for
from markupsafe import escape

bp = Blueprint("reports", __name__)
pool = ThreadPoolExecutor(max_workers=2)
# With more than one process: a table of the database, or Redis.
results = {}


def write_report(job, name):
    """Runs in a thread that has neither a request nor a session."""
    results[job] = f"The report for {name}"


@bp.post("/report")
def order():
    if "name" not in session:
        abort(403)
    session["job"] = token_hex()
    pool.submit(write_report, session["job"], session["name"])
    return redirect(url_for("reports.fetch"))


@bp.get("/report")
def fetch():
    return escape(results.pop(session.get("job"), "There is no report yet."))
