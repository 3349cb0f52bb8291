"""The buttons and modals of a handoff: what opens them, and what happens when they are submitted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.domain.errors import NotUnderstood, Refused, RoundsError
from bot.domain.handoff.scoring import score
from bot.domain.heard import Who
from bot.domain.ids import ChannelId, IncidentNumber, shown
from bot.slack import requests
from bot.slack.commands.named import person_named, remember
from bot.slack.desk import Desk
from bot.slack.handoff_posts import whole
from bot.slack.render.calls import View
from bot.slack.render.handoff import Shown
from bot.slack.render.modals import handoff as views
from bot.slack.render.modals import loading_view, sorry_view
from bot.slack.render.modals.form import Submission
from bot.slack.render.modals.handoff_whole import whole_view
from bot.store import incidents
from bot.store.session import Session
from bot.usecases.accept_handoff import Said, Sheet, decline, may_decline, read_back, read_sheet
from bot.usecases.hand_over import EXAMPLE, hand_over, send_anyway

Body = dict[str, Any]


def _number(form: Submission) -> IncidentNumber:
    return IncidentNumber(int(form.data["incident"]))


def _shown(sheet: Sheet) -> Shown:
    return Shown(transfer=sheet.transfer, document=sheet.document, score=score(sheet.document))


def _seen(session: Session, who: Who, number: IncidentNumber, now: datetime) -> Shown:
    """The newest attempt, for whoever may see the incident.

    Raises:
        NoSuchIncident: It is none of theirs.
        Refused: Nobody has handed it over yet.
    """
    incidents.seen_by(session, who.team, number, viewer=who.user, here=who.channel)
    found = whole(session, who.team, number, now)
    if found is None:
        raise Refused(f"{shown(number)} was not handed over yet.")
    return found


def _read_back(session: Session, who: Who, number: IncidentNumber, now: datetime) -> View:
    sheet = read_sheet(session, who, number, now)
    return views.read_back_view(_shown(sheet), who.channel, picks=sheet.picks, news=sheet.news)


def _decline(session: Session, who: Who, number: IncidentNumber) -> View:
    may_decline(session, who, number)
    return views.decline_handoff_view(number, who.channel)


# Each looks at the newest truth; reading back may have to keep a new version of it.
OPENINGS: dict[str, Callable[[Session, Who, IncidentNumber, datetime], View]] = {
    "read_back": _read_back,
    "handoff_whole": lambda session, who, number, now: whole_view(
        _seen(session, who, number, now), who.channel
    ),
    "send_anyway": lambda session, who, number, now: views.send_anyway_view(
        _seen(session, who, number, now), who.channel
    ),
    "decline_handoff": lambda session, who, number, _now: _decline(session, who, number),
}


def open_handoff(desk: Desk, body: Body, name: str, number: IncidentNumber) -> None:
    """Open a modal of a handoff; the trigger is used before anything is read."""
    view_id = desk.gateway.open_view(body["trigger_id"], loading_view(), on_top=requests.on_modal(body))
    who = requests.actor(desk.identity().team, body)
    try:
        with desk.database.writing() as session:
            view = OPENINGS[name](session, who, number, desk.clock())
    except RoundsError as error:
        view = sorry_view(str(error))
    desk.gateway.update_view(view_id, view)


def submit_read_back(desk: Desk, who: Who, form: Submission, key: str) -> View | None:
    """Take what was read back; None where that accepts it, or else the modal to go on with."""
    picked, here = views.picked_in(form), _here(form)
    said = Said(version=int(form.data["version"]), words=form.text("synthesis"), picked=picked)
    with desk.database.writing() as session:
        found = read_back(session, who, _number(form), said, key=key, now=desk.clock())
    if found.accepted:
        return None
    if found.sheet.transfer.exhausted:
        still = "\n".join(f"• {each}" for each in found.differing)
        return sorry_view(
            f"This still differs from the chart:\n{still}\n"
            f"Please talk to @{found.sheet.transfer.giver}: one tap of theirs hands it over."
        )
    each = _shown(found.sheet)
    return views.read_back_view(
        each,
        here,
        picks=found.sheet.picks,
        news=found.sheet.news if found.stale else (),
        differing=found.differing,
        before=form,
    )


def _here(form: Submission) -> ChannelId | None:
    here = form.data.get("here")
    return ChannelId(here) if here else None


def submit_hand_over(desk: Desk, who: Who, form: Submission, key: str) -> None:
    """Hand an incident over to whoever was picked."""
    receiver = form.user("receiver")
    if receiver is None:
        raise NotUnderstood("A handoff needs to know who takes over.", EXAMPLE)
    person = person_named(desk, who.team, receiver, EXAMPLE, anew=True)
    now = desk.clock()
    with desk.database.writing() as session:
        remember(session, who.team, receiver, person, now)
        hand_over(session, who, [_number(form)], receiver, key=key, now=now)


def submit_anyway(desk: Desk, who: Who, form: Submission, key: str) -> None:
    """Send what has critical omissions."""
    with desk.database.writing() as session:
        send_anyway(session, who, _number(form), form.text("reason"), key=key, now=desk.clock())


def submit_decline(desk: Desk, who: Who, form: Submission, key: str) -> None:
    """Decline a handoff."""
    with desk.database.writing() as session:
        decline(session, who, _number(form), form.text("reason"), key=key, now=desk.clock())


SUBMISSIONS: dict[str, Callable[[Desk, Who, Submission, str], View | None]] = {
    "read_back": submit_read_back,
    "hand_over": submit_hand_over,
    "send_anyway": submit_anyway,
    "decline_handoff": submit_decline,
}
