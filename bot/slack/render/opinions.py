"""Second opinions: lists that people make apart from each other, asked for in private and shown together."""

from bot.domain.diagnosis.estimate import percent
from bot.domain.diagnosis.opinions import Judged, Round
from bot.domain.ids import shown
from bot.domain.notice import OpinionAsked, OpinionsPooled
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render.calls import Block, Direct
from bot.slack.render.differential import OTHER_MARK, bar, person

SHOWN = 10
VOICES = 6


def pooled_post(notice: OpinionsPooled, chart: Chart, found: Round) -> tuple[str, list[Block]]:
    """What several people thought apart, and who said what."""
    name = shown(notice.incident)
    lists = "1 list" if len(found.answered) == 1 else f"{len(found.answered)} lists"
    head = f":speech_balloon: *Second opinion* on {name}: {lists}, made apart"
    parts = [part for each in found.judged[:SHOWN] for part in _lines(each, chart)]
    if len(found.judged) > SHOWN:
        parts.append(blocks.line(blocks.faint(f"and {len(found.judged) - SHOWN} more")))
    other = blocks.words(bar(OTHER_MARK, found.other), mono=True)
    parts.append(blocks.line(other, blocks.words(" something else")))
    if found.silent:
        silent = ", ".join(person(each, chart.names) for each in found.silent[:10])
        parts.append(blocks.line(blocks.faint(f"No answer from {silent}")))
    spoken = "; ".join(
        f"{percent(each.p)} {blocks.escape(blocks.one_line(each.statement, chart.names, 100))}"
        for each in found.judged[:5]
    )
    return f"{head}: {spoken}", [blocks.section(f"{head}."), blocks.rich(*parts)]


def _lines(each: Judged, chart: Chart) -> list[Block]:
    said = ", ".join(f"{person(voice.by, chart.names)} {percent(voice.p)}" for voice in each.voices[:VOICES])
    return [
        blocks.line(
            blocks.words(bar(each.letter, each.p), mono=True),
            blocks.words(f" {blocks.one_line(each.statement, chart.names, 120)}"),
            blocks.faint(f"  {said}"),
        )
    ]


def ask_opinion(notice: OpinionAsked, chart: Chart) -> Direct:
    """Ask one person in private. What others think is not in it: a list made apart is worth more."""
    name = shown(notice.incident)
    title = blocks.one_line(chart.incident.title, chart.names, 140)
    head = (
        f"Your second opinion on *{name}* is wanted. Please list what it could be before you read what "
        "others think; nobody sees a list until all have answered or the time is up."
    )
    seen = blocks.plain(chart.incident.seen, chart.names, 700)
    give = blocks.button(
        "Give your list…", f"opinion:{notice.round}", str(notice.incident), label=f"Give your list for {name}"
    )
    built = [
        blocks.section(head),
        blocks.rich(blocks.line(blocks.words(title, bold=True)), blocks.quote(seen or title)),
        blocks.actions("opinion", [give]),
    ]
    return Direct(user=notice.user, text=f"{head} {blocks.escape(title)}", blocks=tuple(built))
