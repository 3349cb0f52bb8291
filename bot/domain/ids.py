"""Names for the identifiers that travel through the program, so that two of them cannot be swapped.

A Slack ``ts`` is a string from end to end: as a number it would lose its trailing zeros, and with them
the message it names.
"""

from typing import NewType

TeamId = NewType("TeamId", str)
ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
MessageTs = NewType("MessageTs", str)
IncidentNumber = NewType("IncidentNumber", int)


def is_direct(channel: ChannelId) -> bool:
    """Whether a conversation is a direct message: those are private, and their ids tell."""
    return channel.startswith("D")


def shown(number: IncidentNumber) -> str:
    """An incident's number as people write it, for instance ``INC-12``."""
    return f"INC-{number}"
