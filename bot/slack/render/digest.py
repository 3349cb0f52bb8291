"""A digest as a message: for each open incident one line and one link, then what is overdue and how it goes.

It has to be read on a phone, so a line holds what fits into two of the phone's, the gravest first, and long
lists fold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.diagnosis.estimate import percent
from bot.domain.digest.document import Digest, Place, Settled, Standing, Trend
from bot.domain.digest.schedule import Punctuality, punctuality
from bot.domain.ids import ChannelId, UserId, shown
from bot.domain.incident import Severity
from bot.domain.signs.stability import Stability
from bot.slack.render import blocks
from bot.slack.render.calls import Block, Direct, Post
from bot.slack.render.card import LIGHTS
from bot.slack.render.differential import person
from bot.slack.render.thread import BLOCKED_ADVICE, OTHER_ADVICE
from bot.slack.render.trends import in_lines

# How many are shown of each; the rest is counted.
INCIDENTS_SHOWN, RESOLVED_SHOWN, NAMED_SHOWN, SPOKEN = 36, 10, 6, 5
# Two lines of a phone, and what parts of them may take.
LINE, TITLE, RESOLVED_TITLE, CAUSE, NAME = 70, 28, 22, 34, 16
# Where there are only so many, nobody has to scroll for twice as much of each.
FEW, ROOMY = 4, 140
# A statement is told where so much of it fits.
SHORTEST = 10
# Titles and statements in a sentence that is read out.
SPOKEN_TITLE, STATEMENT = 80, 60
NBSP = "\N{NO-BREAK SPACE}"
# A dot never begins a line.
SEPARATOR = f"{NBSP}· "
ARROWS = {Trend.UP: "↑", Trend.SAME: "→", Trend.DOWN: "↓"}
NOTHING_OPEN = "Nothing is open."
MORE = "`/incident list` shows them"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to know of an incident; *leads* where it is about the likeliest hypothesis."""

    text: str
    bold: bool = False
    leads: bool = False


def post_digest(digest: Digest, now: datetime) -> Post | None:
    """The digest as a message of its channel; None where it would come too late to be of use."""
    late = punctuality(digest.due_at or now, now)
    if late is Punctuality.TOO_LATE:
        return None
    is_late = digest.late or late is Punctuality.LATE
    built = tuple(blocks_of(digest, late=is_late))
    return Post(channel=digest.channel, thread_ts=None, text=in_words(digest, late=is_late), blocks=built)


def blocked_digest(channel: ChannelId, user: UserId, error: str) -> Direct:
    """Tell the person who ordered a digest why it does not appear."""
    advice = BLOCKED_ADVICE.get(error, OTHER_ADVICE)
    return Direct(
        user=user, text=f"I cannot post the digest you ordered in <#{channel}> (`{error}`). {advice}"
    )


def blocks_of(digest: Digest, *, late: bool = False) -> Iterator[Block]:
    """Everything the digest says."""
    yield blocks.header(f"Digest, {_day(digest)}")
    # That nothing is open is said below, where the list would be.
    counts = _counts(digest).removeprefix(NOTHING_OPEN).strip()
    yield blocks.context(" ".join(filter(None, (_late(digest) if late else "", counts, _as_of(digest)))))
    yield from _listed("Nobody owns these", [*_unowned(digest)])
    yield from _open(digest)
    if digest.unread:
        read = len(digest.standing) - digest.unread
        yield blocks.context(f"I have read only the first {read} work-ups, because you wait for this.")
    yield from _listed("Overdue", [*_overdue(digest)])
    yield from _listed("To look at", [*_to_look_at(digest)])
    resolved = [_resolved(each, digest) for each in digest.resolved[:RESOLVED_SHOWN]]
    left = len(digest.resolved) - len(resolved)
    yield from _listed("Resolved since yesterday", [*resolved, *blocks.and_more(left)])
    if not digest.trends.empty:
        lines = (
            blocks.line(blocks.words(each)) for each in (*in_lines(digest.trends), *_calibration(digest))
        )
        heading = blocks.line(blocks.words(f"The last {len(digest.trends.days)} days", bold=True))
        yield blocks.rich(heading, *lines)


def in_words(digest: Digest, *, late: bool = False) -> str:
    """The same in a few sentences, for notifications and screen readers."""
    gravest = (_spoken(each, digest) for each in digest.standing[:SPOKEN])
    left = len(digest.standing) - SPOKEN
    more = f"And {left} more: {MORE}." if left > 0 else ""
    said = [f"Digest, {_day(digest)}.", _late(digest) if late else "", _counts(digest), *gravest, more]
    return blocks.clip(" ".join(part.strip() for part in said if part), blocks.TEXT_LIMIT)


def _spoken(each: Standing, digest: Digest) -> str:
    grave = (_explained(fact, each, digest, STATEMENT) for fact in _grave(each, digest))
    facts = ", ".join(fact.text for fact in (*grave, *_minor(each, digest)))
    title = blocks.one_line(each.place.title, digest.names, SPOKEN_TITLE)
    return blocks.escape(f"{shown(each.place.number)}, SEV{each.severity.value}: {title}; {facts}.")


