"""Answers to whoever has typed ``/incident handoff``."""

from collections.abc import Sequence

from bot.domain.ids import UserId
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.handoff import Shown

LISTED = 20


def handed_over(receiver: UserId, given: Sequence[Shown]) -> Answer:
    """What was sent, and what waits for something that is missing."""
    if not given:
        return said("That is done already.")
    sent = [each for each in given if each.transfer.sent_at]
    drafts = [each for each in given if not each.transfer.sent_at]
    lines = []
    if sent:
        listed = ", ".join(f"*{each.name}*" for each in sent[:LISTED])
        more = f" and {len(sent) - LISTED} more" if len(sent) > LISTED else ""
        to = blocks.person(receiver)
        lines.append(f"Sent to {to}: {listed}{more}. You lead until they have read back.")
    lines += [
        f"*{each.name}* is not sent yet: {blocks.escape(_critical(each))} Its thread has the buttons."
        for each in drafts[:LISTED]
    ]
    if len(drafts) > LISTED:
        lines.append(f"Nor are {len(drafts) - LISTED} more.")
    return said("\n".join(lines))


def _critical(each: Shown) -> str:
    """What keeps it from being sent, in plain words."""
    critical = set(each.score.critical)
    words = (one.words for one in each.score.missing if one.item in critical)
    return blocks.one_line(" ".join(words), each.names, 300)
