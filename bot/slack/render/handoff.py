"""Handoffs in the thread and in private: the head of the document, what is missing, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.handoff.document import Handoff
from bot.domain.handoff.head import Head, Part, head
from bot.domain.handoff.items import Missing
from bot.domain.handoff.read_back import READ_BACK, ReadBack
from bot.domain.handoff.scoring import Score
from bot.domain.handoff.transfer import GIVEN_TO_ANOTHER, Transfer
from bot.domain.ids import UserId, shown
from bot.domain.notice import HandoffTurned
from bot.domain.offer import Offer
from bot.slack.render import blocks
from bot.slack.render.calls import Block, Direct

LINE, BRIEF, WHY = 600, 200, 300
# A thread has room for the buttons of so many gaps; the others are counted.
GAPS = 6
# So many incidents of a bundle are told in full, and so many in a line each.
IN_FULL, IN_LINES = 2, 15
# With these, of which it is told how they ended, a message stays below fifty blocks.
OVER = 8
# With its buttons and titles such a message stays below what Slack calls too long.
LETTERS = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An attempt with its newest document and that document's score."""

    transfer: Transfer
    document: Handoff
    score: Score

    @property
    def name(self) -> str:
        """The incident, as people call it."""
        return shown(self.transfer.incident)

    @property
    def value(self) -> str:
        """What every button carries."""
        return str(self.transfer.incident)

    @property
    def names(self) -> Mapping[UserId, str]:
        """Everybody the document names."""
        return self.document.asked.names

    @property
    def answer(self) -> ReadBack | None:
        """What was read back last."""
        said = self.transfer.read_back
        return READ_BACK.validate_json(said) if said else None


def offer_post(each: Shown) -> tuple[str, list[Block]]:
    """The post of an attempt in its thread, as it stands now."""
    line = _standing(each)
    if each.transfer.declined_at or each.transfer.cancelled_at:
        return line, [blocks.context(line)]
    built = [blocks.section(line), *head_blocks(each), *_gaps(each)]
    return f"{line}\n{_spoken(each)}", [*built, *_buttons(each, "offer")]


def _standing(each: Shown) -> str:
    """How the attempt stands, in one line of mrkdwn."""
    transfer = each.transfer
    giver, receiver = blocks.person(transfer.giver), blocks.person(transfer.receiver)
    what = f"*Handoff of {each.name}*, {giver} → {receiver}"
    if transfer.accepted_at:
        return f":handshake: {what}: accepted {blocks.date(transfer.accepted_at, '{time}')}."
    if transfer.declined_at:
        return f":leftwards_arrow_with_hook: {what}: declined. {giver} goes on."
    if transfer.cancelled_at:
        return f":x: {what}: over, {_why_over(each)}."
    if transfer.sent_at is None:
        return f":outbox_tray: {what}: *not sent yet*, something critical is missing (below)."
    by = "" if transfer.asked_by == transfer.giver else f" (asked for by {blocks.person(transfer.asked_by)})"
    return f":outbox_tray: {what}{by}. {leader(each)} until {receiver} has read it back."


def leader(each: Shown) -> str:
    """Who leads while an attempt waits, in mrkdwn."""
    lead = each.document.patient.lead
    return f"{blocks.person(lead)} leads" if lead else "Nobody leads it"


def _spoken(each: Shown, *, receives: bool = False) -> str:
    """The head in plain words, for notifications and screen readers."""
    found = _head(each, receives=receives)
    return blocks.escape(blocks.in_utc(blocks.plain(found.text, each.names, 2500)))


def head_blocks(each: Shown, *, receives: bool = False) -> Iterator[Block]:
    """The head of the document: a bold line, then each part with its title."""
    found = _head(each, receives=receives)
    yield blocks.rich(blocks.line(*_line(found.title, each.names, bold=True)))
    for part in found.parts:
        yield blocks.rich(*_part(part, each.names))


def _head(each: Shown, *, receives: bool) -> Head:
    """The head for one reader: only whoever *receives* it is called "you"."""
    found = head(each.document)
    if receives:
        return found
    theirs = f"@{each.transfer.receiver} does next"
    parts = (replace(part, title=theirs) if part.key == "next" else part for part in found.parts)
    return replace(found, parts=tuple(parts))


def _part(part: Part, names: Mapping[UserId, str]) -> Iterator[Block]:
    """One line where it fits into one, or else a list."""
    title = blocks.words(f"{blocks.one_line(part.title, names, LINE)}: ", bold=True)
    more = [blocks.faint(f" {part.more}")] if part.more else []
    if len(part.lines) == 1:
        yield blocks.line(title, *_line(part.lines[0], names), *more)
        return
    yield blocks.line(title, *more)
    yield blocks.bullets(blocks.line(*_line(line, names)) for line in part.lines)


def _line(text: str, names: Mapping[UserId, str], *, bold: bool = False, most: int = LINE) -> list[Block]:
    return blocks.timed(blocks.one_line(text, names, most), bold=bold)


