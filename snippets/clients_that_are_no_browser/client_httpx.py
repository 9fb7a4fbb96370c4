import httpx


def drink(address, cups):
    with httpx.Client(follow_redirects=True) as visitor:
        for _ in range(cups):
            visitor.post(address).raise_for_status()
        response = visitor.get(address)
        response.raise_for_status()
        return response.text


if __name__ == "__main__":
    print(drink("http://127.0.0.1:5000/", 3))
