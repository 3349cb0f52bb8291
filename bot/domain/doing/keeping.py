"""What entries mean for the actions, and what they come to: promised, changed, done and checked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.doing.action import Action, action_name
from bot.domain.doing.promising import EXAMPLE, Todo, read_done, read_todo
from bot.domain.doing.when import EXAMPLES, moment_of
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.offer import Offer
from bot.domain.readiness.telling import read_no_actions
from bot.domain.work.saying import Meaning, Saying, fenced, prose, short, statement_of
from bot.domain.work.steps import ActionChanged, Completed, Promised, Recorded
from bot.domain.work.workup import Workup

LISTED = 5


def read_action(saying: Saying, workup: Workup) -> Meaning:
    """A new action, or what changes about one that has its number.

    Raises:
        NotUnderstood: It says nothing to do, it is not one person's, or there is no such action.
        Refused: It says that there is nothing to do, and there is.
    """
    nothing = read_no_actions(saying, workup)
    if nothing:
        return nothing
    own = next((step.action for step in saying.before if isinstance(step, Promised)), None)
    todo = _read(saying, [each.number for each in workup.actions if each.number != own])
    if todo.action is not None:
        return _change(todo, todo.action, saying, workup)
    number = own or workup.actions_given + 1
    step = Promised(
        action=number, text=todo.text, owner=todo.owner or saying.by, due=saying.due or _moment(todo, saying)
    )
    return _asking(step, todo, saying)


def _read(saying: Saying, known: Sequence[int]) -> Todo:
    """What was typed; a message that was not written for us is taken as it is where it cannot be read."""
    if saying.typed:
        return read_todo(prose(saying.text), known)
    as_it_is = Todo(text=statement_of(saying) or "(see its files)")
    try:
        todo = read_todo(statement_of(saying))
    except NotUnderstood:
        return as_it_is
    return as_it_is if todo.action is not None else todo


def _moment(todo: Todo, saying: Saying) -> datetime | None:
    return moment_of(todo.due, saying.at, saying.zone) if todo.due else None


def _change(todo: Todo, number: int, saying: Saying, workup: Workup) -> Meaning:
    if workup.action(number) is None or Promised in map(type, saying.before):
        raise NotUnderstood(f"There is no action {action_name(number)} to change.", _names(workup))
    due = saying.due or _moment(todo, saying)
    step = ActionChanged(action=number, text=todo.text or None, owner=todo.owner, due=due)
    if step == ActionChanged(action=number):
        name = action_name(number)
        raise NotUnderstood(
            f"That says nothing new of {name}.",
            f"`todo: {name} @ana by 20:00`, or `done: {name} how you know`",
        )
    return _asking(step, todo, saying)


def _names(workup: Workup) -> str:
    return ", ".join(each.name for each in workup.actions[-LISTED:]) or EXAMPLE


def _asking(step: Promised | ActionChanged, todo: Todo, saying: Saying) -> Meaning:
    """The step, and what its author should know: no time was said, or it was read as UTC."""
    name = action_name(step.action)
    asked = ""
    if isinstance(step, Promised) and step.due is None:
        asked = f"{name} has no time, so nobody can be reminded of it.\nTry: `todo: {name}` with {EXAMPLES}"
    elif todo.due and todo.due.local and saying.zone is None and saying.due is None:
        asked = (
            f"I do not know your time zone yet, so I took the time of {name} as UTC.\n"
            f"Try: `todo: {name} by 18:00 Europe/Berlin`"
        )
    if not asked:
        return Meaning((step,))
    return Meaning(
        (step,), f"That is logged. {asked}", (Offer(label=f"{name} is due…", does=f"todo:{name}"),)
    )


def read_completion(saying: Saying, workup: Workup) -> Meaning:
    """An action that is done; where there never was any it stays in the chart alone.

    Raises:
        NotUnderstood: There is no such action, or nobody knows which one is meant.
        Refused: It does not say how one knows.
    """
    if not saying.typed:
        return Meaning()
    done = read_done(prose(saying.text))
    earlier = next((step.action for step in saying.before if isinstance(step, Completed)), None)
    number = done.action if done.action is not None else earlier
    number = number if number is not None else _the_open_one(saying, workup)
    if number is None:
        return Meaning()
    if workup.action(number) is None:
        raise NotUnderstood(f"There is no action {action_name(number)}.", _names(workup))
    words = done.words or " ".join((fenced(saying.text) or "").split())
    if not words:
        name = action_name(number)
        raise Refused(
            f"How do you know that {name} is done? Until somebody says, it stays open.\n"
            f"Try: `done: {name} eval is at 0.83`",
            (Offer(label=f"{name} is done…", does=f"done:{name}"),),
        )
    return Meaning((Completed(action=number, words=words),))


def _the_open_one(saying: Saying, workup: Workup) -> int | None:
    """Which action is done where no number says it: the only open one, or the only one of its author's."""
    everybodys = workup.open_actions
    own = [each for each in everybodys if each.owner == saying.by]
    for found in (everybodys, own):
        if len(found) == 1:
            return found[0].number
    if not everybodys:
        return None
    shown = " or ".join(f"`done: {each.name} how you know`" for each in (own or everybodys)[:LISTED])
    raise NotUnderstood(f"Which action is done? “{short(saying.text)}” does not say.", shown)


def promised(workup: Workup, step: Promised, recorded: Recorded, _: object) -> Workup:
    """The workup with a new action; a number that is taken stays with its action."""
    if workup.action(step.action):
        return workup
    new = Action(
        number=step.action,
        text=step.text,
        owner=step.owner,
        due=step.due,
        by=recorded.by,
        at=recorded.at,
    )
    return replace(workup, actions=(*workup.actions, new))


def changed(workup: Workup, step: ActionChanged, _: Recorded, __: object) -> Workup:
    """The workup after something about an action has changed: it is to be done again."""
    known = workup.action(step.action)
    if known is None:
        return workup
    now = replace(
        known,
        text=step.text or known.text,
        owner=step.owner or known.owner,
        due=step.due or known.due,
        done_at=None,
        done_by=None,
        words="",
    )
    return _with(workup, now)


def completed(workup: Workup, step: Completed, recorded: Recorded, _: object) -> Workup:
    """The workup after an action is done; what is said of it later replaces what was said before."""
    known = workup.action(step.action)
    if known is None:
        return workup
    return _with(workup, replace(known, done_at=recorded.at, done_by=recorded.by, words=step.words))


def _with(workup: Workup, now: Action) -> Workup:
    each = (now if one.number == now.number else one for one in workup.actions)
    return replace(workup, actions=tuple(each))
