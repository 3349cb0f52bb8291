"""What happens when somebody submits a modal of the workup: its words are logged as if typed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.chart import Kind
from bot.domain.heard import Who
from bot.domain.ids import IncidentNumber
from bot.domain.work.closing import Closing
from bot.domain.work.steps import RevertKnown, RevertWaived, Waived
from bot.slack.render.modals import actions, diagnosis, prompts, readiness, treatment, vitals
from bot.slack.render.modals.closing import cause_of
from bot.slack.render.modals.form import Submission, about, one_line
from bot.store.session import Session
from bot.usecases.answer_prompt import decline, snooze
from bot.usecases.change_incident import resolve_incident
from bot.usecases.expect_result import expect_result
from bot.usecases.follow_workup import read_workup
from bot.usecases.log_entry import Written, log_entry
from bot.usecases.second_opinion import Asking, answer, ask

Carry = Callable[[Session, Who, Submission, str, datetime], None]


def number_of(form: Submission) -> IncidentNumber:
    """Which incident a modal is about."""
    return IncidentNumber(form.data["incident"])


def _hypothesis(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    number = number_of(form)
    known = [each.letter for each in read_workup(session, who.team, number).differential.hypotheses]
    said = Written(kind=Kind.HYPOTHESIS, text=diagnosis.hypothesis_lines(form, known))
    log_entry(session, who, number, said, key=key, now=now)
    letter = read_workup(session, who.team, number).differential.hypotheses[-1].letter
    argued = diagnosis.argued_lines(form, letter)
    if argued:
        evidence = Written(kind=Kind.HYPOTHESIS, text=argued)
        log_entry(session, who, number, evidence, key=f"{key}:evidence", now=now)


def _revise(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    number = number_of(form)
    known = read_workup(session, who.team, number).differential.named(form.data["letter"])
    said = Written(kind=Kind.HYPOTHESIS, text=diagnosis.revised_lines(form, known))
    log_entry(session, who, number, said, key=key, now=now)


def _test(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.TEST, text=diagnosis.test_text(form), due=form.moment("due"))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _expects(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    expected = diagnosis.expectations(form)
    expect_result(session, who, number_of(form), form.data["test"], expected, key=key, now=now)


def _result(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.RESULT, text=diagnosis.result_text(form))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _fix(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(
        kind=Kind.INTERVENTION,
        text=treatment.fix_text(form),
        # The form has asked twice already what cannot be undone.
        sure=True,
        done=treatment.DONE in form.ticked("undo"),
    )
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _vital(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.VITAL, text=vitals.vital_text(form))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _todo(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.ACTION, text=actions.todo_text(form), due=form.moment("due"))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _done(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.DONE, text=actions.done_text(form))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _if(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    number = number_of(form)
    letters = [each.letter for each in read_workup(session, who.team, number).differential.hypotheses]
    said = Written(kind=Kind.CONTINGENCY, text=readiness.if_text(form, letters))
    log_entry(session, who, number, said, key=key, now=now)


def _if_off(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.CONTINGENCY, text=readiness.if_off_text(form))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _impact(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.IMPACT, text=one_line(form.text("impact")))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _onset(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.ONSET, text=readiness.onset_text(form, now))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _stability(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.STABILITY, text=readiness.stability_text(form))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _snooze(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    with about("until"):
        snooze(session, who, number_of(form), prompts.until(form), key=key, now=now)


def _decline(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    asked, reason = prompts.declined(form), form.text("reason")
    decline(session, who, number_of(form), asked, reason, key=key, now=now)


def _plan(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    said = Written(kind=Kind.PLAN, text=treatment.plan_text(form))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _waive(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    letter, reason = form.data["letter"], form.text("reason")
    step = Waived(letter=letter, reason=reason)
    said = Written(kind=Kind.NOTE, text=f"{letter} is not excluded, waived: {reason}", steps=(step,))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _leave(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    name, reason = form.data["name"], form.text("reason")
    step = RevertWaived(name=name, reason=reason)
    said = Written(kind=Kind.NOTE, text=f"{name} stays in place, waived: {reason}", steps=(step,))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _revert(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    name, how = form.data["name"], form.text("revert")
    step = RevertKnown(name=name, revert=how)
    said = Written(kind=Kind.NOTE, text=f"{name} is taken back by: {how}", steps=(step,))
    log_entry(session, who, number_of(form), said, key=key, now=now)


def _resolve(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    number = number_of(form)
    cause = cause_of(form, read_workup(session, who.team, number).differential)
    said = Closing(cause=cause.letter or cause.words, gone=form.text("gone"), anyway=form.text("override"))
    resolve_incident(session, who, number, said, key=key, now=now)


def _opinion(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    answer(session, who, number_of(form), form.data["round"], form.text("list"), key=key, now=now)


def _second_opinion(session: Session, who: Who, form: Submission, key: str, now: datetime) -> None:
    minutes = form.number("minutes")
    takes = timedelta(minutes=minutes) if minutes else None
    chosen = form.users("people")
    asking = Asking(who=who, number=number_of(form), people=chosen, takes=takes, bots=form.bots)
    ask(session, asking, key=key, now=now)


WORK_FORMS: dict[str, Carry] = {
    "hypothesis": _hypothesis,
    "revise": _revise,
    "test": _test,
    "expects": _expects,
    "result": _result,
    "fix": _fix,
    "plan": _plan,
    "vital": _vital,
    "todo": _todo,
    "done": _done,
    "if": _if,
    "if_off": _if_off,
    "impact": _impact,
    "onset": _onset,
    "stability": _stability,
    "snooze": _snooze,
    "decline": _decline,
    "waive": _waive,
    "leave": _leave,
    "revert": _revert,
    "resolve": _resolve,
    "opinion": _opinion,
    "second_opinion": _second_opinion,
}
