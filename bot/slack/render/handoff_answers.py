"""Answers to whoever has typed ``/incident handoff``."""

from collections.abc import Sequence

from bot.domain.ids import IncidentNumber, UserId, shown
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.handoff import Shown, gaps_of, leader

LISTED = 20


def handed_over(
    receiver: UserId, given: Sequence[Shown], left: Sequence[tuple[IncidentNumber, str]] = ()
) -> Answer:
    """What was sent, what waits for something that is missing, and what was left out and why."""
    if not given and not left:
        return said("That is done already.")
    sent = [each for each in given if each.transfer.sent_at]
    drafts = [each for each in given if not each.transfer.sent_at]
    lines = []
    if sent:
        listed = ", ".join(f"*{each.name}*" for each in sent[:LISTED])
        more = f" and {len(sent) - LISTED} more" if len(sent) > LISTED else ""
        to = blocks.person(receiver)
        lines.append(f"Sent to {to}: {listed}{more}. {_until(sent)}")
    lines += [
        f"*{each.name}* is not sent yet: {blocks.escape(_critical(each))} Its thread has the buttons."
        for each in drafts[:LISTED]
    ]
    if len(drafts) > LISTED:
        lines.append(f"Nor are {len(drafts) - LISTED} more.")
    lines += [f"*{shown(number)}* is left out: {blocks.explained(why)}" for number, why in left[:LISTED]]
    if len(left) > LISTED:
        lines.append(f"So are {len(left) - LISTED} more.")
    return said("\n".join(lines))


def _until(sent: Sequence[Shown]) -> str:
    """Who leads meanwhile: whoever has given it may not be whoever leads it."""
    if all(each.document.patient.lead == each.transfer.asked_by for each in sent):
        return "You lead until they have read back."
    leads = list(dict.fromkeys(leader(each) for each in sent))
    return f"{', '.join(leads)} until they have read back."


def _critical(each: Shown) -> str:
    """What keeps it from being sent, in plain words."""
    return blocks.one_line(" ".join(gap.words for gap in gaps_of(each) if gap.critical), each.names, 300)
