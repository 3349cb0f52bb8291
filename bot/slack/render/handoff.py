"""Handoffs in the thread and in private: the head of the document, what is missing, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.handoff.document import Handoff
from bot.domain.handoff.head import Part, head
from bot.domain.handoff.items import Missing
from bot.domain.handoff.read_back import READ_BACK, ReadBack
from bot.domain.handoff.scoring import Score
from bot.domain.handoff.transfer import Transfer
from bot.domain.ids import UserId, shown
from bot.domain.notice import HandoffTurned
from bot.slack.render import blocks
from bot.slack.render.calls import Block, Direct

LINE = 600
# A thread has room for the buttons of so many gaps; the others are counted.
GAPS = 6
# So many incidents of a bundle are told in full, and so many in a line each.
IN_FULL, IN_LINES = 2, 15


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
        return f":x: {what}: over, {blocks.escape(transfer.cancel_reason or 'taken back')}."
    if transfer.sent_at is None:
        return f":outbox_tray: {what}: *not sent yet*, something critical is missing (below)."
    return f":outbox_tray: {what}. {giver} leads until {receiver} has read it back."


def _spoken(each: Shown) -> str:
    """The head in plain words, for notifications and screen readers."""
    found = head(each.document)
    return blocks.escape(blocks.in_utc(blocks.plain(found.text, each.names, 2500)))


def head_blocks(each: Shown) -> Iterator[Block]:
    """The head of the document: a bold line, then each part with its title."""
    found = head(each.document)
    yield blocks.rich(blocks.line(*_line(found.title, each.names, bold=True)))
    for part in found.parts:
        yield blocks.rich(*_part(part, each.names))


def _part(part: Part, names: Mapping[UserId, str]) -> Iterator[Block]:
    """One line where it fits into one, or else a list."""
    title = blocks.words(f"{part.title}: ", bold=True)
    more = [blocks.faint(f" {part.more}")] if part.more else []
    if len(part.lines) == 1:
        yield blocks.line(title, *_line(part.lines[0], names), *more)
        return
    yield blocks.line(title, *more)
    yield blocks.bullets(blocks.line(*_line(line, names)) for line in part.lines)


def _line(text: str, names: Mapping[UserId, str], *, bold: bool = False) -> list[Block]:
    return blocks.timed(blocks.one_line(text, names, LINE), bold=bold)


def _gaps(each: Shown) -> Iterator[Block]:
    """How complete it is, and buttons for what is missing; before it is sent what is critical comes first."""
    missing, transfer = each.score.missing, each.transfer
    if transfer.accepted_at:
        return
    if missing:
        critical = set(each.score.critical)
        ordered = sorted(missing, key=lambda one: one.item not in critical)
        yield blocks.rich(*_listed(each, ordered, critical))
        yield from blocks.offers("gaps", [one.offer for one in ordered[:GAPS]], each.value)
    if transfer.overridden_by:
        why = blocks.escape(blocks.one_line(transfer.override_reason or "", each.names, 300))
        yield blocks.context(f"Sent as it is by {blocks.person(transfer.overridden_by)}: {why}")


def _listed(each: Shown, missing: Sequence[Missing], critical: set[str]) -> Iterator[Block]:
    head_line = f"Missing for a complete handoff (score {each.score.shown} of 88 before the read-back):"
    yield blocks.line(blocks.words(head_line, bold=True))
    more = len(missing) - GAPS
    lines = [
        blocks.line(
            *([blocks.words("critical: ", bold=True)] if one.item in critical else []),
            *_line(one.words, each.names),
        )
        for one in missing[:GAPS]
    ]
    yield blocks.bullets([*lines, *([blocks.line(blocks.faint(f"and {more} more"))] if more > 0 else [])])


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
            return text, [*built, blocks.actions("doubted", list(_of_giver(each)) or [])]
        case _:
            by = f" by {blocks.person(transfer.cancelled_by)}" if transfer.cancelled_by else ""
            why = blocks.escape(transfer.cancel_reason or "taken back")
            said = f":x: The handoff of {each.name} to {receiver} is over: {why}{by}. {giver} goes on."
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
    """What giver or receiver is told in private of all that was given together; None if all of it is over."""
    waiting = [each for each in bundle if each.transfer.waiting and each.transfer.sent_at]
    if not waiting:
        return None
    receives = waiting[0].transfer.receiver == user
    line = _opening(waiting, receives=receives)
    built = [blocks.section(line)]
    for each in waiting[:IN_LINES]:
        built.extend(head_blocks(each) if len(waiting) <= IN_FULL else _in_a_line(each))
        built.extend(_in_private(each, receives=receives))
    if len(waiting) > IN_LINES:
        rest = ", ".join(each.name for each in waiting[IN_LINES:])
        built.append(blocks.context(f"And, in their threads: {rest}"))
    return Direct(user=user, text=f"{line}\n{_spoken(waiting[0])}", blocks=tuple(built))


def _opening(waiting: Sequence[Shown], *, receives: bool) -> str:
    transfer = waiting[0].transfer
    giver, receiver = blocks.person(transfer.giver), blocks.person(transfer.receiver)
    what = waiting[0].name if len(waiting) == 1 else f"{len(waiting)} incidents"
    if receives:
        return f":outbox_tray: {giver} hands *{what}* over to you. It is theirs until you have read back."
    return f":outbox_tray: You hand *{what}* over to {receiver}. You lead until they have read back."


def _in_a_line(each: Shown) -> Iterator[Block]:
    found = head(each.document)
    what = found.part("what").lines[0]
    yield blocks.rich(
        blocks.line(*_line(what, each.names, bold=True), blocks.words(" "), *_line(found.title, each.names))
    )


def _in_private(each: Shown, *, receives: bool) -> Iterator[Block]:
    name, value = each.name, each.value
    whole = blocks.button("Whole document", "handoff_whole", value, label=f"The whole handoff of {name}")
    row = [*_of_receiver(each), whole] if receives else [whole]
    yield blocks.actions(f"told-{each.transfer.incident}", row)
