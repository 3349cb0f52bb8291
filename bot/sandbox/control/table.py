"""All orders of the control API by path."""

from bot.sandbox.control import acts, asks, rules
from bot.sandbox.control.order import Order

ORDERS: dict[str, Order] = {order.path: order for order in (*acts.ORDERS, *asks.ORDERS, *rules.ORDERS)}
