from flask_wtf.csrf import generate_csrf


def send_xsrf_cookie(app):
    app.config["WTF_CSRF_HEADERS"] = ["X-CSRFToken", "X-XSRF-TOKEN"]

    @app.after_request
    def set_cookie(response):
        token = generate_csrf()
        response.set_cookie("XSRF-TOKEN", token, secure=True, samesite="Lax")
        return response
