"""What the channel is told when nobody answers a prompt: four lines, each with its label (SBAR)."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.diagnosis.differential import by_likelihood
from bot.domain.diagnosis.estimate import percent
from bot.domain.ids import UserId, shown
from bot.domain.notice import Escalated
from bot.domain.offer import Offer
from bot.domain.prompts.question import Prompt, PromptKind
from bot.domain.prompts.wording import named
from bot.domain.ward import Chart
from bot.slack.render import blocks
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block
from bot.slack.render.differential import person
from bot.slack.render.prompt_words import HAND_OVER, TEXT_LIMIT, offers_of, said, words_of

JUST_NOW = timedelta(minutes=1)


def escalation_post(notice: Escalated, chart: Chart) -> tuple[str, list[Block]]:
    """Situation, background, assessment and recommendation, and the buttons that answer where it stands."""
    prompt = next(
        (each for each in chart.prompts if each.key == (notice.kind, notice.about)),
        Prompt(kind=PromptKind(notice.kind), about=notice.about, due_at=chart.at),
    )
    if not prompt.open:
        return _settled(prompt, chart)
    lines = [*_lines(prompt, chart)]
    called = blocks.someone(_called(prompt, chart))
    parts = [[blocks.words(f"{label}: ", bold=True), blocks.words(text)] for label, text in lines]
    parts[-1] = [parts[-1][0], called, blocks.words(": "), parts[-1][1]]
    built = [
        blocks.rich(*(blocks.line(*part) for part in parts)),
        *blocks.offers("escalated", _offers(prompt, chart), button_rows.value_of(chart)),
    ]
    return blocks.escape("\n".join(f"{label}: {text}" for label, text in lines)), built


def _called(prompt: Prompt, chart: Chart) -> UserId:
    """Whoever leads, or whoever opened it where nobody does; where the lead is off shift, who is on duty."""
    newest, watch = chart.handing.newest, chart.handing.watch
    if prompt.kind is PromptKind.UNOWNED and watch and watch.on_duty:
        return watch.on_duty
    if prompt.kind is PromptKind.READ_BACK and newest:
        return newest.giver
    return chart.incident.lead or chart.incident.opened_by


def _to_do(prompt: Prompt, chart: Chart) -> str:
    """What is recommended to whoever is called; a receiver who is silent leaves it with the giver."""
    newest = chart.handing.newest
    if prompt.kind is not PromptKind.READ_BACK or newest is None:
        return words_of(prompt, chart)
    receiver = person(newest.receiver, chart.names)
    return f"It is still yours, for {receiver} has not read it back. Ask them, or hand it to somebody else."


def _offers(prompt: Prompt, chart: Chart) -> list[Offer]:
    """The buttons of what is recommended."""
    if prompt.kind is PromptKind.READ_BACK:
        return [HAND_OVER, Offer(label="Take it back", does="take_back")]
    return offers_of(prompt, chart)


def _settled(prompt: Prompt, chart: Chart) -> tuple[str, list[Block]]:
    """Nobody is called any more: whoever reads it later need not wonder."""
    became = "declined" if prompt.declined_at else "answered"
    text = f":white_check_mark: {shown(chart.incident.number)}: {blocks.escape(named(prompt))}, {became}."
    return text, [blocks.context(text)]


def _lines(prompt: Prompt, chart: Chart) -> Iterator[tuple[str, str]]:
    incident, workup = chart.incident, chart.workup
    title = blocks.one_line(incident.title, chart.names, TEXT_LIMIT)
    head = f"{shown(incident.number)}, SEV{incident.severity.value}: {title}."
    yield "Situation", f"{head} {_unanswered(prompt, chart)}: {named(prompt)}."
    lead = f"{person(incident.lead, chart.names)} leads" if incident.lead else "nobody leads"
    running = f", {workup.active.name} is running" if workup.active else ""
    age = _span(chart.at - incident.opened_at)
    yield "Background", f"Open for {age}, {chart.phase.value}, {lead}{running}."
    yield "Assessment", f"Vital signs: {workup.condition.word.value}. {_leader(chart)}"
    yield "Recommendation", _to_do(prompt, chart)


def _unanswered(prompt: Prompt, chart: Chart) -> str:
    """How often it was asked, and for how long nobody has answered: people have known of it since then.

    When it was due says nothing of that: quiet hours, an outage or a reopening may lie between.
    """
    asked_at, times = prompt.asked_at or chart.at, prompt.asks
    if prompt.kind is PromptKind.REEVALUATION:
        # Each interval asks once, and those since anybody was last heard of were asked in vain.
        moments = [each.asked_at for each in chart.prompts if each.kind is prompt.kind and each.asked_at]
        in_vain = [at for at in moments if at > chart.incident.active_at]
        asked_at, times = min(in_vain, default=asked_at), max(len(in_vain), 1)
        often = f"Asked {times} times, nobody" if times > 1 else "Nobody"
        return f"{often} has answered for {_span(chart.at - asked_at)}"
    if times > 1:
        last = "just now" if chart.at - asked_at < JUST_NOW else f"{_span(chart.at - asked_at)} ago"
        return f"Asked twice, the last time {last}, and nobody has answered"
    if chart.at - asked_at < JUST_NOW:
        return "Asked just now"
    return f"Nobody has answered for {_span(chart.at - asked_at)}"


def _span(length: timedelta) -> str:
    minutes = max(int(length.total_seconds()), 0) // 60
    hours, left = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if days else f"{hours} h {left} min" if hours else f"{left} min"


def _leader(chart: Chart) -> str:
    differential = chart.workup.differential
    leader = next(iter(by_likelihood(differential)), None)
    if leader is None:
        return "No hypothesis yet."
    p = percent(differential.p(leader.letter))
    return f"Likeliest is {leader.letter} with {p}: {said(leader.statement, chart)}."
