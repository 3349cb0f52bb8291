"""The living prompt of a thread: what is asked just now, and when the next prompt comes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.export.asleep import ASLEEP
from bot.domain.ids import UserId, shown
from bot.domain.prompts.owing import owner_of
from bot.domain.prompts.planning import standing
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.prompts.wording import named
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block
from bot.slack.render.differential import person
from bot.slack.render.prompt_words import offers_of, words_of

# More than this at once, and nobody reads any of it.
SHOWN = 6
# Further away, a time of day alone would be taken for today's.
HALF_A_DAY = timedelta(hours=12)


def prompt_post(chart: Chart) -> tuple[str, list[Block]]:
    """All that is asked and not answered, each with the buttons that answer it."""
    asked = [] if chart.prompts_off_by else standing(chart.prompts, chart.at)
    if not asked:
        return _answered(chart)
    name = shown(chart.incident.number)
    lines = [words_of(prompt, chart) for prompt in asked[:SHOWN]]
    text = f"{name} asks: {' · '.join(lines)}"
    built = [blocks.rich(_head(asked, chart))]
    offered = set[str]()
    for prompt, said in zip(asked, lines, strict=False):
        # A button that stands in an earlier row answers this one as well.
        new = [offer for offer in offers_of(prompt, chart) if offer.does not in offered]
        offered |= {offer.does for offer in new}
        built.append(blocks.rich(blocks.line(*_mention(prompt, chart), blocks.words(said))))
        built.extend(blocks.offers(_row(prompt), new, button_rows.value_of(chart)))
    if len(asked) > SHOWN:
        more = ", ".join(named(prompt) for prompt in asked[SHOWN:])
        built.append(blocks.context(f"And {blocks.escape(more)}."))
    built.extend(_later(chart, asked))
    return blocks.escape(text), built


def _head(asked: Sequence[Prompt], chart: Chart) -> Block:
    """How much is asked; the lead is called once, however much that is, unless others owe all of it."""
    owners = {_owner(prompt, chart) for prompt in asked}
    lead = chart.incident.lead if owners & {None, chart.incident.lead} else None
    amount = "One thing to answer" if len(asked) == 1 else f"{len(asked)} things to answer"
    whom = [blocks.someone(lead), blocks.words(": ")] if lead else []
    return blocks.line(
        blocks.emoji("bell"), blocks.words(" "), *whom, blocks.words(f"{amount} here.", bold=True)
    )


def _row(prompt: Prompt) -> str:
    return f"answer:{prompt.kind.value}:{prompt.about}"[:255]


def _mention(prompt: Prompt, chart: Chart) -> Iterator[Block]:
    """Whoever owes the answer, where that is not the lead; at the end of a shift whoever is next."""
    to, watch = _owner(prompt, chart), chart.handing.watch
    if watch and prompt.kind is PromptKind.HANDOFF:
        to = watch.next
    elif watch and prompt.kind is PromptKind.UNOWNED:
        to = watch.on_duty
    if to and to != chart.incident.lead:
        yield blocks.someone(to)
        yield blocks.words(", ")


def _owner(prompt: Prompt, chart: Chart) -> UserId | None:
    return owner_of(prompt.kind, prompt.about, chart.workup, chart.handing)


def _later(chart: Chart, asked: Sequence[Prompt]) -> Iterator[Block]:
    """The buttons that put all of it off, once, or decline some of it; and what is put off already."""
    value, name = button_rows.value_of(chart), shown(chart.incident.number)
    row = []
    if any(prompt.snoozed_until is None for prompt in asked):
        row = [
            blocks.button("Snooze 15 min", "snooze:15", value, label=f"Ask {name} again in 15 minutes"),
            blocks.button("1 h", "snooze:60", value, label=f"Ask {name} again in an hour"),
            blocks.button("Until…", "snooze_until", value, label=f"Say when to ask {name} again"),
        ]
    row.append(blocks.button("Decline…", "decline", value, label=f"Decline questions of {name}"))
    yield blocks.actions("later", row)
    yield from _snoozed(chart)


def _snoozed(chart: Chart) -> Iterator[Block]:
    found = [each for each in chart.prompts if each.open and each.snoozed_until and each.asks]
    put_off = [each for each in found if each.snoozed_until and each.snoozed_until > chart.at]
    if put_off:
        what = ", ".join(dict.fromkeys(named(each) for each in put_off))
        until = min(each.snoozed_until for each in put_off if each.snoozed_until)
        yield blocks.context(f"Snoozed until {_moment(until, chart)}: {blocks.escape(what)}")


def _moment(at: datetime, chart: Chart) -> str:
    """A moment to come: its time alone, where only the next such time of day can be meant."""
    return blocks.date(at, "{time}") if at - chart.at < HALF_A_DAY else blocks.date(at)


def _answered(chart: Chart) -> tuple[str, list[Block]]:
    """Nothing is open: one small line stays until the next prompt takes its place."""
    snoozed = [*_snoozed(chart)]
    said = "" if snoozed or chart.prompts_off_by else ":white_check_mark: Answered."
    coming = next_prompt(chart)
    text = " ".join(part for part in (said, coming) if part) or "Nothing is asked just now."
    return text, [blocks.context(text), *snoozed]


def next_prompt(chart: Chart) -> str:
    """When the next prompt comes and what it asks, in mrkdwn; "" where none will."""
    if chart.incident.resolved_at:
        return ""
    if chart.prompts_off_by == ASLEEP:
        return f"Imported, so nothing is asked. `/incident prompts {shown(chart.incident.number)} on`"
    if chart.prompts_off_by:
        by = blocks.escape(f"@{person(chart.prompts_off_by, chart.names)}")
        return f"Prompts are off, by {by}. `/incident prompts {shown(chart.incident.number)} on`"
    if chart.upcoming is None:
        return ""
    at, what = chart.upcoming
    asked = blocks.escape(", ".join(dict.fromkeys(named(prompt) for prompt in what)))
    when = "Next prompt now" if at <= chart.at else f"Next prompt {_moment(at, chart)}"
    return f"{when}: {asked}"
