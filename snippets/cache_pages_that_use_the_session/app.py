import os
import secrets

from flask import Flask, make_response, session
from flask.sessions import SecureCookieSessionInterface


class PrivateSessions(SecureCookieSessionInterface):
    def should_set_cookie(self, app, session):
        return session.accessed and super().should_set_cookie(app, session)

    def save_session(self, app, session, response):
        super().save_session(app, session, response)
        if "Cookie" in response.vary:
            response.cache_control.no_store = True


app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.session_interface = PrivateSessions()


@app.get("/")
def index():
    if "visitor" not in session:
        session.permanent = True
        session["visitor"] = secrets.token_hex(4)
    return f"You are visitor {session['visitor']}."


@app.get("/news")
def news():
    response = make_response("The same for everybody.")
    response.cache_control.max_age = 60
    return response
