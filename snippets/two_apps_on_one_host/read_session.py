import os

from flask import Flask
from itsdangerous import BadSignature

LIFETIME = 31 * 24 * 3600  # seconds, as the shop's PERMANENT_SESSION_LIFETIME
shop = Flask("shop")
shop.secret_key = os.environ["SHOP_KEY"]
serializer = shop.session_interface.get_signing_serializer(shop)


def read_session(cookie):
    try:
        return serializer.loads(cookie, max_age=LIFETIME)
    except BadSignature:
        return {}
