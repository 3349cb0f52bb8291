"""How actions are typed: `todo: @ben rerun the eval by 18:00`, `todo: TD1 @ana`, `done: TD1 eval is at 0.83`.

The owner and the time stand before or behind what is to be done, in any order; what stands in quotes is taken
as it is. A mention within the sentence, or behind a word such as "to" or "with", belongs to the sentence.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.doing.action import PREFIX, action_name
from bot.domain.doing.owning import Owned, owner_at_an_end
from bot.domain.doing.when import Due, due_at_the_end, due_at_the_start, written_due
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId
from bot.domain.terms import shortest, unquoted

EXAMPLE = "`todo: @ben rerun the eval by 18:00`"
_OWNED = Owned("An action", EXAMPLE)
# What stands between a term and the rest; people write commas, semicolons or nothing.
_BETWEEN = " ,;"
_NUMBER = re.compile(
    rf"{PREFIX}\s?(?P<number>[0-9]{{1,9}})(?=$|[\s,;:.])[\s,;:.]*(?P<rest>.*)", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A promise as it was typed: a new one, or with *action* what changes about one; None was left out."""

    text: str = ""
    action: int | None = None
    owner: UserId | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody says who has done something: which action it was, and how they know."""

    words: str
    action: int | None = None


def read_todo(text: str, known: Collection[int] = ()) -> Todo:
    """The action that a reply names, or changes where it begins with the number of a *known* one.

    Raises:
        NotUnderstood: It says nothing to do, or it is not one person's.
    """
    rest, owner, due = _without_terms(" ".join(text.split()).strip(_BETWEEN))
    found = _NUMBER.fullmatch(rest)
    if found and (int(found["number"]) in known or not found["rest"]):
        return Todo(text=unquoted(found["rest"]), action=int(found["number"]), owner=owner, due=due)
    if not unquoted(rest):
        raise NotUnderstood("An action needs to say what is to be done.", EXAMPLE)
    return Todo(text=unquoted(rest), owner=owner, due=due)


def _without_terms(rest: str) -> tuple[str, UserId | None, Due | None]:
    owner: UserId | None = None
    due: Due | None = None
    while True:
        before = rest
        timed = None if due else due_at_the_end(rest) or due_at_the_start(rest)
        if timed:
            rest, due = timed[0].strip(_BETWEEN), timed[1]
        named = None if owner else owner_at_an_end(rest, _OWNED)
        if named:
            rest, owner = named[0].strip(_BETWEEN), named[1]
        if rest == before:
            return rest, owner, due


def written_todo(todo: Todo) -> str:
    """The reply that `read_todo` takes back to the very same value."""
    number = action_name(todo.action) if todo.action is not None else ""
    owner = f"@{todo.owner}" if todo.owner else ""
    due = written_due(todo.due) if todo.due else ""
    known = () if todo.action is None else (todo.action,)
    texts = (todo.text, f'"{todo.text}"') if todo.text else ("",)
    forms = (" ".join(part for part in (number, text, owner, due) if part) for text in texts)
    return shortest(todo, forms, lambda form: read_todo(form, known))


def read_done(text: str) -> Done:
    """Which action a reply says is done, and how one knows."""
    line = " ".join(text.split())
    found = _NUMBER.fullmatch(line)
    return Done(words=found["rest"], action=int(found["number"])) if found else Done(words=line)


def written_done(done: Done) -> str:
    """The reply that `read_done` takes back to the very same value."""
    return done.words if done.action is None else f"{action_name(done.action)} {done.words}".strip()