def _day(digest: Digest) -> str:
    return f"{digest.date:%A} {digest.date.day} {digest.date:%B}"


def _late(digest: Digest) -> str:
    due = (digest.due_at or digest.at).astimezone(ZoneInfo(digest.zone))
    return f"*Late*: I could not send it at {due:%H:%M}."


def _as_of(digest: Digest) -> str:
    return f"As of {digest.at.astimezone(ZoneInfo(digest.zone)):%H:%M} ({blocks.escape(digest.zone)})."


def _counts(digest: Digest) -> str:
    """How much there is of everything: "3 open: 1 SEV1, 2 SEV3. 2 overdue. 1 resolved since yesterday."."""
    late = sum(len(each.late) + len(each.prompts) for each in digest.standing)
    found = f"{len(digest.standing)} open: {_by_severity(digest.standing)}." if digest.standing else ""
    parts = [
        found or NOTHING_OPEN,
        f"{late} overdue." if late else "",
        f"{len(digest.resolved)} resolved since yesterday." if digest.resolved else "",
    ]
    return " ".join(part for part in parts if part)


def _by_severity(found: Iterable[Standing]) -> str:
    counted = Counter(each.severity for each in found)
    return ", ".join(f"{count} SEV{severity.value}" for severity, count in sorted(counted.items()))


def _calibration(digest: Digest) -> Iterator[str]:
    found = digest.calibration
    if found:
        yield (
            f"Estimates: the likeliest was right in {found.first} of the last {found.closed} closed, "
            f"Brier score {found.brier:.2f} (0 is perfect)"
        )


def _open(digest: Digest) -> Iterator[Block]:
    """The open incidents by severity, as many as there is room for."""
    if not digest.standing:
        yield blocks.rich(blocks.line(blocks.emoji("white_check_mark"), blocks.words(f" {NOTHING_OPEN}")))
    seen, folded = digest.standing[:INCIDENTS_SHOWN], digest.standing[INCIDENTS_SHOWN:]
    amounts = Counter(each.severity for each in digest.standing)
    for severity, found in groupby(seen, key=lambda each: each.severity):
        lines = [_line(each, digest) for each in found]
        yield blocks.rich(_heading(severity, amounts[severity]), blocks.bullets(lines))
    if folded:
        yield blocks.section(f"And {len(folded)} more ({_by_severity(folded)}): {MORE}.")


def _heading(severity: Severity, amount: int) -> Block:
    words = f" SEV{severity.value}" + (f" ({amount})" if amount > 1 else "")
    return blocks.line(blocks.emoji(LIGHTS[severity]), blocks.words(words, bold=True))


def _line(each: Standing, digest: Digest) -> Block:
    """One incident: its title, then as many facts as fit, the gravest first."""
    title = blocks.one_line(each.place.title, digest.names, TITLE)
    line = ROOMY if len(digest.standing) <= FEW else LINE
    left = line - len(shown(each.place.number)) - len(title)
    grave = [*_grave(each, digest)]
    room = left - sum(len(SEPARATOR) + len(fact.text) for fact in grave)
    facts = [_explained(fact, each, digest, room) for fact in grave] + [*_minor(each, digest)]
    parts = [*_linked(each.place, digest), blocks.words(f" {title}")]
    for fact in facts:
        left -= len(SEPARATOR) + len(fact.text)
        if left < 0:
            break
        parts += [blocks.words(SEPARATOR), blocks.words(fact.text, bold=fact.bold)]
    return blocks.line(*parts)


def _explained(fact: Fact, each: Standing, digest: Digest, room: int) -> Fact:
    """What the letter of the likeliest hypothesis stands for, where enough of it fits."""
    if each.leading is None or not fact.leads or room < SHORTEST:
        return fact
    statement = blocks.one_line(each.leading.statement, digest.names, room - 1)
    return replace(fact, text=f"{fact.text} {statement}")


def _linked(place: Place, digest: Digest) -> list[Block]:
    """The number, leading to the thread once there is one."""
    name = shown(place.number)
    if place.thread_ts is None:
        return [blocks.words(name, bold=True)]
    return [blocks.link(name, blocks.permalink(digest.address, place.channel, place.thread_ts))]


def _named(place: Place, digest: Digest) -> list[Block]:
    """The number alone where the list above leads to the thread already: addresses fill a message, too."""
    if any(each.place.number == place.number for each in digest.standing[:INCIDENTS_SHOWN]):
        return [blocks.words(shown(place.number), bold=True)]
    return _linked(place, digest)


