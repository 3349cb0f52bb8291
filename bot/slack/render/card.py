"""The chart's card: the root of an incident's thread, always showing where it stands."""

from collections.abc import Iterator, Mapping, Sized

from bot.domain.chart import FENCE, TITLES, Entry, Kind
from bot.domain.diagnosis.asking import read_result
from bot.domain.ids import shown
from bot.domain.incident import Severity
from bot.domain.ward import SHOWN_KINDS, Chart
from bot.slack.render import blocks, differential, readiness, standing
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block, Post, Update
from bot.slack.render.prompt import next_prompt
from bot.slack.render.seen_before import seen_before

LIGHTS = {
    Severity.SEV1: "red_circle",
    Severity.SEV2: "large_orange_circle",
    Severity.SEV3: "large_yellow_circle",
    Severity.SEV4: "large_blue_circle",
    Severity.SEV5: "white_circle",
}
ENTRY_LIMIT = 140
# Of hypotheses, tests and actions the newest few count together; of the others the last word counts.
SHOWN = {Kind.HYPOTHESIS: 4, Kind.TEST: 2, Kind.RESULT: 2, Kind.INTERVENTION: 2, Kind.ACTION: 3}
SEEN_LIMIT = 700
# Once people work on it, the first words of what was seen are enough.
SEEN_BESIDE_WORK = 200
FILES_SHOWN = 3


def post_card(chart: Chart, *, again: bool = False) -> Post:
    """The card as a new root; *again* says that the one before was deleted."""
    note = "The chart was deleted, so it goes on here. " if again else ""
    return Post(
        channel=chart.incident.channel,
        thread_ts=None,
        text=note + summary(chart),
        blocks=tuple(card(chart, note=note)),
    )


def update_card(chart: Chart) -> Update | None:
    """The card as it must look now; None while it has not been posted."""
    if chart.incident.thread_ts is None:
        return None
    return Update(
        channel=chart.incident.channel,
        ts=chart.incident.thread_ts,
        text=summary(chart),
        blocks=tuple(card(chart)),
    )


def summary(chart: Chart) -> str:
    """The card in one sentence, for notifications and screen readers."""
    incident = chart.incident
    title = blocks.escape(blocks.one_line(incident.title, chart.names, 200))
    head = f"{shown(incident.number)}, SEV{incident.severity.value}, {chart.phase.value}: {title}"
    thought = differential.in_words(chart.workup.differential, chart.names)
    return f"{head}. {thought}" if thought else head


def card(chart: Chart, *, note: str = "", buttons: bool = True) -> list[Block]:
    """The blocks of a card."""
    incident = chart.incident
    title = blocks.one_line(incident.title, chart.names, 130)
    built = [blocks.header(f"{shown(incident.number)} · {title}"), blocks.fields(_facts(chart))]
    if note:
        built.insert(0, blocks.context(note.strip()))
    if len(incident.seen) > len(incident.title):
        limit = SEEN_LIMIT if chart.workup.empty else SEEN_BESIDE_WORK
        built.append(blocks.rich(blocks.quote(blocks.plain(incident.seen, chart.names, limit))))
    built.extend(_rich([*readiness.outline(chart)]))
    built.extend(_rich([*seen_before(chart)]))
    built.extend(_resolution(chart))
    built.extend(_work(chart, buttons=buttons and incident.resolved_at is None))
    built.extend(_rich([*readiness.contingencies(chart)]))
    built.extend(_rich([*_handing(chart)]))
    built.extend(_logged(chart))
    coming = next_prompt(chart)
    if coming:
        built.append(blocks.context(coming))
    if buttons:
        built.extend(button_rows.of_chart(chart))
    return built


def _work(chart: Chart, *, buttons: bool) -> Iterator[Block]:
    """What the work-up comes to: first what is late or running, then what to think and what to test."""
    resolved = chart.incident.resolved_at is not None
    urgent = [*standing.vitals(chart), *standing.overdue(chart), *standing.interventions(chart)]
    if resolved:
        urgent = [*standing.vitals(chart), *standing.interventions(chart)]
    yield from _rich(urgent)
    if buttons:
        yield from button_rows.now(chart)
    if chart.workup.differential.hypotheses:
        parts = [blocks.line(blocks.words("Differential", bold=True))]
        parts += differential.table(chart.workup.differential, chart.names)
        parts += [] if resolved else [*standing.doubts(chart)]
        yield blocks.rich(*parts, *standing.last_change(chart))
    if not resolved:
        yield from _rich([*standing.next_test(chart)])
        if buttons:
            yield from button_rows.around_test(chart)
        yield from _rich([*standing.treat(chart)])
    yield from _rich([*standing.tests(chart)])
    if buttons:
        yield from button_rows.of_waiting(chart)
    yield from _rich([*standing.actions(chart)])
    if buttons:
        waiting = standing.by_urgency(chart.workup.open_actions)
        yield from button_rows.of_actions(chart, waiting[: standing.ACTIONS_SHOWN])


