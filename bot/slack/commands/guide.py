"""What happens when somebody types ``/incident guide`` or ``/incident checklist``."""

from bot.domain.heard import Who
from bot.slack.desk import Desk
from bot.slack.guidance import page_for
from bot.slack.line.guide import Checklist, Guide
from bot.slack.render import answers
from bot.slack.render.answers import Answer
from bot.usecases.keep_checklist import post_checklist


def carry_out(desk: Desk, who: Who, request: Guide | Checklist, key: str) -> Answer:
    """Show a page, or post the checklist; the answer is given once it is stored."""
    if isinstance(request, Guide):
        return page_for(desk, who, request.topic)
    with desk.database.writing() as session:
        post_checklist(session, who, request.number, key=key, now=desk.clock())
    return answers.checklist_coming(request.number)