def _gaps(each: Shown) -> Iterator[Block]:
    """How complete it is, and buttons for what is missing; before it is sent what is critical comes first."""
    transfer = each.transfer
    if transfer.accepted_at:
        return
    if gaps := gaps_of(each):
        yield blocks.rich(*_listed(each, gaps))
        offered = [offer for gap in gaps[:GAPS] for offer in gap.offers]
        yield from blocks.offers("gaps", offered, each.value)
    if transfer.overridden_by:
        why = blocks.escape(blocks.one_line(transfer.override_reason or "", each.names, WHY))
        yield blocks.context(f"Sent as it is by {blocks.person(transfer.overridden_by)}: {why}")


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, in words, and the buttons that mend it; several items may miss the same."""

    words: str
    offers: tuple[Offer, ...]
    critical: bool


def gaps_of(each: Shown) -> list[Gap]:
    """What is missing, each once; what is critical comes first."""
    same: dict[str, list[Missing]] = {}
    for one in each.score.missing:
        same.setdefault(one.words, []).append(one)
    critical = set(each.score.critical)
    found = [
        Gap(words, tuple(one.offer for one in alike), any(one.item in critical for one in alike))
        for words, alike in same.items()
    ]
    return sorted(found, key=lambda gap: not gap.critical)


def _listed(each: Shown, gaps: Sequence[Gap]) -> Iterator[Block]:
    points = f"{each.score.shown} of 100 points so far, 12 are for the read-back"
    head_line = f"Missing for a complete handoff ({points}):"
    yield blocks.line(blocks.words(head_line, bold=True))
    more = len(gaps) - GAPS
    lines = [
        blocks.line(
            *([blocks.words("critical: ", bold=True)] if gap.critical else []),
            *_line(gap.words, each.names),
        )
        for gap in gaps[:GAPS]
    ]
    yield blocks.bullets([*lines, *blocks.and_more(more)])


def _buttons(each: Shown, block_id: str) -> Iterator[Block]:
    name, value, transfer = each.name, each.value, each.transfer
    whole = blocks.button("Whole document", "handoff_whole", value, label=f"The whole handoff of {name}")
    if transfer.accepted_at:
        yield blocks.actions(block_id, [whole])
        return
    back = blocks.button("Take it back", "take_back", value, label=f"Keep {name} after all")
    if transfer.sent_at is None:
        anyway = blocks.button("Send anyway…", "send_anyway", value, label=f"Send the handoff of {name}")
        yield blocks.actions(block_id, [anyway, whole, back])
        return
    yield blocks.actions(block_id, [*_of_receiver(each), whole, *_of_giver(each), back])


def _of_receiver(each: Shown) -> Iterator[Block]:
    name, value = each.name, each.value
    yield blocks.button("Read back…", "read_back", value, label=f"Read back {name}", style="primary")
    yield blocks.button("Decline…", "decline_handoff", value, label=f"Decline the handoff of {name}")


def _of_giver(each: Shown) -> Iterator[Block]:
    if each.transfer.exhausted:
        yield blocks.button(
            "They understand it", "confirm", each.value, label=f"Confirm the read-back of {each.name}"
        )


def _to_confirm(each: Shown) -> Iterator[Block]:
    """The giver's button, as long as their word can still hand it over."""
    buttons = [*_of_giver(each)] if each.transfer.waiting else []
    if buttons:
        yield blocks.actions("doubted", buttons)


def _why_over(each: Shown) -> str:
    """Why an attempt ended without an answer, in mrkdwn."""
    return blocks.escape(blocks.one_line(each.transfer.cancel_reason or "taken back", each.names, WHY))


def turn_post(notice: HandoffTurned, each: Shown) -> tuple[str, list[Block]]:
    """What became of an attempt, said where everybody sees it."""
    transfer = each.transfer
    giver, receiver = blocks.person(transfer.giver), blocks.person(transfer.receiver)
    match notice.turn:
        case "accepted":
            mouth = f" {giver} confirmed it by word of mouth." if transfer.confirmed_by else ""
            grade = f"Score {each.score.shown} of 100" + (", complete." if each.score.complete else ".")
            said = f":handshake: *{receiver} leads {each.name} now*, from {giver}. {grade}{mouth}"
            return _quoted(said, each.answer.words if each.answer else "", each)
        case "declined":
            still = f"{giver}, *you still lead {each.name}*"
            said = f":leftwards_arrow_with_hook: {still}: {receiver} has declined."
            return _quoted(said, transfer.decline_reason or "", each)
        case "doubted":
            said = (
                f":warning: {giver}, what {receiver} has read back of {each.name} differs from the chart. "
                "Please talk to each other; if they have understood it, one tap of yours hands it over."
            )
            text, built = _quoted(said, each.answer.words if each.answer else "", each)
            return text, [*built, *_to_confirm(each)]
        case "changed":
            said = (
                f":warning: {giver}, {each.name} has changed since {receiver} read it back. "
                "Please talk about this as well; then one tap of yours hands it over."
            )
            news = [blocks.line(*_line(line, each.names)) for line in notice.news]
            listed = [blocks.rich(blocks.bullets(news))] if news else []
            return said, [blocks.section(said), *listed, *_to_confirm(each)]
        case _:
            by = f" by {blocks.person(transfer.cancelled_by)}" if transfer.cancelled_by else ""
            said = f":x: The handoff of {each.name} to {receiver} is over: {_why_over(each)}{by}."
            # Who has it next is told by the post that follows.
            said = said if transfer.cancel_reason == GIVEN_TO_ANOTHER else f"{said} {giver} goes on."
            return said, [blocks.section(said)]


def _quoted(said: str, words: str, each: Shown) -> tuple[str, list[Block]]:
    quoted = blocks.plain(words, each.names, 1500)
    if not quoted.strip():
        return said, [blocks.section(said)]
    return f"{said} {blocks.escape(quoted)}", [
        blocks.section(said),
        blocks.rich(blocks.quote(quoted)),
    ]


def told(user: UserId, bundle: Sequence[Shown]) -> Direct | None:
    """What giver or receiver is told in private of all that was given together, the worst first.

    None if all of it is over.
    """
    waiting = sorted(
        (each for each in bundle if each.transfer.waiting and each.transfer.sent_at),
        key=lambda each: (each.document.illness.severity, each.transfer.incident),
    )
    if not waiting:
        return None
    receives = waiting[0].transfer.receiver == user
    line = _opening(waiting, receives=receives)
    built = [blocks.section(line)]
    full = _fits_in_full(waiting)
    for each in waiting[:IN_LINES]:
        built.extend(head_blocks(each, receives=receives) if full else _in_a_line(each))
        built.extend(_in_private(each, receives=receives))
    if len(waiting) > IN_LINES:
        rest = ", ".join(each.name for each in waiting[IN_LINES:])
        built.append(blocks.context(f"And, in their threads: {rest}"))
    return Direct(user=user, text=f"{line}\n{_spoken(waiting[0], receives=receives)}", blocks=tuple(built))


def told_again(user: UserId, bundle: Sequence[Shown]) -> Direct:
    """The same, once some of it is over: that is a line each, and nothing that could still be answered."""
    over = [each for each in bundle if not each.transfer.waiting]
    still = told(user, bundle)
    built = [block for each in over[:OVER] for block in _over(each)]
    if len(over) > OVER:
        built.append(blocks.context(f"And {len(over) - OVER} more, in their threads"))
    text = "\n".join([*map(_standing, over[:OVER]), *([still.text] if still else [])])
    every = (*built, *(still.blocks if still else ()))
    return Direct(user=user, text=blocks.clip(text, blocks.TEXT_LIMIT), blocks=every)


def _over(each: Shown) -> Iterator[Block]:
    """How it ended; whoever has taken it over may want to look it up again."""
    yield blocks.context(_standing(each))
    if each.transfer.accepted_at:
        yield from _buttons(each, f"told-{each.transfer.incident}-{each.transfer.number}")


def _fits_in_full(waiting: Sequence[Shown]) -> bool:
    """Whether one message holds the heads of all; one alone is short enough."""
    heads = (blocks.plain(head(each.document).text, each.names, LETTERS) for each in waiting[:IN_FULL])
    return len(waiting) == 1 or (len(waiting) <= IN_FULL and sum(map(len, heads)) < LETTERS)


def _opening(waiting: Sequence[Shown], *, receives: bool) -> str:
    transfer = waiting[0].transfer
    giver, receiver = blocks.person(transfer.giver), blocks.person(transfer.receiver)
    what = waiting[0].name if len(waiting) == 1 else f"{len(waiting)} incidents"
    led = all(each.document.patient.lead == transfer.giver for each in waiting)
    by = blocks.person(transfer.asked_by)
    if receives:
        still = "It is theirs until you have read back." if led else "It is yours once you have read back."
        if transfer.asked_by == transfer.receiver:
            return f":outbox_tray: You asked to take *{what}* over from {giver}. {still}"
        asked = "" if transfer.asked_by == transfer.giver else f" {by} asked for that."
        return f":outbox_tray: {giver} hands *{what}* over to you. {still}{asked}"
    if transfer.asked_by == transfer.giver:
        said = f"You hand *{what}* over to {receiver}."
    elif transfer.asked_by == transfer.receiver:
        said = f"{receiver} asks to take *{what}* over from you."
    else:
        said = f"{by} hands *{what}* over to {receiver} for you."
    return f":outbox_tray: {said}{' You lead until they have read back.' if led else ''}"


def _in_a_line(each: Shown) -> Iterator[Block]:
    found = head(each.document)
    what = found.part("what").lines[0]
    yield blocks.rich(
        blocks.line(
            *_line(what, each.names, bold=True, most=BRIEF),
            blocks.words(" "),
            *_line(found.title, each.names, most=BRIEF),
        )
    )


def _in_private(each: Shown, *, receives: bool) -> Iterator[Block]:
    name, value = each.name, each.value
    whole = blocks.button("Whole document", "handoff_whole", value, label=f"The whole handoff of {name}")
    row = [*_of_receiver(each), whole] if receives else [whole]
    yield blocks.actions(f"told-{each.transfer.incident}", row)
