import asyncio

from flask import Blueprint, session

bp = Blueprint("prices", __name__)
PRICES = {"tea": 2, "milk": 1}


async def look_up(item):
    await asyncio.sleep(0)  # a real app asks another server here
    session[item] = PRICES[item]
    return PRICES[item]


@bp.post("/prices")
async def prices():
    tea, milk = await asyncio.gather(look_up("tea"), look_up("milk"))
    return f"Tea: {tea}, milk: {milk}"
