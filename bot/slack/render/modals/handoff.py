"""The modals of a handoff: to whom, sent with something missing, read back, declined, and the whole."""

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.handoff.layout import LIST, Section, sections
from bot.domain.handoff.read_back import Picked
from bot.domain.handoff.reading_back import Option, quiz
from bot.domain.ids import ChannelId, IncidentNumber, UserId, shown
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block, View
from bot.slack.render.handoff import Shown, head_blocks
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

# A modal holds a hundred blocks; what is longer stands in the file in the thread.
BLOCKS, ROWS = 90, 30
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
    critical = set(each.score.critical)
    lines = [one.words for one in each.score.missing if one.item in critical]
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
        ("actions", "What are you to do?", asked.actions),
        ("contingencies", "What holds if it gets worse?", asked.contingencies),
    ):
        if choices:
            ticked = before.ticked(block_id) if before else ()
            built.append(ticks(block_id, label, _options(choices, each), ticked=ticked))
    return built


def _options(choices: Sequence[Option], each: Shown) -> list[Block]:
    """Choices as Slack lists them: long ones go on in their description."""
    built = []
    for one in choices:
        text = blocks.in_utc(blocks.one_line(one.text, each.names, 150))
        first, rest = text[: blocks.OPTION_LIMIT], text[blocks.OPTION_LIMIT :]
        built.append(option(first, one.id, rest))
    return built


def _ticks(each: Shown, before: Submission | None) -> list[Block]:
    """The head, and the receiver's own actions to be ticked."""
    built = [*head_blocks(each)]
    mine = [(todo.name, f"{todo.name} {todo.text}") for todo in each.document.mine]
    if mine:
        ticked = before.ticked("actions") if before else ()
        options = [
            option(blocks.one_line(text, each.names, blocks.OPTION_LIMIT), name) for name, text in mine
        ]
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


def whole_view(each: Shown, here: ChannelId | None) -> View:
    """The whole document."""
    built, part = list[Block](), ""
    for section in sections(each.document):
        if section.part != part:
            part = section.part
            built.append(blocks.header(part))
        built.append(blocks.rich(*_section(section, each.names)))
    grade = f"Score {each.score.shown}, version {each.transfer.version}."
    built.append(blocks.context(f"{grade} The same is in the thread as a file."))
    data = place(each.transfer.incident, here)
    return modal("handoff_whole", f"{each.name}: handoff", None, built[:BLOCKS], data)


def _section(section: Section, names: Mapping[UserId, str]) -> Iterator[Block]:
    yield blocks.line(blocks.words(section.heading, bold=True))
    if not section.rows:
        yield blocks.line(blocks.faint("None."))
        return
    built = [_row(section, row, names) for row in section.rows[:ROWS]]
    if len(section.rows) > ROWS:
        built.append(blocks.line(blocks.faint(f"and {len(section.rows) - ROWS} more")))
    yield blocks.bullets(built)


def _row(section: Section, row: Sequence[str], names: Mapping[UserId, str]) -> Block:
    """The first value stands out; of the others those that say something follow."""
    first, *rest = [blocks.one_line(value, names, CELL) if value else "" for value in row]
    titled = section.columns == LIST
    said = [
        value if titled else f"{column}: {value}"
        for column, value in zip(section.columns[1:], rest, strict=True)
        if value
    ]
    between = ": " if titled else " · "
    return blocks.line(
        blocks.words(first or "–", bold=True), blocks.words(between + " · ".join(said) if said else "")
    )
