from functools import wraps

from flask import current_app, make_response, redirect, session, url_for
from users import users


def login_required(view):
    @wraps(view)
    def guarded(**values):
        if session.get("user") not in users:
            return redirect(url_for("sign_in"))
        response = make_response(current_app.ensure_sync(view)(**values))
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded
