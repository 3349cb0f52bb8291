"""Whose something is, as people type it: one person, named before or behind what they are to do."""

import re
from dataclasses import dataclass

from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
# Two are too many already; without a limit a hostile text would be read once for each of its names.
_NAMES = r"@[\w.\-]+(?:(?:\s*(?:,|&|\+|/)\s*|\s+and\s+|\s+)@[\w.\-]+){0,9}"
_FIRST = re.compile(rf"(?:owner[:\s]\s*)?({_NAMES})(?=$|[\s,;:])[\s,;:]*", re.IGNORECASE)
_LAST = re.compile(rf"(?:^|[\s,;])\s*(?:owner[:\s]\s*|assigned to\s+)?({_NAMES})$", re.IGNORECASE)
_OF_THE_SENTENCE = re.compile(
    r"(?:^|\s)(?:to|with|for|from|of|by|about|ask|tell|help|ping|page|call|cc|and|or|than"
    r"|notify|alert|inform|message|dm|phone|wake(?:\s+up)?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Owned:
    """What has an owner, and how it is typed: the words of a refusal."""

    what: str
    example: str


def owner_at_an_end(text: str, owned: Owned) -> tuple[str, UserId] | None:
    """Whose it is: who is named first, or else who is named last, unless the sentence is about them.

    Raises:
        NotUnderstood: It is not one person's.
    """
    return owner_at_the_start(text, owned) or owner_at_the_end(text, owned)


def owner_at_the_start(text: str, owned: Owned) -> tuple[str, UserId] | None:
    """What stands behind the name at the start, and whose it is.

    Raises:
        NotUnderstood: It is not one person's.
    """
    first = _FIRST.match(text)
    return (text[first.end() :], _one_person(first[1], owned)) if first else None


def owner_at_the_end(text: str, owned: Owned) -> tuple[str, UserId] | None:
    """What stands before the name at the end, and whose it is, unless the sentence is about them.

    Raises:
        NotUnderstood: It is not one person's.
    """
    last = _LAST.search(text)
    if last and not _OF_THE_SENTENCE.search(text[: last.start()]):
        return text[: last.start()], _one_person(last[1], owned)
    return None


def _one_person(said: str, owned: Owned) -> UserId:
    """The one person who is named.

    Raises:
        NotUnderstood: There are more, or it is a group, or nobody whom Slack knows by that name.
    """
    names = list(dict.fromkeys(re.findall(r"@([\w.\-]+)", said)))
    if len(names) > 1:
        raise NotUnderstood(
            f"{owned.what} has one owner, so that everybody knows whose it is.",
            f"{owned.example}, a line for each person",
        )
    name = names[0].rstrip(".-")
    if not _PERSON.fullmatch(name):
        raise NotUnderstood(
            f"@{name[:40]} is not one person whom Slack knows.",
            f"{owned.example}, with one person picked from Slack's list",
        )
    return UserId(name)
