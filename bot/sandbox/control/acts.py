"""What people do that needs no answer of the bot: writing, editing, deleting, reacting, coming and going."""

from dataclasses import replace

from bot.sandbox import members
from bot.sandbox.config import ControlError, Json
from bot.sandbox.control.order import Order, any_channel, live_message, person, seen_channel, their_channel
from bot.sandbox.emoji import is_emoji
from bot.sandbox.files import announce, person_file, share
from bot.sandbox.hub import Hub
from bot.sandbox.members import open_im
from bot.sandbox.messages import (
    add_message,
    add_reaction,
    delete_message,
    edit_typed,
    person_message,
    remove_reaction,
)
from bot.sandbox.shapes import file_object
from bot.sandbox.views import home_opened
from bot.sandbox.webapi.method import FLAG, LIST, OBJECTS, TEXT
from bot.sandbox.world import Channel


def message(hub: Hub, args: Json) -> Json:
    """Somebody sends what they typed, with files or without."""
    channel = _open(their_channel(hub, args))
    uploads = [person_file(hub, args["user"], one) for one in args.get("files", [])]
    if not uploads and not args.get("text"):
        raise ControlError("nobody can send an empty message")
    body = _written(hub, args)
    if uploads:
        shown = [file_object(upload, hub.base_url) for upload in uploads]
        body |= {"subtype": "file_share", "files": shown, "upload": False, "display_as_bot": False}
    thread_ts = args.get("thread_ts")
    sent = add_message(hub, channel, body, thread_ts, broadcast=args.get("broadcast", False))
    for upload in uploads:
        share(upload, channel, sent["ts"], thread_ts)
        announce(hub, channel, upload)
    return {"ts": sent["ts"], "channel": channel.id}


def upload(hub: Hub, args: Json) -> Json:
    """Somebody chooses a file in a modal: it is uploaded at once and goes with the submission."""
    return {"file": file_object(person_file(hub, person(hub, args), args), hub.base_url)}


def _written(hub: Hub, args: Json) -> Json:
    body = person_message(hub, args["user"], args.get("text", ""))
    subtype = args.get("subtype")
    if subtype not in (None, "me_message"):
        raise ControlError("people send plain messages or me_message")
    if subtype == "me_message":
        return {"type": "message", "subtype": "me_message", "user": args["user"], "text": body["text"]}
    return body


def _open(channel: Channel) -> Channel:
    if channel.is_archived:
        raise ControlError(f"#{channel.name} is archived")
    return channel


def edit(hub: Hub, args: Json) -> Json:
    """Somebody edits their own message."""
    channel = _open(their_channel(hub, args))
    if live_message(channel, args["ts"]).get("user") != args["user"]:
        raise ControlError("people edit only their own messages")
    edit_typed(hub, channel, args["ts"], args["user"], args["text"])
    return {}


def delete(hub: Hub, args: Json) -> Json:
    """Somebody deletes their own message, or an admin anybody's."""
    channel = their_channel(hub, args)
    own = live_message(channel, args["ts"]).get("user") == args["user"]
    if not own and not hub.world.users[args["user"]].is_admin:
        raise ControlError("only admins delete what others wrote")
    delete_message(hub, channel, args["ts"])
    return {}


def react(hub: Hub, args: Json) -> Json:
    """Somebody adds a reaction, or takes it back."""
    channel = _open(their_channel(hub, args))
    live_message(channel, args["ts"])
    name = args["name"].strip(":")
    if not is_emoji(name):
        raise ControlError(f"there is no emoji :{name}:")
    change = remove_reaction if args.get("remove") else add_reaction
    change(hub, channel, args["ts"], args["user"], name)
    return {}


def home(hub: Hub, args: Json) -> Json:
    """Somebody opens the app's Home."""
    user = person(hub, args)
    home_opened(hub, user, open_im(hub, user)[0].id)
    return {}


