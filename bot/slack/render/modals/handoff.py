"""The modals of a handoff: to whom, sent with something missing, read back, and declined."""

from collections.abc import Iterator, Sequence

from bot.domain.handoff.read_back import Picked
from bot.domain.handoff.reading_back import ARROW, Option, quiz
from bot.domain.ids import ChannelId, IncidentNumber, shown
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.render.handoff import Shown, gaps_of, head_blocks
from bot.slack.render.modals.form import (
    Submission,
    asking,
    hinted,
    modal,
    option,
    place,
    place_of,
    radio,
    ticks,
    words,
)

NEWS = 8
CELL = 300


def hand_over_view(chart: Chart, here: ChannelId | None) -> View:
    """Ask who takes over."""
    name = shown(chart.incident.number)
    who = asking("receiver", "Who takes over?", {"type": "users_select"})
    asked = [
        hinted(who, "They read it back first; until then it stays as it is."),
    ]
    return modal("hand_over", f"{name}: hand over", "Hand over", asked, place_of(chart, here))


def send_anyway_view(each: Shown, here: ChannelId | None) -> View:
    """Ask why it is sent although something critical is missing."""
    lines = [gap.words for gap in gaps_of(each) if gap.critical]
    asked = [
        blocks.rich(
            blocks.line(blocks.words("Critical, and missing:", bold=True)),
            blocks.bullets(blocks.line(blocks.words(line)) for line in lines or ["nothing any more"]),
        ),
        hinted(words("reason", "Send it anyway, because"), "Your name stands behind it."),
    ]
    return modal("send_anyway", f"{each.name}: send", "Send", asked, place(each.transfer.incident, here))


def decline_handoff_view(number: IncidentNumber, here: ChannelId | None) -> View:
    """Ask why it is declined."""
    asked = [words("reason", "Why can you not take it?", placeholder="I am on INC-4 until 18:00")]
    return modal("decline_handoff", f"{shown(number)}: decline", "Decline", asked, place(number, here))


def read_back_view(
    each: Shown,
    here: ChannelId | None,
    *,
    picks: bool,
    news: Sequence[str] = (),
    differing: Sequence[str] = (),
    before: Submission | None = None,
) -> View:
    """Ask the receiver to read back; *news* says what has changed since it was sent.

    Where facts are to be picked, the head is not shown beside them. *before* is what they have answered to an
    earlier version, and *differing* where that did not agree.
    """
    asked = [*_told("This has changed since it was sent", news), *_told("Please look again", differing)]
    asked += _picks(each, before) if picks else _ticks(each, before)
    asked.append(
        words(
            "synthesis",
            "In your own words: what do you take over?",
            lines=True,
            placeholder="NaN since 3100, probably the collator. I rerun the eval, and roll back above 4.",
            value=before.text("synthesis") if before else "",
        )
    )
    data = place(each.transfer.incident, here) | {"version": each.transfer.version, "picks": picks}
    return modal("read_back", f"{each.name}: read back", "Accept", asked, data)


def _told(title: str, lines: Sequence[str]) -> Iterator[Block]:
    if not lines:
        return
    more = [f"and {len(lines) - NEWS} more"] if len(lines) > NEWS else []
    yield blocks.rich(
        blocks.line(blocks.emoji("warning"), blocks.words(f" {title}:", bold=True)),
        blocks.bullets(
            blocks.line(*blocks.timed(blocks.clip(line, CELL))) for line in [*lines[:NEWS], *more]
        ),
    )


def _picks(each: Shown, before: Submission | None) -> list[Block]:
    """The questions whose answers show that it was not guessed."""
    asked = quiz(each.document)
    built = [
        blocks.context(
            f"{each.name} is bad or may turn bad, so please pick what is true. The handoff is in its thread."
        ),
    ]
    for block_id, label, choices in (
        ("severity", "How bad is it?", asked.severity),
        ("leading", "What is it most likely?", asked.leading),
    ):
        if choices:
            chosen = before.option(block_id) if before else None
            built.append(radio(block_id, label, _options(choices, each), chosen=chosen))
    for block_id, label, choices in (
        ("actions", "What are you to do? Tick all of it.", asked.actions),
        ("contingencies", "What is agreed if it gets worse? Tick all of it.", asked.contingencies),
    ):
        if choices:
            ticked = before.ticked(block_id) if before else ()
            built.append(ticks(block_id, label, _options(choices, each), ticked=ticked))
    return built


def _options(choices: Sequence[Option], each: Shown) -> list[Block]:
    return [_choice(one.text, one.id, each) for one in choices]


def _choice(text: str, value: str, each: Shown) -> Block:
    """A choice as Slack lists it: what is long goes on in its description, from a word or an arrow on."""
    first, rest = _halves(" ".join(text.split()))
    shown_first, shown_rest = (
        blocks.in_utc(blocks.one_line(half, each.names, blocks.OPTION_LIMIT)) for half in (first, rest)
    )
    return option(shown_first, value, shown_rest if rest else "")


def _halves(text: str) -> tuple[str, str]:
    most = blocks.OPTION_LIMIT
    if len(text) <= most:
        return text, ""
    when, arrow, then = text.partition(ARROW)
    if arrow and max(len(when) + 2, len(then)) <= most:
        return f"{when} {ARROW.strip()}", then
    cut = text.rfind(" ", 1, most + 1)
    cut = cut if cut > 0 else most
    return text[:cut], text[cut:].strip()


def _ticks(each: Shown, before: Submission | None) -> list[Block]:
    """The head, and of the receiver's own actions those that count, to be ticked."""
    built = [*head_blocks(each, receives=True)]
    asked = {one.id for one in quiz(each.document, short=True).actions if one.right}
    mine = [todo for todo in each.document.mine if todo.name in asked]
    if mine:
        ticked = before.ticked("actions") if before else ()
        options = [_choice(f"{todo.name} {todo.text}", todo.name, each) for todo in mine]
        built.append(ticks("actions", "These are yours: tick each", options, ticked=ticked))
    return built


def picked_in(form: Submission) -> Picked:
    """What was picked and ticked."""
    return Picked(
        severity=form.option("severity"),
        leading=form.option("leading"),
        actions=frozenset(form.ticked("actions")),
        contingencies=frozenset(form.ticked("contingencies")),
    )
