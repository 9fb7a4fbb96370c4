import requests


def drink(address, cups):
    with requests.Session() as visitor:
        for _ in range(cups):
            visitor.post(address, timeout=10).raise_for_status()
        response = visitor.get(address, timeout=10)
        response.raise_for_status()
        return response.text


if __name__ == "__main__":
    print(drink("http://127.0.0.1:5000/", 3))
