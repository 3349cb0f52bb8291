"""How the weather is bent: faults, delivery, sockets, transport, the clock, waiting and starting over."""

from bot.sandbox.config import ControlError, Json
from bot.sandbox.control.order import Order
from bot.sandbox.hub import Hub
from bot.sandbox.webapi.method import FLAG, NUMBER, TEXT, WHOLE

DROP_REASONS = (None, "refresh_requested", "warning", "link_disabled")
ORDERINGS = ("fifo", "reverse", "random")


def add_fault(hub: Hub, args: Json) -> Json:
    """Scripts a failure of the Web API."""
    hub.faults.add(args)
    return {}


async def set_delivery(hub: Hub, args: Json) -> Json:
    """Changes how events travel; letting go of held ones delivers them in order."""
    was_holding = hub.delivery.settings.hold
    hub.delivery.configure(**args)
    if was_holding and not hub.delivery.settings.hold:
        await hub.delivery.release("fifo", None)
    return {"settings": vars(hub.delivery.settings)}


async def release(hub: Hub, args: Json) -> Json:
    """Delivers what was held."""
    order = args.get("order", "fifo")
    if order not in ORDERINGS:
        raise ControlError(f"order is one of {', '.join(ORDERINGS)}")
    return {"released": await hub.delivery.release(order, args.get("seed"))}


async def drop_socket(hub: Hub, args: Json) -> Json:
    """Ends the sockets, with or without a goodbye."""
    reason = args.get("reason")
    if reason not in DROP_REASONS:
        raise ControlError("reason is refresh_requested, warning, link_disabled or null")
    dropped = await hub.sockets.drop(reason)
    return {"dropped": dropped}


def set_transport(hub: Hub, args: Json) -> Json:
    """Switches between Socket Mode and a request URL."""
    hub.request_url = args.get("request_url")
    hub.feed.publish("transport", transport=hub.transport())
    return {"transport": hub.transport()}


def set_clock(hub: Hub, args: Json) -> Json:
    """Moves the clock; retries that became due go out."""
    if "set" in args:
        hub.world.set_clock(args["set"])
    hub.world.set_clock(hub.world.now() + args.get("advance", 0.0))
    hub.delivery.clock_moved()
    hub.feed.publish("clock", clock=hub.world.now())
    return {"clock": hub.world.now()}


async def settle(hub: Hub, args: Json) -> Json:
    """Waits until nothing is on its way to the bot."""
    return {"idle": await hub.delivery.settled(args.get("timeout", 10.0))}


def reset(hub: Hub, _args: Json) -> Json:
    """A fresh world."""
    hub.reset()
    return {}


FAULT = {"times": WHOLE, "retry_after": WHOLE, "error": TEXT, "seconds": NUMBER, "after": WHOLE}
DELIVERY = {"copies": WHOLE, "parallel": FLAG, "hold": FLAG, "drop": WHOLE, "answer_timeout": NUMBER}

ORDERS = (
    Order("faults", {"method": TEXT, "kind": TEXT}, FAULT, add_fault),
    Order("delivery", {}, DELIVERY, ask=set_delivery),
    Order("delivery/release", {}, {"order": TEXT, "seed": WHOLE}, ask=release),
    Order("drop_socket", {}, {"reason": TEXT}, ask=drop_socket),
    Order("transport", {}, {"request_url": TEXT}, set_transport),
    Order("clock", {}, {"advance": NUMBER, "set": NUMBER}, set_clock),
    Order("settle", {}, {"timeout": NUMBER}, ask=settle),
    Order("reset", {}, {}, reset),
)
