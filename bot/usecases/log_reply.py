"""Log a reply: its typed lines become entries, an edit revises them, and plain talk is left alone.

Slack may deliver an edit before its message and anything twice. The version of a text decides, not the order
in which texts arrive, so that every order leads to the same chart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chart import EXAMPLES, Entry, Kind, Typed, match_lines, moment, typed_entries
from bot.domain.errors import NotUnderstood, RoundsError, TooEarly
from bot.domain.heard import Reply, mentioned
from bot.domain.ids import MessageTs, UserId
from bot.domain.incident import Incident, severity_and_reason
from bot.domain.offer import unique
from bot.domain.work.closing import diagnosis_of, read_closing
from bot.domain.work.meaning import HEARD_KINDS, WORKUP_KINDS, concerns
from bot.domain.work.saying import Meaning, Saying
from bot.store import entries, incidents, outbox
from bot.store.entries import Draft, Message, draft_of
from bot.store.session import Session
from bot.usecases.change_incident import (
    act_on_cause,
    act_on_lead,
    act_on_severity,
    lead_named_in,
    receiver_named_in,
)
from bot.usecases.follow_workup import NOBODY, Sitting, Unfit, read_workup, settle, sit, store_steps, tell
from bot.usecases.hand_over import act_on_handoff, bundle_of
from bot.usecases.know_zone import zone_for
from bot.usecases.open_incident import want_names
from bot.usecases.receive import give_hint, show_receipts
from bot.usecases.show_again import chart_changed

# What is given to one person, and how many of those who are named are looked at.
_GIVEN = frozenset({Kind.HANDOFF, Kind.ACTION, Kind.CONTINGENCY})
MOST_TAKING = 3


def taking(reply: Reply) -> dict[UserId, Kind]:
    """The first people to whom the lines of a reply may give something, and what."""
    lines = [line for line in typed_entries(reply.text) if line.kind in _GIVEN]
    named = [(person, line.kind) for line in lines for person in mentioned(line.text)]
    # Where somebody is named for both, the handoff counts.
    named.sort(key=lambda each: each[1] is not Kind.HANDOFF)
    return dict(reversed(named[:MOST_TAKING]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A reply on the desk: its incident, locked, and what is known of the message so far."""

    session: Session
    reply: Reply
    incident: Incident
    known: Message | None
    live: tuple[Entry, ...]
    now: datetime
    insists: bool
    unfit: Unfit

    def line_entries(self) -> dict[str, Entry]:
        """The live entries that typed lines of the message made, by their line."""
        return {entry.line or "": entry for entry in self.live if _is_typed(entry)}

    def had_steps(self) -> bool:
        """Whether what the message said so far may mean something for the workup."""
        return any(entry.kind in WORKUP_KINDS or concerns(entry.kind, entry.text) for entry in self.live)


@dataclass(frozen=True, slots=True)
class _Heard:
    """The typed lines of a reply that stand, what they mean for the workup, and why others were refused."""

    accepted: tuple[Typed, ...]
    meanings: Mapping[Typed, Meaning]
    refusals: tuple[RoundsError, ...]
    sitting: Sitting | None


def log_reply(
    session: Session, reply: Reply, now: datetime, *, insists: bool = False, unfit: Unfit = NOBODY
) -> None:
    """Bring the chart in line with a message as it was written or edited. Safe to repeat.

    *insists* is set where its author was asked and means it: what it says has been done, or cannot be undone.
    *unfit* are people who cannot take over, as far as Slack was asked, and why.

    Raises:
        TooEarly: It answers a chart whose place is not known yet; it has to come again.
    """
    incident = _incident_of(session, reply)
    if incident is None:
        if reply.to_us and outbox.root_under_way(session, reply.team, reply.channel):
            raise TooEarly
        return
    known = entries.message(session, reply.team, reply.channel, reply.ts)
    live = _live_entries(session, reply) if known else ()
    work = _Work(
        session=session,
        reply=reply,
        incident=incident,
        known=known,
        live=live,
        now=now,
        insists=insists,
        unfit=unfit,
    )
    if known and not _is_news(work, known):
        _remember_older(work, known)
        return
    typed = typed_entries(reply.text)
    if known is None and not typed and reply.version == reply.ts:
        incidents.stays_active(session, reply.team, incident.number, now)
        return
    heard = _carry_out(work, typed)
    changed = _record(work, heard)
    if heard.sitting and (work.had_steps() or any(found.steps for found in heard.meanings.values())):
        _follow(work, heard, heard.sitting)
    _answer(work, heard)
    if changed:
        chart_changed(session, reply.team, incident.number, now)
        want_names(session, reply.team, reply.text, now)


