"""The workspace every sandbox starts with: four people in four time zones, five channels, direct messages."""

import time

from bot.sandbox.manifest import AppProfile
from bot.sandbox.world import BOT_USER, SLACKBOT, Channel, User, Usergroup, World

ANA, BEN, CHO, DEV = "U0ANA", "U0BEN", "U0CHO", "U0DEV"
PEOPLE = (ANA, BEN, CHO, DEV)
# The workspace is a year older than the moment the sandbox starts.
AGE = 31_536_000


def fresh_world(profile: AppProfile) -> World:
    """The default world, with nobody having said anything yet."""
    return World(users=_users(profile), channels=_channels(), usergroups=_usergroups())


def _users(profile: AppProfile) -> dict[str, User]:
    users = (
        User(ANA, "ana", "Ana Ruiz", "Europe/Madrid", is_admin=True),
        User(BEN, "ben", "Ben Okafor", "America/New_York"),
        User(CHO, "cho", "Cho Min-ji", "Asia/Seoul"),
        User(DEV, "dev", "Dev Patel", "Asia/Kolkata"),
        User(BOT_USER, "rounds", profile.bot_name, "America/Los_Angeles", is_bot=True),
        User(SLACKBOT, "slackbot", "Slackbot", "America/Los_Angeles"),
    )
    return {user.id: user for user in users}


def _channels() -> dict[str, Channel]:
    created = int(time.time()) - AGE
    everybody = [*PEOPLE, BOT_USER]
    channels = [
        Channel("C0INCIDENTS", "ml-incidents", everybody.copy(), ANA, created),
        Channel("C0TRAINING", "training-runs", everybody.copy(), BEN, created),
        Channel("C0GENERAL", "general", list(PEOPLE), ANA, created),
        Channel("C0SECRET", "sec-incidents", [ANA, BEN, BOT_USER], ANA, created, is_private=True),
        Channel("C0BOARD", "board", [ANA, CHO], ANA, created, is_private=True),
        Channel("D0ANABEN", "", [ANA, BEN], ANA, created, is_im=True),
    ]
    channels.append(group_direct("G0ALL", [ANA, BEN, CHO, BOT_USER], "mpdm-ana--ben--cho-1", created))
    channels += [Channel("D0" + who[2:], "", [who, BOT_USER], who, created, is_im=True) for who in PEOPLE]
    return {channel.id: channel for channel in channels}


def group_direct(channel_id: str, members: list[str], name: str, created: int) -> Channel:
    """A direct message of more than two, which Slack keeps as a private conversation with a made-up name."""
    return Channel(channel_id, name, members, members[0], created, is_private=True, is_mpim=True)


def _usergroups() -> dict[str, Usergroup]:
    return {"S0ONCALL": Usergroup("S0ONCALL", "ml-oncall", "ML on call", (ANA, BEN))}
