"""All methods of the sandbox's Web API by name."""

from bot.sandbox.webapi import basics, chat, conversations, extras, files, people, reactions, views
from bot.sandbox.webapi.method import Method

ALL: tuple[Method, ...] = (
    *basics.METHODS,
    *chat.METHODS,
    *conversations.METHODS,
    *extras.METHODS,
    *files.METHODS,
    *people.METHODS,
    *reactions.METHODS,
    *views.METHODS,
)
METHODS: dict[str, Method] = {method.name: method for method in ALL}