def _is_news(work: _Work, known: Message) -> bool:
    """Whether the text is newer than what we know, or is said once more with emphasis."""
    version = work.reply.version
    return version > known.version or (work.insists and version == known.version)


def _incident_of(session: Session, reply: Reply) -> Incident | None:
    """The incident of the thread, or the one that a message from elsewhere was logged to."""
    incident = incidents.thread_locked(session, reply.team, reply.channel, reply.thread_ts)
    if incident or reply.version == reply.ts:
        return incident
    known = entries.message(session, reply.team, reply.channel, reply.ts)
    if known is None or known.incident is None:
        return None
    return incidents.locked(session, reply.team, known.incident)


def _live_entries(session: Session, reply: Reply) -> tuple[Entry, ...]:
    found = entries.of_message(session, reply.team, reply.channel, reply.ts)
    return tuple(entry for entry in found if entry.withdrawn_at is None)


def _is_typed(entry: Entry) -> bool:
    """Whether a typed line made the entry, and not a reaction or the shortcut."""
    return entry.line is not None and entry.line.isdigit()


def _said(entry: Entry) -> Typed:
    return Typed(entry.kind, entry.text)


def _remember_older(work: _Work, known: Message) -> None:
    """An older text arrives late: it only adds to what the entries said before."""
    if work.reply.version == known.version:
        return
    found = entries.of_message(work.session, work.reply.team, work.reply.channel, work.reply.ts)
    lines = {entry.line or "": entry for entry in found if _is_typed(entry)}
    match = match_lines(
        [(line, _said(entry)) for line, entry in lines.items()], typed_entries(work.reply.text)
    )
    older = [(lines[line].seq, typed) for line, typed in match.kept if typed != _said(lines[line])]
    _keep_old(work, older, work.reply.version)


def _keep_old(work: _Work, said: Sequence[tuple[int, Typed]], version: MessageTs) -> None:
    number = work.incident.number
    entries.add_revisions(work.session, work.reply.team, number, said, version=version, now=work.now)


def _carry_out(work: _Work, typed: Sequence[Typed]) -> _Heard:
    """Do what lines like ``sev:`` ask for, unless an earlier version of the message had it done."""
    done = {_said(entry) for entry in work.live}
    concerned = any(concerns(line.kind, line.text) for line in typed)
    sitting = sit(work.session, work.incident) if concerned or work.had_steps() else None
    before = work.line_entries()
    kept = match_lines([(line, _said(entry)) for line, entry in before.items()], typed).kept
    entry_of = {line: before[name].seq for name, line in kept}
    incident, accepted, refusals, meanings = work.incident, [], [], {}
    for line in typed:
        try:
            if line not in done:
                incident = _act(work, incident, line)
            if line not in done and sitting and line.kind in HEARD_KINDS:
                entry = entry_of.get(line)
                meanings[line] = sitting.hear(_saying(work, line), entry=entry, unfit=work.unfit)
            accepted.append(line)
        except RoundsError as error:
            refusals.append(error)
    return _Heard(tuple(accepted), meanings, tuple(refusals), sitting)


def _saying(work: _Work, line: Typed, *, typed: bool = True) -> Saying:
    reply = work.reply
    return Saying(
        kind=line.kind,
        text=line.text,
        by=reply.author,
        at=moment(reply.ts),
        severity=work.incident.severity,
        typed=typed,
        ts=reply.ts,
        done=work.insists,
        sure=work.insists,
        zone=zone_for(work.session, reply.team, reply.author, line.kind, work.now),
    )


def _follow(work: _Work, heard: _Heard, sitting: Sitting) -> None:
    """Bring the workup in line with the entries as they are now, and tell the thread what moved."""
    reply = work.reply
    for entry in _live_entries(work.session, reply):
        found = heard.meanings.get(_said(entry))
        if not _is_typed(entry) and entry not in work.live and entry.kind in WORKUP_KINDS:
            # A message that somebody marked was edited: what it means goes with its text.
            found = sitting.hear(_saying(work, _said(entry), typed=False), entry=entry.seq)
        if found:
            store_steps(
                work.session,
                work.incident,
                found.steps,
                entry=entry.seq,
                by=entry.author,
                at=entry.at,
                now=work.now,
            )
    cause = f"{reply.channel}:{reply.ts}:{reply.version}:{int(work.insists)}"
    found_news = settle(work.session, work.incident, work.now, before=sitting.before, cause=cause)
    tell(work.session, work.incident, found_news, cause=cause, now=work.now)


