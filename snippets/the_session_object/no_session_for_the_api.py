from flask.sessions import SecureCookieSessionInterface


class SessionsOutsideTheApi(SecureCookieSessionInterface):
    def open_session(self, app, request):
        if request.path.startswith("/api/"):
            return None
        return super().open_session(app, request)
