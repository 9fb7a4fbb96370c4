from functools import wraps

from flask import redirect, session, url_for
from users import users


def login_required(view):
    @wraps(view)
    def guarded(**values):
        if session.get("user") not in users:
            return redirect(url_for("sign_in"))
        return view(**values)

    return guarded