def _act(work: _Work, incident: Incident, line: Typed) -> Incident:
    """What one typed line changes of the incident itself.

    Raises:
        RoundsError: It asks for what cannot be.
    """
    session, reply, now = work.session, work.reply, work.now
    if not line.text and not reply.files:
        word = line.kind.value
        example = EXAMPLES[line.kind].replace(", or ", "`, or `")
        raise NotUnderstood(f"`{word}:` has no words after it.", f"`{example}`")
    match line.kind:
        case Kind.SEVERITY:
            severity, reason = severity_and_reason(line.text)
            return act_on_severity(session, incident, severity, reason, reply.author, now)
        case Kind.LEAD:
            lead = lead_named_in(line.text, reply.author, reply.us)
            return act_on_lead(session, incident, lead, reply.author, now)
        case Kind.HANDOFF:
            receiver = receiver_named_in(line.text, reply.author, reply.us)
            if receiver in work.unfit:
                raise work.unfit[receiver]
            bundle = bundle_of(f"{reply.channel}:{reply.ts}")
            act_on_handoff(session, incident, receiver, reply.author, now, bundle=bundle)
            return incident
        case Kind.RESOLVE if incident.resolved_at and work.live:
            workup = read_workup(session, incident.team, incident.number)
            corrected = replace(incident, diagnosis=diagnosis_of(read_closing(line.text), workup))
            incidents.save(session, corrected)
            return corrected
        case Kind.RESOLVE:
            return act_on_cause(session, incident, read_closing(line.text), reply.author, now)
        case _:
            return incident


def _record(work: _Work, heard: _Heard) -> bool:
    """Make the message's entries say what it says now; whether that changed anything."""
    session, team, number = work.session, work.reply.team, work.incident.number
    lines = work.line_entries()
    match = match_lines([(line, _said(entry)) for line, entry in lines.items()], heard.accepted)
    now_said = [(lines[line], typed) for line, typed in match.kept]
    now_said += [(entry, Typed(entry.kind, work.reply.text)) for entry in work.live if not _is_typed(entry)]
    revised = [(entry, typed) for entry, typed in now_said if _said(entry) != typed]
    if work.known:
        _keep_old(work, [(entry.seq, _said(entry)) for entry, _ in revised], work.known.version)
    for entry, typed in revised:
        entries.revise(session, team, entry, typed)
    entries.withdraw(session, team, [lines[line] for line in match.gone], work.now)
    entries.add(session, team, number, _drafts(work, match.added), now=work.now)
    if work.known and work.known.deleted_at:
        entries.withdraw(session, team, _live_entries(session, work.reply), work.now)
    return bool(revised or match.gone or match.added)


def _drafts(work: _Work, added: Sequence[Typed]) -> list[Draft]:
    """New entries of the message, on lines that none of its entries ever had."""
    reply = work.reply
    past = entries.of_message(work.session, reply.team, reply.channel, reply.ts) if work.known else []
    first = max((int(entry.line or 0) + 1 for entry in past if _is_typed(entry)), default=0)
    return [
        draft_of(reply, typed, line=str(line), logged_by=reply.author)
        for line, typed in enumerate(added, start=first)
    ]


def _answer(work: _Work, heard: _Heard) -> None:
    """Owe the reactions that show what was logged, and a hint for what was not."""
    reply, known = work.reply, work.known
    after = Message(
        incident=work.incident.number,
        version=reply.version,
        receipt=bool(heard.accepted) or any(not _is_typed(entry) for entry in work.live),
        refused=bool(heard.refusals),
        deleted_at=known.deleted_at if known else None,
    )
    place = (reply.channel, reply.ts)
    # Somebody who insists does so on the same version of the message.
    cause = f"{reply.version}!" if work.insists else reply.version
    show_receipts(work.session, reply.team, place, known, after, cause=cause, now=work.now)
    if not after.deleted_at:
        _hint(work, heard)


def _hint(work: _Work, heard: _Heard) -> None:
    """Tell the author what was refused or is still open, with the buttons that go on from there."""
    reply = work.reply
    asks = [(found.ask, found.offers) for found in heard.meanings.values() if found.ask]
    refused = [(str(error), getattr(error, "offers", ())) for error in heard.refusals]
    if not asks and not refused:
        return
    give_hint(
        work.session,
        reply.team,
        reply.author,
        "\n".join(text for text, _ in (*refused, *asks)),
        channel=reply.channel,
        thread_ts=reply.thread_ts,
        key=f"{reply.channel}:{reply.ts}:{reply.version}:{int(work.insists)}",
        now=work.now,
        incident=work.incident.number,
        offers=unique(offer for _, offers in (*refused, *asks) for offer in offers),
    )