def join(hub: Hub, args: Json) -> Json:
    """Somebody joins a public channel."""
    channel = seen_channel(hub, args)
    if channel.is_direct:
        raise ControlError("nobody joins a direct message")
    return {"joined": members.join(hub, channel, args["user"])}


def leave(hub: Hub, args: Json) -> Json:
    """Somebody leaves, or the bot is taken out."""
    return {"left": members.leave(hub, any_channel(hub, args["channel"]), person(hub, args))}


def invite(hub: Hub, args: Json) -> Json:
    """A member brings somebody in."""
    channel = _open(their_channel(hub, args))
    invitee = person(hub, {"user": args["invitee"]})
    if channel.is_direct:
        raise ControlError("nobody is invited into a direct message")
    return {"joined": members.join(hub, channel, invitee, args["user"])}


def archive(hub: Hub, args: Json) -> Json:
    """A member archives the channel."""
    members.archive(hub, _open(their_channel(hub, args)), args["user"], archived=True)
    return {}


def unarchive(hub: Hub, args: Json) -> Json:
    """A member brings the channel back."""
    channel = their_channel(hub, args)
    if not channel.is_archived:
        raise ControlError(f"#{channel.name} is not archived")
    members.archive(hub, channel, args["user"], archived=False)
    return {}


def rename(hub: Hub, args: Json) -> Json:
    """A member renames the channel."""
    members.rename(hub, their_channel(hub, args), args["name"])
    return {}


def create(hub: Hub, args: Json) -> Json:
    """Somebody opens a new channel."""
    channel = members.create(hub, person(hub, args), args["name"], is_private=args.get("is_private", False))
    return {"channel": members.channel_summary(channel)}


def deactivate(hub: Hub, args: Json) -> Json:
    """An admin deactivates somebody's account: they are known, and can be reached no more."""
    gone = person(hub, args)
    hub.world.users[gone] = replace(hub.world.users[gone], deleted=True)
    return {}


def usergroup(hub: Hub, args: Json) -> Json:
    """An admin says who is in a user group."""
    group = hub.world.usergroups.get(args["usergroup"])
    if group is None:
        raise ControlError(f"there is no user group {args['usergroup']}")
    users = [person(hub, {"user": each}) for each in args["users"]]
    hub.world.usergroups[group.id] = replace(group, members=tuple(users))
    return {}


WHO = {"user": TEXT, "channel": TEXT}
WHICH = {**WHO, "ts": TEXT}
WAIT = {"wait": FLAG}
FILE = {"content": TEXT, "base64": TEXT, "mimetype": TEXT, **WAIT}
MESSAGE = {"text": TEXT, "thread_ts": TEXT, "broadcast": FLAG, "files": OBJECTS, "subtype": TEXT, **WAIT}

ORDERS = (
    Order("act/message", WHO, MESSAGE, message),
    Order("act/upload", {"user": TEXT, "name": TEXT}, FILE, upload),
    Order("act/edit", {**WHICH, "text": TEXT}, WAIT, edit),
    Order("act/delete", WHICH, WAIT, delete),
    Order("act/react", {**WHICH, "name": TEXT}, {"remove": FLAG, **WAIT}, react),
    Order("act/home", {"user": TEXT}, WAIT, home),
    Order("act/deactivate", {"user": TEXT}, {}, deactivate),
    Order("act/usergroup", {"usergroup": TEXT, "users": LIST}, {}, usergroup),
    Order("act/join", WHO, WAIT, join),
    Order("act/leave", WHO, WAIT, leave),
    Order("act/invite", {**WHO, "invitee": TEXT}, WAIT, invite),
    Order("act/archive", WHO, WAIT, archive),
    Order("act/unarchive", WHO, WAIT, unarchive),
    Order("act/rename", {**WHO, "name": TEXT}, WAIT, rename),
    Order("act/channel", {"user": TEXT, "name": TEXT}, {"is_private": FLAG, **WAIT}, create),
)
