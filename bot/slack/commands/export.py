"""What happens when somebody types ``/incident export``."""

from bot.domain.heard import Who
from bot.slack.desk import Desk
from bot.slack.line.export import ExportIncident
from bot.slack.render.answers import Answer, exported
from bot.usecases.export_incident import Export, want_export


def carry_out(desk: Desk, who: Who, request: ExportIncident, key: str) -> Answer:
    """Have the file made; the answer is given once that is sure to happen."""
    wanted = Export(number=request.number, form=request.form, here=request.here)
    with desk.database.writing() as session:
        want_export(session, who, wanted, key=key, now=desk.clock())
    return exported(request.number, here=request.here)
