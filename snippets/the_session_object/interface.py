from flask import request
from flask.sessions import SecureCookieSessionInterface


class QuietStaticFiles(SecureCookieSessionInterface):
    def should_set_cookie(self, app, session):
        static = request.endpoint == "static"
        return not static and super().should_set_cookie(app, session)
