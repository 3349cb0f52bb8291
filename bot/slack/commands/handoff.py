"""What happens when somebody types ``/incident handoff``."""

from bot.domain.heard import Who
from bot.slack.commands.named import person_named, remember
from bot.slack.desk import Desk
from bot.slack.line.handoff import HandOver
from bot.slack.render import handoff_answers as answers
from bot.slack.render.answers import Answer
from bot.slack.render.handoff import Shown
from bot.usecases.hand_over import EXAMPLE, hand_over


def carry_out(desk: Desk, who: Who, request: HandOver, key: str) -> Answer:
    """Hand over what was asked for, and say what was sent and what still misses something."""
    person = person_named(desk, who.team, request.receiver, EXAMPLE, anew=True)
    now = desk.clock()
    with desk.database.writing() as session:
        remember(session, who.team, request.receiver, person, now)
        bundle = hand_over(session, who, request.numbers, request.receiver, key=key, now=now)
    return answers.handed_over(
        request.receiver,
        [Shown(transfer=each.transfer, document=each.document, score=each.score) for each in bundle.given],
        [(each.incident, str(each.why)) for each in bundle.left],
    )
