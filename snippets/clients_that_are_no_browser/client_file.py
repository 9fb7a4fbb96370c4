import os
from http.cookiejar import MozillaCookieJar

import requests


def drink(address, file="cookies.txt"):
    with requests.Session() as visitor:
        visitor.cookies = jar = MozillaCookieJar(file)
        if os.path.exists(file):
            jar.load(ignore_discard=True)
        response = visitor.post(address, timeout=10)
        response.raise_for_status()
        jar.save(ignore_discard=True)
        return response.text


if __name__ == "__main__":
    print(drink("http://127.0.0.1:5000/"))
