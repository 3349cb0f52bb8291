"""Answers to commands and clicks, for the eyes of the person who asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.errors import Refused
from bot.domain.ids import IncidentNumber, UserId, shown
from bot.domain.incident import Incident
from bot.domain.ward import Chart
from bot.slack.line.forms import FORMS
from bot.slack.render import blocks
from bot.slack.render.calls import Block
from bot.slack.render.card import card, severity_words, summary

Answer = dict[str, Any]
LISTED_IN_FULL = 20


def said(text: str) -> Answer:
    """A plain answer."""
    return {"response_type": "ephemeral", "text": blocks.clip(text, blocks.TEXT_LIMIT)}


def opened(incident: Incident, *, repeated: bool) -> Answer:
    """What became of ``/incident open``."""
    name = shown(incident.number)
    if not repeated:
        graded = severity_words(incident.severity)
        triage = "" if incident.triaged_at else " until somebody says more: `sev: 2 why` in the thread"
        return said(f"*{name}* is open, {graded}{triage}. Its chart comes up in this channel.")
    text = f"You opened this a moment ago: it is *{name}*."
    another = blocks.button("Open another", "open_another", str(incident.number))
    return said(text) | {"blocks": [blocks.section(text), blocks.actions("again", [another])]}


def changed(incident: Incident) -> Answer:
    """Where an incident stands after a command; the thread has been told in full."""
    name = shown(incident.number)
    if incident.resolved_at:
        return said(f"*{name}* is resolved.")
    lead = f"{blocks.person(incident.lead)} leads" if incident.lead else "nobody leads"
    return said(f"*{name}* is open, {severity_words(incident.severity)}, {lead}.")


def refused(error: Exception, text: str) -> Answer:
    """Why something was not done, with the buttons that make room for it; *text* is escaped."""
    if not isinstance(error, Refused) or error.incident is None:
        return said(text)
    rows = blocks.offers("offers", error.offers, str(error.incident))
    return said(text) | {"blocks": [blocks.section(text), *rows]}


def checklist_coming(number: IncidentNumber) -> Answer:
    """The checklist is on its way into the thread."""
    return said(f"The checklist comes up at the end of *{shown(number)}*'s thread. Everybody can tick it.")


def exported(number: IncidentNumber, *, here: bool) -> Answer:
    """A file is on its way, and to whom."""
    if here:
        return said(f"The file comes up in *{shown(number)}*'s thread.")
    return said(f"*{shown(number)}* comes to you as a file, in our direct messages.")


def invited(
    number: IncidentNumber, fresh: Iterable[UserId], already: Iterable[UserId], due_at: datetime
) -> Answer:
    """Who was asked for a second opinion now and who before, and until when they may answer."""
    name = shown(number)
    asked, before = (", ".join(blocks.person(each) for each in people) for people in (fresh, already))
    parts = [
        f"Asked {asked} about *{name}*, in private." if asked else f"Nobody new is asked about *{name}*.",
        f"Already asked: {before}." if before else "",
        f"Nothing is shown before all have answered, or {blocks.date(due_at)}.",
    ]
    return said(" ".join(part for part in parts if part))


def listed(open_ones: Sequence[Incident], total: int, now: datetime, address: str) -> Answer:
    """What is open, the worst of a *total*, with a link to each thread; *address* is the workspace's."""
    if not open_ones:
        return said("Nothing is open.")
    count = f"{total} open incident{'' if total == 1 else 's'}"
    if total > len(open_ones):
        count += f", the worst {len(open_ones)}:"
    built = [blocks.section(f"*{count}*")]
    built += [blocks.section(_line(incident, now, address)) for incident in open_ones[:LISTED_IN_FULL]]
    if len(open_ones) > LISTED_IN_FULL:
        rest = ", ".join(shown(incident.number) for incident in open_ones[LISTED_IN_FULL:])
        built.append(blocks.context(f"And {rest}"))
    return said(count) | {"blocks": built}


def _line(incident: Incident, now: datetime, address: str) -> str:
    title = blocks.escape(blocks.one_line(incident.title, {}, 140))
    lead = f"led by {blocks.person(incident.lead)}" if incident.lead else "nobody leads"
    head = f"{severity_words(incident.severity)}  *{_linked(incident, address)}*  {title}"
    return f"{head}\n{lead}, in <#{incident.channel}>, open for {span(now, incident.opened_at)}"


def _linked(incident: Incident, address: str) -> str:
    """The number, leading to the thread once there is one."""
    name = shown(incident.number)
    if incident.thread_ts is None:
        return name
    return f"<{blocks.permalink(address, incident.channel, incident.thread_ts)}|{name}>"


def span(now: datetime, then: datetime) -> str:
    """How long ago, in the largest unit that says enough."""
    minutes = max(int((now - then).total_seconds() // 60), 0)
    if minutes < 60:  # noqa: PLR2004 - minutes an hour.
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004 - two days.


def charted(chart: Chart) -> Answer:
    """One chart, without the buttons that change it."""
    value = str(chart.incident.number)
    looking = [blocks.button("Work-up…", "workup", value)]
    if chart.workup.history:
        looking.append(blocks.button("Post the picture of its evolution", "picture", value))
    return said(summary(chart)) | {"blocks": [*card(chart, buttons=False), blocks.actions("look", looking)]}


def helped(open_ones: Sequence[Incident], total: int, now: datetime, address: str) -> Answer:
    """What can be typed, and what is open."""
    forms = [f"`/incident {form.usage}`  {form.does}" for form in FORMS]
    found = listed(open_ones, total, now, address)
    built: list[Block] = [*blocks.lines_of(forms), blocks.divider()]
    built += found.get("blocks") or [blocks.section(found["text"])]
    return said("How to use /incident. " + found["text"]) | {"blocks": built}
