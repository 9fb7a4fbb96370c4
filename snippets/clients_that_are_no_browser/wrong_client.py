import requests


def drink(address, cups):
    cookies = {}
    for _ in range(cups):
        response = requests.post(
            address, cookies=cookies, timeout=10, allow_redirects=False
        )
        cookies = response.cookies
        response = requests.get(address, cookies=cookies, timeout=10)
        cookies = response.cookies
    return response.text


if __name__ == "__main__":
    print(drink("http://127.0.0.1:5000/", 3))
