"""What happens when somebody submits a modal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.chart import File, Kind
from bot.domain.errors import NotUnderstood
from bot.domain.heard import Reply, Who
from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, UserId
from bot.slack import requests
from bot.slack.desk import Desk
from bot.slack.handoff_forms import SUBMISSIONS as HANDOFFS
from bot.slack.render.calls import View
from bot.slack.render.modals import Submission, submission
from bot.slack.render.modals.form import about
from bot.slack.render.modals.shift import WHY, calendar_given
from bot.slack.work_forms import WORK_FORMS, number_of
from bot.store.session import Session
from bot.usecases.change_incident import change_severity, reopen_incident
from bot.usecases.fetch_calendar import from_file, host_of
from bot.usecases.log_entry import Written, log_entry, log_message
from bot.usecases.open_incident import Opening, open_incident
from bot.usecases.order_digest import NOWHERE, known_zone
from bot.usecases.set_shift import follow_calendar, place_of

Body = dict[str, Any]


def submit(desk: Desk, body: Body) -> View | None:
    """Do what the modal was for, in one transaction; the modal to go on with, if it asks once more."""
    name = body["view"]["callback_id"]
    if name not in _MODALS and name not in HANDOFFS:
        return None
    us, key = desk.identity(), requests.submission_key(body)
    form = replace(submission(body["view"]), bots=(us.user,))
    who = replace(requests.actor(us.team, body), channel=form.data.get("here"))
    if name in HANDOFFS:
        return HANDOFFS[name](desk, who, form, key)
    with desk.database.writing() as session:
        _MODALS[name](session, who, form, key, desk.clock())
    return None


def _open(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    channel = form.conversation("where") or form.data.get("channel")
    if not channel:
        raise NotUnderstood("An incident needs a channel.", "a channel I am in")
    opening = Opening(
        who=who,
        channel=ChannelId(channel),
        title=form.text("title"),
        seen=form.text("seen") or form.text("title"),
        severity=form.severity(),
        lead=form.user("lead"),
    )
    opened = open_incident(session, opening, key=key, now=now)
    log, files = form.text("log"), form.files("files")
    if (log or files) and not opened.repeated:
        pasted = Written(kind=Kind.LOG, text=log, files=files)
        log_entry(session, who, opened.incident.number, pasted, key=f"{key}:log", now=now)


def _log_entry(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    kind = Kind(form.option("kind") or form.data["kind"])
    log_entry(session, who, number_of(form), Written(kind=kind, text=form.text("text")), key=key, now=now)


def _log_message(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    data = form.data
    message = Reply(
        team=who.team,
        channel=ChannelId(data["channel"]),
        thread_ts=MessageTs(data["thread_ts"]),
        ts=MessageTs(data["ts"]),
        version=MessageTs(data["version"]),
        author=UserId(data["author"]),
        text=data["text"],
        files=tuple(File(name=name, permalink=link) for name, link in data["files"]),
    )
    number = IncidentNumber(int(form.option("incident") or 0))
    kind = Kind(form.option("kind") or Kind.NOTE)
    log_message(session, who, number, kind, message, whole=data["whole"], key=key, now=now)


def _change_severity(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    severity = form.severity()
    with about("severity"):
        if severity is None:
            raise NotUnderstood("That decides no severity yet.", "a level, or an answer to every question")
    reason = form.text("reason")
    change_severity(session, who, number_of(form), severity, reason, key=key, now=now)


def _reopen(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    reopen_incident(session, who, number_of(form), form.text("reason"), key=key, now=now)


def _follow_calendar(session: Session, who: Who, form: Submission, _key: str, now: datetime) -> None:
    address, file_id, name = calendar_given(form)
    with about("address"):
        if address and not host_of(address):
            raise NotUnderstood("That is no address of a calendar.", WHY)
    wanted = address or from_file(file_id, name)
    place = place_of(who, everywhere=bool(form.data.get("everywhere")))
    follow_calendar(session, who, place, wanted, known_zone(session, who) or NOWHERE, now)


_MODALS: dict[str, Callable[[Session, Who, Submission, str, datetime], None]] = {
    "open_incident": _open,
    "log_entry": _log_entry,
    "log_message": _log_message,
    "change_severity": _change_severity,
    "reopen": _reopen,
    "shift_calendar": _follow_calendar,
} | WORK_FORMS
