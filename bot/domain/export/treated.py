"""The rows of the report's tables of what was tested, tried and handed over."""

from pydantic import ValidationError

from bot.domain.diagnosis.estimate import percent
from bot.domain.diagnosis.testing import Test
from bot.domain.export.course import Course
from bot.domain.export.markdown import clipped, escaped, named
from bot.domain.export.record import HandoffRow
from bot.domain.export.wording import lasted, moment, person
from bot.domain.handoff.read_back import READ_BACK
from bot.domain.therapy.intervention import Intervention

LIMIT = 300


def _said(found: Course, text: str) -> str:
    return escaped(clipped(" ".join(named(text, found.names).split()), LIMIT))


def test_rows(found: Course) -> list[tuple[str, ...]]:
    """Each test: what it asked, for what, what each hypothesis expected of it, and what it showed."""
    return [
        (
            f"{test.name} {_said(found, test.question)}",
            escaped(", ".join(test.bears_on)),
            ", ".join(f"{escaped(letter)} {percent(p)}" for letter, p in sorted(test.likelihoods.items())),
            _showed(found, test),
            person(test.owner, found.names) if test.owner else "",
        )
        for test in found.workup.tests
    ]


def _showed(found: Course, test: Test) -> str:
    result = found.workup.result(test.number)
    if result is None:
        return "no result"
    return " ".join(part for part in (f"**{result.verdict.value}**", _said(found, result.words)) if part)


def intervention_rows(found: Course) -> list[tuple[str, ...]]:
    """Each intervention: what it was for, when it began, what became of it, and whether it was taken back."""
    return [
        (
            f"{each.name} {_said(found, each.text)}",
            escaped(each.target or ""),
            moment(each.started_at) + (f", with {each.bundled_with}" if each.bundled_with else ""),
            _outcome(found, each),
            _taken_back(found, each),
            person(each.by, found.names),
        )
        for each in found.workup.interventions
    ]


def _outcome(found: Course, each: Intervention) -> str:
    if each.ended_at is None or each.outcome is None:
        return "no outcome"
    after = lasted(max(each.ended_at - each.started_at, each.window * 0))
    words = _said(found, each.words)
    return f"**{each.outcome.value}** after {after}" + (f": {words}" if words else "")


def _taken_back(found: Course, each: Intervention) -> str:
    if each.reverted_at:
        return moment(each.reverted_at)
    if each.revert_waived_by:
        by = person(each.revert_waived_by, found.names)
        return f"no: {by} answers, {_said(found, each.revert_waived_why)}"
    if each.owes_revert:
        return "**owed**"
    return "cannot be" if each.irreversible else ""


def handoff_rows(found: Course) -> list[tuple[str, ...]]:
    """Each attempt to hand over: who to whom, what became of it, how complete it was, what was read back."""
    names = found.names
    return [
        (
            person(each.giver, names),
            person(each.receiver, names),
            moment(each.sent_at or each.asked_at),
            _ended(found, each),
            _score(found, each),
            _read_back(found, each),
        )
        for each in found.record.handoffs
    ]


def _ended(found: Course, each: HandoffRow) -> str:
    if each.accepted_at:
        return f"**accepted** {moment(each.accepted_at)}"
    if each.declined_at:
        return f"declined {moment(each.declined_at)}: {_said(found, each.decline_reason or '')}"
    if each.cancelled_at:
        return f"cancelled {moment(each.cancelled_at)}: {_said(found, each.cancel_reason or '')}"
    return "lead taken without a handoff" if each.reason == "without" else "not answered"


def _score(found: Course, each: HandoffRow) -> str:
    """How complete the document was, and whether all five elements of I-PASS were in it."""
    version = next((one for one in found.record.handoff_versions if one.version == each.version), None)
    if version is None:
        return ""
    override = (
        f"; sent by {person(each.overridden_by, found.names)} all the same" if each.overridden_by else ""
    )
    return f"{version.score}{', all five elements' if version.five_elements else ''}{override}"


def _read_back(found: Course, each: HandoffRow) -> str:
    by_mouth = f" (confirmed by {person(each.confirmed_by, found.names)})" if each.confirmed_by else ""
    if each.read_back is None:
        return by_mouth.strip()
    try:
        answer = READ_BACK.validate_json(each.read_back)
    except ValidationError:
        # Another version of us wrote it; that there is one can be said all the same.
        return f"yes{by_mouth}"
    return f"agreed {answer.f1:.0%}{by_mouth}: {_said(found, answer.words)}"