def _handing(chart: Chart) -> Iterator[Block]:
    """The handoff that waits for somebody."""
    waiting = chart.handing.waiting
    if waiting:
        receiver = blocks.words(f"@{differential.person(waiting.receiver, chart.names)}")
        state = " has to read it back" if waiting.sent_at else ": not sent yet, something critical is missing"
        yield blocks.line(
            blocks.emoji("outbox_tray"), blocks.words(" Handoff: ", bold=True), receiver, blocks.words(state)
        )


def _logged(chart: Chart) -> Iterator[Block]:
    """The newest log, folded, and the newest entries that the work-up does not show."""
    parts = [*_entries(chart)]
    if chart.log:
        parts.insert(0, standing.log_line(chart.log, chart))
    yield from _rich(parts)
    if not (parts or chart.workup.actions or readiness.known(chart)) and chart.workup.empty:
        yield _nothing_yet()


def _rich(parts: list[Block]) -> Iterator[Block]:
    if parts:
        yield blocks.rich(*parts)


def severity_words(severity: Severity) -> str:
    """A severity with its light, in mrkdwn."""
    return f":{LIGHTS[severity]}: SEV{severity.value}"


def _facts(chart: Chart) -> list[tuple[str, str]]:
    incident = chart.incident
    severity = severity_words(incident.severity)
    if incident.triaged_at is None:
        severity += " (not triaged yet)"
    elif chart.first_severity != incident.severity:
        severity += f" (first SEV{chart.first_severity.value})"
    return [
        ("Severity", severity),
        ("Phase", chart.phase.value.capitalize()),
        ("Lead", blocks.person(incident.lead) if incident.lead else "nobody yet"),
        ("Opened", f"{blocks.date(incident.opened_at, '{ago}')} by {blocks.person(incident.opened_by)}"),
    ]


def _resolution(chart: Chart) -> Iterator[Block]:
    incident = chart.incident
    if incident.resolved_at and incident.resolved_by:
        yield blocks.rich(
            blocks.line(
                blocks.emoji("white_check_mark"),
                blocks.words(" Resolved ", bold=True),
                blocks.moment(incident.resolved_at),
                blocks.words(" by "),
                blocks.someone(incident.resolved_by),
                blocks.words(": " + blocks.one_line(incident.diagnosis or "", chart.names, 600)),
            )
        )


def _nothing_yet() -> Block:
    return blocks.context("Nothing logged yet. Reply in the thread: `dx: a suspicion`, `fix: what you did`…")


def _entries(chart: Chart) -> Iterator[Block]:
    """Of each kind the newest entries, the oldest of them first, in the order of the method."""
    for kind in SHOWN_KINDS:
        every = [entry for entry in chart.recent if entry.kind == kind and not _told(entry, chart)]
        found = every[: SHOWN.get(kind, 1)]
        lines = [_entry(entry, chart) for entry in reversed(found)]
        if len(lines) == 1:
            yield blocks.line(blocks.words(f"{TITLES[kind]}: ", bold=True), *lines[0])
        elif lines:
            yield blocks.line(blocks.words(_plural(TITLES[kind]), bold=True))
            yield blocks.bullets(blocks.line(*line) for line in lines)


def _told(entry: Entry, chart: Chart) -> bool:
    """Whether the card shows already, from the work-up, what an entry says."""
    workup = chart.workup
    if readiness.told(entry, chart):
        return True
    match entry.kind:
        case Kind.HYPOTHESIS:
            return bool(workup.differential.hypotheses)
        case Kind.RESULT:
            found = read_result(entry.text)
            return found.test is not None and workup.result(found.test) is not None
        case Kind.VITAL:
            return any(each.at == entry.at for each in workup.vitals.series)
    listed: Mapping[Kind, Sized] = {
        Kind.TEST: workup.tests,
        Kind.INTERVENTION: workup.interventions,
        Kind.OUTCOME: workup.interventions,
        Kind.ACTION: workup.actions,
        Kind.DONE: workup.actions,
    }
    return bool(listed.get(entry.kind))


def _plural(title: str) -> str:
    if title.endswith("y"):
        return title.removesuffix("y") + "ies"
    return f"{title.removesuffix('is')}es" if title.endswith("is") else f"{title}s"


def _entry(entry: Entry, chart: Chart) -> list[Block]:
    """What was logged, and small behind it by whom and when."""
    files = ", ".join(file.name for file in entry.files[:FILES_SHOWN])
    said = entry.text.replace(FENCE, " ")
    text = blocks.one_line(said, chart.names, ENTRY_LIMIT) if said.strip() else ""
    if files:
        text = f"{text} [{blocks.one_line(files, {}, ENTRY_LIMIT)}]".strip()
    by = blocks.faint(f"  {differential.person(entry.author, chart.names)}, ")
    return [blocks.words(text or "(no words)"), by, blocks.moment(entry.at)]
