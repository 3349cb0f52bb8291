"""The case report of one incident, in Markdown, for those who look back at it.

It reads from the outcome to the detail: what it was and how long it took, what was thought, where time went,
what was done, and only then every line of the timeline. It tells what happened and blames nobody.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType

from bot.domain.chart import TITLES, Kind
from bot.domain.diagnosis.differential import OTHER, by_likelihood
from bot.domain.diagnosis.estimate import percent
from bot.domain.export.course import Course, course, first_named, ranks, ruled_out_at, wrong_turns
from bot.domain.export.lessons import lessons, to_talk_about
from bot.domain.export.markdown import bullets, clipped, escaped, fenced, named, table
from bot.domain.export.record import EntryRow, IncidentRecord, PromptRow
from bot.domain.export.treated import handoff_rows, intervention_rows, test_rows
from bot.domain.export.wording import ended_by, lasted, moment, person
from bot.domain.ids import IncidentNumber, shown
from bot.domain.prompts.question import PromptKind
from bot.domain.readiness.contingency import Contingency
from bot.domain.work.steps import Started

LINE_LIMIT = 300
NOBODY = "Nobody has named a hypothesis."
FOUR = (
    "The four questions: A is it dying, B can it not wait, C how many resources will a decision need, "
    "D is a vital sign in danger."
)
# What was asked, by the kinds of prompts.
ASKED: Mapping[str, str] = MappingProxyType(
    {
        PromptKind.LEAD: "who leads",
        PromptKind.UNOWNED: "who leads now",
        PromptKind.READ_BACK: "whether the handoff is accepted",
        PromptKind.RETURNED: "who leads after a handoff that was not accepted",
        PromptKind.TRIAGE: "how bad it is",
        PromptKind.DIFFERENTIAL: "what it could be",
        PromptKind.RESULT: "what {} shows",
        PromptKind.WINDOW: "what became of {}",
        PromptKind.REVERT: "whether {} was taken back",
        PromptKind.ACTION: "whether {} is done",
        PromptKind.WORSE: "whether the severity still holds",
        PromptKind.REEVALUATION: "where it stands",
        PromptKind.OTHER: "what else it could be",
        PromptKind.TIME_OUT: "the time-out",
        PromptKind.HANDOFF: "who takes over at the end of the shift",
        PromptKind.WITHOUT: "what a lead without a handoff knows",
    }
)


def report(record: IncidentRecord, at: datetime) -> str:
    """The whole report, as it is *at* a moment; once the incident is closed it is always the same."""
    found = course(record, at)
    parts = [f"# {_heading(found)}", *_parts(found)]
    return "\n\n".join(parts) + "\n"


def _heading(found: Course) -> str:
    incident = found.record.incident
    title = clipped(_words(found, incident.title), LINE_LIMIT)
    return f"{shown(IncidentNumber(incident.number))}: {escaped(title) or 'no title'}"


def _parts(found: Course) -> Iterator[str]:
    yield "All times are in UTC."
    yield table(("What", ""), _summary(found))
    yield _section("What was seen", fenced(_words(found, found.record.incident.seen)))
    yield _section("The differential", _differential(found))
    yield _section("Wrong turns", _wrong_turns(found))
    tests = test_rows(found)
    yield _section(
        "Tests", table(("Test", "For", "Expected positive", "Result", "By"), tests) if tests else "None."
    )
    tried = intervention_rows(found)
    heads = ("What was tried", "For", "Begun", "Outcome", "Taken back", "By")
    yield _section("Interventions", table(heads, tried) if tried else "None.")
    given = handoff_rows(found)
    heads = ("From", "To", "When", "Became", "Score", "Read back")
    yield _section("Handoffs", table(heads, given) if given else "None.")
    yield _section("If, then", _contingencies(found))
    yield _section("Lessons", _lessons(found))
    yield _section("Actions", _actions(found))
    yield _section("Timeline", _timeline(found))
    yield from _logs(found)


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}"


def _words(found: Course, text: str) -> str:
    return named(text, found.names)


def _line(found: Course, text: str, limit: int = LINE_LIMIT) -> str:
    return escaped(clipped(" ".join(_words(found, text).split()), limit))


def _summary(found: Course) -> Iterator[tuple[str, str]]:
    incident = found.record.incident
    yield "Severity", _severities(found)
    yield "Opened", f"{moment(incident.opened_at)} by {person(incident.opened_by, found.names)}"
    if found.workup.onset:
        yield "Began", moment(found.workup.onset)
    if found.workup.impact:
        yield "Impact", _line(found, found.workup.impact.words)
    yield "Led by", person(incident.lead, found.names) if incident.lead else "nobody"
    took = lasted(found.until - incident.opened_at)
    if incident.resolved_at:
        by = person(incident.resolved_by, found.names) if incident.resolved_by else "somebody"
        yield "Resolved", f"{moment(incident.resolved_at)} by {by}, after {took}"
        yield "Cause", _line(found, incident.diagnosis or "unknown", 2 * LINE_LIMIT)
        if found.closing and found.closing.gone:
            yield "How we know", _line(found, found.closing.gone)
        if found.closing and found.closing.anyway:
            yield "Closed all the same", _line(found, found.closing.anyway)
    else:
        yield "Resolved", f"not yet, open for {took}"
    yield "Rank of the cause at first", _rank(found)
    yield "Tests, interventions", _counts(found)
    if incident.private:
        yield "Private", "yes: only members of its channel may read this"


def _severities(found: Course) -> str:
    levels = [f"SEV{change.severity}" for change in found.record.severity_changes]
    changed = [level for before, level in pairwise(levels) if level != before]
    return " → ".join([*levels[:1], *changed])


def _rank(found: Course) -> str:
    """Where the true cause stood when hypotheses were first named."""
    if found.record.incident.resolved_at is None:
        return "not known yet"
    if found.first is None:
        return "there was no differential"
    if found.truth is None:
        return "cannot be said: the cause is none of the hypotheses by name"
    places = ranks(found.first.probabilities)
    letter = found.truth.letter
    if letter in places:
        return f"{places[letter]} of {len(places)} ({letter}, {percent(found.first.probabilities[letter])})"
    came = first_named(found.workup, letter)
    late = f", {lasted(came - found.first.at)} later" if came else ""
    return f"not among the first {len(places)}: {letter} came up{late or ' later'}"


def _counts(found: Course) -> str:
    tests, tried = found.workup.tests, found.workup.interventions
    done = len(found.workup.results)
    first = f"{len(tests)} asked, {done} with a result, {found.workup.discriminating} told hypotheses apart"
    return f"{first}; {len(tried)} {'intervention' if len(tried) == 1 else 'interventions'}"


def _differential(found: Course) -> str:
    """Every hypothesis ever named: what it was given at first, and what became of it."""
    if not found.workup.differential.hypotheses or found.first is None:
        return NOBODY
    now, first = found.workup.differential, found.first.probabilities
    order = by_likelihood(now)
    gone = [each for each in now.hypotheses if each not in order]
    places = ranks(first)
    rows = [
        (
            f"{each.letter} {_line(found, each.statement)}"
            + (" **(the cause)**" if each == found.truth else ""),
            f"{places[each.letter]}. {percent(first[each.letter])}" if each.letter in places else "not yet",
            percent(now.p(each.letter)) if each.live else "",
            _became(found, each.letter),
        )
        for each in (*order, *gone)
    ]
    rows.append(("something else", percent(first.get(OTHER, 0.0)), percent(now.p(OTHER)), ""))
    since = moment(found.first.at)
    return table(("Hypothesis", f"At first, {since}", "At last", "Became"), rows)


def _became(found: Course, letter: str) -> str:
    each = found.workup.differential.named(letter)
    at = ruled_out_at(found.workup, letter)
    if each.eliminated_by:
        when = f", {moment(at)}" if at else ""
        return f"ruled out by {ended_by(each.eliminated_by, found.names)}{when}"
    if each.waived_by:
        return f"not excluded; {person(each.waived_by, found.names)} answers for it"
    return ""


def _wrong_turns(found: Course) -> str:
    if found.record.incident.resolved_at is None:
        return "Not known before it is resolved."
    turns = wrong_turns(found)
    if not turns:
        return "Nothing that was pursued turned out to be wrong."
    rows = [
        (
            f"{turn.hypothesis.letter} {_line(found, turn.hypothesis.statement)}",
            ", ".join(turn.aimed),
            moment(turn.begun),
            f"ruled out by {ended_by(turn.by, found.names)}" if turn.by else "never ruled out",
            lasted(turn.took),
        )
        for turn in turns
    ]
    note = (
        "From the first test or intervention aimed at it until it was ruled out, or the incident closed. "
        "Where several were pursued at once, the time counts for each."
    )
    return f"{table(('Pursued', 'With', 'From', 'Ended', 'Time spent'), rows)}\n\n{note}"


def _contingencies(found: Course) -> str:
    each = found.workup.contingencies
    if not each:
        return "None were prepared."
    rows = [
        (one.name, _line(found, one.when), _line(found, one.then), _owner(found, one), _happened(found, one))
        for one in each
    ]
    return table(("", "If", "Then", "Who", "Became"), rows)


def _owner(found: Course, one: Contingency) -> str:
    return person(one.owner, found.names) if one.owner else ""


def _happened(found: Course, one: Contingency) -> str:
    if one.triggered_at:
        return f"happened {moment(one.triggered_at)} {_line(found, one.triggered_words)}".strip()
    if one.revoked_at:
        return f"revoked {moment(one.revoked_at)} {_line(found, one.revoked_words)}".strip()
    # What nobody said is not known, and a review should not take it for a fact.
    return "nobody said that it happened" if found.record.incident.resolved_at else "still counts"


def _lessons(found: Course) -> str:
    noted = [f"{escaped(_words(found, text))} ({person(by, found.names)})" for text, by in lessons(found)]
    said = bullets(noted) if noted else "Nobody wrote one down (`note: lesson: …` in the thread does)."
    questions = to_talk_about(found)
    return f"{said}\n\n### To talk about\n\n{bullets(questions)}" if questions else said


def _actions(found: Course) -> str:
    actions = found.workup.actions
    if not actions:
        return "None."
    rows = [
        (
            each.name,
            _line(found, each.text),
            person(each.owner, found.names),
            moment(each.due) if each.due else "",
            f"done {moment(each.done_at)}: {_line(found, each.words)}" if each.done_at else "**left open**",
        )
        for each in sorted(actions, key=lambda each: (not each.open, each.number))
    ]
    return table(("", "What", "Who", "By", "Became"), rows)


def _timeline(found: Course) -> str:
    opened = found.record.incident.opened_at
    rows = [
        (moment(at), lasted(at - opened) if at >= opened else "", who, what, text)
        for at, who, what, text in sorted(_moments(found), key=lambda row: row[0])
    ]
    gone = len(found.entries) - len(found.live)
    note = f"\n\nLeft out: {gone} withdrawn {'entry' if gone == 1 else 'entries'}." if gone else ""
    legend = f"\n\n{FOUR}" if any("by the four questions" in text for *_, text in rows) else ""
    return table(("When", "After", "Who", "What", ""), rows) + legend + note


def _moments(found: Course) -> Iterator[tuple[datetime, str, str, str]]:
    """What is told of the timeline: when, who, what, and in which words."""
    incident, names = found.record.incident, found.names
    yield incident.opened_at, person(incident.opened_by, names), "Opened", _line(found, incident.title)
    for entry in found.live:
        yield entry.at, person(entry.author, names), TITLES[entry.kind], _entry(found, entry)
    for each in found.record.handoffs:
        if each.accepted_at:
            yield (
                each.accepted_at,
                person(each.receiver, names),
                "Took over",
                f"from {person(each.giver, names)}",
            )
    for prompt in found.record.prompts:
        if prompt.escalated_at:
            yield prompt.escalated_at, "", "Escalated", f"nobody had answered {_asked(prompt)}"


def _entry(found: Course, entry: EntryRow) -> str:
    lines = entry.text.strip().splitlines()
    text = _line(found, _told(found, entry) if entry.kind is not Kind.LOG else (lines[0] if lines else ""))
    files = ", ".join(f"[{escaped(file.name)}]({_target(file.permalink)})" for file in entry.files or ())
    more = f"({len(lines)} lines, below)" if entry.kind is Kind.LOG and len(lines) > 1 else ""
    return " ".join(part for part in (text, more, files) if part)


def _told(found: Course, entry: EntryRow) -> str:
    """The words of an entry; where they only name a plan that was begun, what that plan was as well."""
    begun = [each.step for each in found.recorded if each.entry == entry.seq]
    text = entry.text.strip()
    return next(
        (f"{text} {step.text}" for step in begun if isinstance(step, Started) and step.plan == text), text
    )


def _asked(prompt: PromptRow) -> str:
    """What a question was about, in words; a window that was made longer has a plus at its name."""
    return escaped(ASKED.get(prompt.kind, prompt.kind).replace("{}", prompt.about.rstrip("+")))


def _target(address: str) -> str:
    """The address of a link, in which nothing can end it: anything but a web address leads nowhere."""
    if not address.startswith(("https://", "http://")):
        return "#"
    safe = "".join(
        each if each.isalnum() or each in "-._~:/?#@!$&'*+,;=%" else _coded(each) for each in address
    )
    return safe.replace("&", "&amp;").replace("_", "%5F").replace("*", "%2A")


def _coded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _logs(found: Course) -> Iterator[str]:
    """Logs of several lines in full: a cause is often seen in them only afterwards."""
    long = [each for each in found.live if each.kind is Kind.LOG and len(each.text.strip().splitlines()) > 1]
    if long:
        yield "## Logs"
    for each in long:
        yield f"### {moment(each.at)}, {person(each.author, found.names)}"
        yield fenced(each.text)
