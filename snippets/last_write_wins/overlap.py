from flask import current_app, redirect, request, session, url_for


def overlapping(*requests):
    """Simulates a browser that sends these requests at once.

    Each of them carries the cookie that the browser has now, and the browser
    gets the responses in this order.
    """
    sent = {"Cookie": request.headers.get("Cookie", "")}
    response = redirect(url_for("index"))
    for method, path, form in requests:
        client = current_app.test_client(use_cookies=False)
        one = client.open(path, method=method, data=form, headers=sent)
        for cookie in one.headers.getlist("Set-Cookie"):
            response.headers.add("Set-Cookie", cookie)
    # Flask then adds no cookie for this request, which only simulates others.
    session.clear()
    session.modified = False
    return response
