"""The modals that ask who does what by when, and how one knows that it is done; their part of the work-up.

What was answered becomes the words of a reply, so that a modal and a person who types say the same.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.doing.action import Action, action_name
from bot.domain.doing.promising import Done, Todo, read_todo, written_done, written_todo
from bot.domain.errors import NotUnderstood
from bot.domain.ids import ChannelId, shown
from bot.domain.ward import Chart
from bot.slack.render import blocks, standing
from bot.slack.render import buttons as button_rows
from bot.slack.render.calls import Block, View
from bot.slack.render.modals.form import Submission, asking, hinted, modal, one_line, place_of, words

OPEN, DONE = 8, 6


def todo_view(chart: Chart, here: ChannelId | None, number: int | None = None) -> View:
    """Ask for a new action, or for what changes about the one of that *number*.

    Raises:
        NotUnderstood: There is no such action.
    """
    known = None if number is None else known_action(chart, number)
    due: Block = {"type": "datetimepicker"}
    if known and known.due:
        due["initial_date_time"] = int(known.due.timestamp())
    said = known.text if known else ""
    asked = [
        words("text", "What is to be done?", placeholder="Rerun the eval", value=said),
        _owner(known),
        asking("due", "By when?", due, optional=True),
    ]
    title = f"{shown(chart.incident.number)}: {known.name if known else 'action'}"
    return modal("todo", title, "Keep", asked, place_of(chart, here) | {"action": number})


def _owner(known: Action | None) -> Block:
    if known:
        return asking("owner", "Who does it?", {"type": "users_select", "initial_user": known.owner})
    asked = asking("owner", "Who does it?", {"type": "users_select"}, optional=True)
    return hinted(asked, "One person; without a name it is you.")


def known_action(chart: Chart, number: int) -> Action:
    """The action of that number.

    Raises:
        NotUnderstood: There is none.
    """
    found = chart.workup.action(number)
    if found is None:
        raise NotUnderstood(
            f"There is no action {action_name(number)}.", "`todo: @ben rerun the eval by 18:00`"
        )
    return found


def todo_text(form: Submission) -> str:
    """The action as it would be typed; the time that was picked is ``form.moment("due")``.

    Raises:
        NotUnderstood: It does not say what is to be done.
    """
    number, text, owner = form.data.get("action"), one_line(form.text("text")), form.user("owner")
    if not text:
        raise NotUnderstood("An action needs to say what is to be done.", "“rerun the eval”")
    said = _as_typed(text, picked=owner is not None)
    due = None if form.moment("due") else said.due
    return written_todo(replace(said, action=number, owner=owner or said.owner, due=due))


def _as_typed(text: str, *, picked: bool) -> Todo:
    """What the field says, of owner and time too; once an owner is *picked*, names belong to the sentence."""
    try:
        said = read_todo(text)
    except NotUnderstood:
        if not picked:
            raise
        return Todo(text=text)
    return said if said.action is None else Todo(text=text)


def done_view(chart: Chart, here: ChannelId | None, number: int) -> View:
    """Ask how one knows that an action is done.

    Raises:
        NotUnderstood: There is no such action.
    """
    each = known_action(chart, number)
    asked = [
        blocks.rich(standing.action_line(chart, each)),
        words(
            "words", "How do you know that it is done?", placeholder="The eval is at 0.83", value=each.words
        ),
    ]
    data = place_of(chart, here) | {"action": number}
    return modal("done", f"{shown(chart.incident.number)}: {each.name} done", "Done", asked, data)


def done_text(form: Submission) -> str:
    """That it is done, as it would be typed.

    Raises:
        NotUnderstood: It does not say how one knows.
    """
    number, said = int(form.data["action"]), one_line(form.text("words"))
    if not said:
        raise NotUnderstood(f"How do you know that {action_name(number)} is done?", "“eval is at 0.83”")
    return written_done(Done(words=said, action=number))


def actions_section(chart: Chart) -> Iterator[Block]:
    """The actions of the work-up: what is open with its buttons, and what is done."""
    waiting, done = standing.by_urgency(chart.workup.open_actions), standing.last_done(chart.workup)
    if waiting or done:
        yield blocks.header("Actions")
    for each in waiting[:OPEN]:
        yield blocks.rich(standing.action_line(chart, each))
        if chart.incident.resolved_at is None:
            offered = button_rows.of_action(each)
            yield from blocks.offers(f"of-{each.name}", offered, button_rows.value_of(chart))
    if done:
        yield blocks.rich(blocks.bullets(standing.action_line(chart, each) for each in done[:DONE]))
    left = max(len(waiting) - OPEN, 0) + max(len(done) - DONE, 0)
    if left:
        yield blocks.context(f"and {left} more")