def _grave(each: Standing, digest: Digest) -> Iterator[Fact]:
    """What is to be known of an incident before all else, the gravest first."""
    if each.lead is None:
        yield Fact(f"nobody{NBSP}leads", bold=True)
    elif each.unowned_since:
        yield Fact(f"lead{NBSP}off{NBSP}shift", bold=True)
    if each.stability is not Stability.UNKNOWN:
        arrow = ARROWS[each.trend] if each.trend else ""
        score = "" if each.score is None else f"{NBSP}{each.score}{arrow}"
        said = f"{each.stability.value}{score}"
        yield Fact(said, bold=each.stability is Stability.UNSTABLE)
    if each.leading:
        yield Fact(f"{each.leading.letter}{NBSP}{percent(each.leading.p)}", leads=True)
    if each.owes_revert:
        yield Fact(f"take {each.owes_revert} back", bold=True)
    if each.running:
        left = each.running.until - digest.at
        yield Fact(f"{each.running.name} {f'{span(left)} left' if left > timedelta() else 'outcome?'}")
    yield Fact(f"{span(digest.at - each.changed_at)}{NBSP}quiet")


def _minor(each: Standing, digest: Digest) -> Iterator[Fact]:
    """What is told where there is room."""
    if each.severity_before:
        yield Fact(f"was SEV{each.severity_before.value}")
    if each.lead:
        yield Fact(blocks.clip(person(each.lead, digest.names), NAME))
    if not each.running:
        yield Fact(each.phase.value)
    yield Fact(f"{span(digest.at - each.opened_at)} old")


def _listed(title: str, lines: Sequence[Block]) -> Iterator[Block]:
    if lines:
        yield blocks.rich(blocks.line(blocks.words(title, bold=True)), blocks.bullets(lines))


def _overdue(digest: Digest) -> Iterator[Block]:
    """What is overdue, each kind a line, its incidents in the order of the list above."""
    found: dict[str, list[tuple[Place, str]]] = {}
    for each in digest.standing:
        for late in (*each.late, *each.prompts):
            said = f"{late.about} {span(digest.at - late.since)}".strip()
            found.setdefault(late.what, []).append((each.place, said))
    for what, told in sorted(found.items()):
        yield from _across(what.capitalize(), told, digest)


def _unowned(digest: Digest) -> Iterator[Block]:
    """What nobody leads, and what somebody leads who is off shift."""
    unowned = [each for each in digest.standing if each.unowned_since]
    for title, found in (
        ("Nobody leads", [each for each in unowned if each.lead is None]),
        ("Their lead is off shift", [each for each in unowned if each.lead is not None]),
    ):
        told = [(each.place, span(digest.at - each.unowned_since)) for each in found if each.unowned_since]
        yield from _across(title, told, digest)


def _to_look_at(digest: Digest) -> Iterator[Block]:
    """What holds across incidents: each a line, with the incidents it is about."""
    standing = digest.standing
    missed = [(each.place, ", ".join(each.must_not_miss)) for each in standing if each.must_not_miss]
    owing = [(each.place, each.owes_revert) for each in standing if each.owes_revert]
    reverted = [(each.place, ", ".join(each.reverted)) for each in standing if each.reverted]
    graded = [
        (each.place, f"SEV{each.severity_before.value} → SEV{each.severity.value}")
        for each in standing
        if each.severity_before
    ]
    handed = [(each.place, f"to {person(each.receiver, digest.names)}") for each in digest.handoffs]
    yield from _across("Must not be missed, not ruled out", missed, digest)
    yield from _across("Failed and still in place", owing, digest)
    yield from _across("Handed over, not accepted", handed, digest)
    yield from _across("Severity changed since yesterday", graded, digest)
    yield from _across("Taken back since yesterday", reverted, digest)


def _across(title: str, found: Sequence[tuple[Place, str]], digest: Digest) -> Iterator[Block]:
    if not found:
        return
    parts = [blocks.words(f"{title}: ")]
    for place, (where, what) in enumerate(found[:NAMED_SHOWN]):
        said = blocks.one_line(what, digest.names, STATEMENT).replace(" ", NBSP)
        parts += [blocks.words(", ")] if place else []
        parts += [*_named(where, digest), blocks.words(f"{NBSP}{said}")]
    left = len(found) - NAMED_SHOWN
    yield blocks.line(*parts, *([blocks.faint(f" and {left} more")] if left > 0 else []))


def _resolved(each: Settled, digest: Digest) -> Block:
    title = blocks.one_line(each.place.title, digest.names, RESOLVED_TITLE)
    cause = blocks.one_line(each.cause, digest.names, CAUSE)
    after = span(each.resolved_at - each.opened_at)
    return blocks.line(
        *_linked(each.place, digest), blocks.words(f" {title}: {cause}{SEPARATOR}after{NBSP}{after}")
    )


def span(length: timedelta) -> str:
    """How long, in the largest unit that says enough, on one line: "20 min", "3 h", "2 days"."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes < 60:  # noqa: PLR2004 - minutes an hour.
        return f"{minutes}{NBSP}min"
    hours = minutes // 60
    return f"{hours}{NBSP}h" if hours < 48 else f"{hours // 24}{NBSP}days"  # noqa: PLR2004 - two days.
