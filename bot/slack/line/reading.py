"""What people type after ``/incident``, read forgivingly into a request."""

import re
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches

from bot.domain.errors import NotUnderstood
from bot.domain.heard import MENTION, mentioned
from bot.domain.ids import UserId
from bot.domain.incident import leading_severity, severity_and_reason
from bot.domain.prompts.quiet import read_hours
from bot.domain.terms import read_span
from bot.slack.line.digest import DigestRequest, read_digest
from bot.slack.line.export import ExportIncident, read_export
from bot.slack.line.forms import OTHER_WORDS, USAGE
from bot.slack.line.guide import Checklist, Guide, read_checklist, read_guide
from bot.slack.line.handoff import HandOver, read_handoff
from bot.slack.line.requests import (
    Grade,
    Help,
    Lead,
    List,
    Open,
    Prompts,
    Quiet,
    Reopen,
    Resolve,
    SecondOpinion,
    Show,
)
from bot.slack.line.search import Search, read_search
from bot.slack.line.shift import AskForCalendar, ShiftRequest, read_shift
from bot.slack.line.stats import ShowStats, read_stats
from bot.slack.line.words import BLANK, QUOTES, bare, names_incident, numbered

Request = (
    Open
    | List
    | Help
    | Show
    | Grade
    | Lead
    | Resolve
    | Reopen
    | SecondOpinion
    | HandOver
    | DigestRequest
    | Search
    | Prompts
    | Quiet
    | Guide
    | Checklist
    | ExportIncident
    | ShowStats
    | ShiftRequest
    | AskForCalendar
)


# What is left of a verb in two words, and what people write between names.
_OPINION = re.compile(r"opinions?\b[\s:,]*", re.IGNORECASE)
# What may stand before the number, and what is said with a wish and changes nothing.
_WISH = re.compile(
    r"\s*(on|off|every\s.{1,40}?(?=\s+(?:(?:for|in)\s+)?(?:inc|#)))\s+(?:(?:for|in)\s+)?(?=\S)", re.IGNORECASE
)
_POLITE = re.compile(r"\b(?:please|pls|now|again|thanks|thank you)\b", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[,;+&]|\b(?:and|within|in|for)\b", re.IGNORECASE)


def parse(text: str) -> Request:
    """What the words ask for; no words ask for help.

    Raises:
        NotUnderstood: They ask for nothing we know; it names the nearest form.
    """
    text = bare(text)
    first, rest = [*text.split(None, 1), "", ""][:2]
    word = first.casefold().strip(BLANK + QUOTES + ":,.")
    verb = OTHER_WORDS.get(word, word)
    if not verb:
        return Help()
    if verb == "search":
        # Quotation marks around all of it make it a phrase.
        return read_search(rest)
    if verb in _READERS:
        return _READERS[verb](bare(rest))
    raise NotUnderstood(f"I do not know “{first[:40]}”.", _nearest(verb, rest))


def _nearest(verb: str, rest: str) -> str:
    near = get_close_matches(verb, [*USAGE, *OTHER_WORDS], n=3, cutoff=0.6)
    found = [USAGE[OTHER_WORDS.get(word, word)] for word in near]
    if not found:
        return f"{USAGE['open']}, {USAGE['list']} or {USAGE['help']}"
    # Who names an incident means a word that takes one.
    of_one = [usage for usage in found if "INC-n" in usage] if names_incident(rest) else []
    return [*of_one, *found][0]


def _open(rest: str) -> Request:
    severity, text = leading_severity(rest)
    return Open(severity=severity, text=bare(text))


def _show(rest: str) -> Request:
    return Show(numbered(rest, "show")[0])


def _grade(rest: str) -> Request:
    number, said = numbered(rest, "sev")
    try:
        severity, reason = severity_and_reason(said)
    except NotUnderstood as error:
        raise NotUnderstood("Which severity, from sev1 (worst) to sev5?", USAGE["sev"]) from error
    return Grade(number=number, severity=severity, reason=reason)


def _lead(rest: str) -> Request:
    number, said = numbered(rest, "lead")
    found = MENTION.search(said)
    if found:
        return Lead(number=number, lead=UserId(found[1]))
    if said.casefold() in {"", "me"}:
        return Lead(number=number, lead=None)
    raise NotUnderstood(f"“{said[:40]}” is nobody I can find.", f"{USAGE['lead']}, picked from the list")


def _second_opinion(rest: str) -> Request:
    verb = "second-opinion"
    spoken = _OPINION.match(rest)
    number, said = numbered(rest[spoken.end() :] if spoken else rest, verb)
    left = " ".join(_BETWEEN_NAMES.sub(" ", MENTION.sub(" ", said)).split())
    takes = read_span(left)
    if left and takes is None:
        raise NotUnderstood(
            f"“{left[:40]}” is nobody I can find, and no time.", f"{USAGE[verb]}, picked from the list"
        )
    return SecondOpinion(number=number, people=tuple(mentioned(said)), takes=takes)


def _resolve(rest: str) -> Request:
    number, cause = numbered(rest, "resolve")
    if not cause:
        raise NotUnderstood("What was the cause? “unknown” is an answer.", USAGE["resolve"])
    return Resolve(number=number, cause=cause)


def _reopen(rest: str) -> Request:
    number, reason = numbered(rest, "reopen")
    return Reopen(number=number, reason=reason)


def _prompts(rest: str) -> Request:
    # "off INC-1" is said as often as "INC-1 off".
    led = _WISH.match(rest)
    number, said = numbered(rest[led.end() :] if led else rest, "prompts")
    wish = " ".join(filter(None, (led[1] if led else "", said))).casefold()
    word, _, more = _POLITE.sub("", wish).strip(" .!,").partition(" ")
    every = _every(more) if word == "every" else None
    if wish and every is None and (word not in {"on", "off"} or more):
        raise NotUnderstood(f"“{wish[:40]}” says no time between prompts.", USAGE["prompts"])
    return Prompts(number=number, off=word == "off", on=word == "on", every=every)


def _every(said: str) -> timedelta | None:
    """How often: a length of time, in minutes where no unit is named; "hour" alone is one."""
    said = f"1 {said}" if said[:1].isalpha() else said
    return read_span(f"{said}m" if said.isdigit() else said)


def _quiet(rest: str) -> Request:
    word, _, said = rest.partition(" ")
    own = word.casefold() in {"me", "my", "mine"}
    said = bare(said if own else rest)
    if said.casefold() in {"", "off", "none"}:
        return Quiet(own=own, off=bool(said))
    return Quiet(own=own, hours=read_hours(said))


def _list(_rest: str) -> Request:
    return List()


def _help(_rest: str) -> Request:
    return Help()


_READERS: dict[str, Callable[[str], Request]] = {
    "open": _open,
    "list": _list,
    "digest": read_digest,
    "show": _show,
    "sev": _grade,
    "lead": _lead,
    "handoff": read_handoff,
    "second-opinion": _second_opinion,
    "resolve": _resolve,
    "reopen": _reopen,
    "prompts": _prompts,
    "quiet": _quiet,
    "shift": read_shift,
    "guide": read_guide,
    "checklist": read_checklist,
    "export": read_export,
    "stats": read_stats,
    "help": _help,
}
