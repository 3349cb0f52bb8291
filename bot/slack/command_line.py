"""What people type after ``/incident``, read forgivingly into a request."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from bot.domain.chart import INVISIBLE
from bot.domain.errors import NotUnderstood
from bot.domain.heard import MENTION, mentioned
from bot.domain.ids import IncidentNumber, UserId
from bot.domain.incident import Severity, leading_severity, severity_and_reason
from bot.domain.prompts.quiet import Hours, read_hours
from bot.domain.terms import read_span
from bot.slack.digest_line import DigestRequest, read_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Open an incident; without words a modal asks for them."""

    severity: Severity | None
    text: str


@dataclass(frozen=True, slots=True)
class List:
    """Show what is open."""


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be typed."""


@dataclass(frozen=True, slots=True)
class Show:
    """Show one chart."""

    number: IncidentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """Change the severity."""

    number: IncidentNumber
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Name the lead; None is the speaker."""

    number: IncidentNumber
    lead: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Resolve an incident."""

    number: IncidentNumber
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Open a resolved incident again."""

    number: IncidentNumber
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """Ask people apart from each other what it could be; *takes* is how long they have, if it is said."""

    number: IncidentNumber
    people: tuple[UserId, ...]
    takes: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """Show what an incident asks; with *off* ask nothing, with *every* that often, with *on* as usual."""

    number: IncidentNumber
    off: bool = False
    on: bool = False
    every: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Show quiet hours, or set those of the speaker (*own*) or of everybody; *off* takes them away."""

    own: bool = False
    off: bool = False
    hours: Hours | None = None


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
    | DigestRequest
    | Prompts
    | Quiet
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of the command, as help and README show it."""

    verb: str
    usage: str
    does: str


FORMS = (
    Form(
        verb="open",
        usage="open [sev1..sev5] [what you see]",
        does="Opens an incident here, in a thread of its own. Without words a form asks for them.",
    ),
    Form(verb="list", usage="list", does="Shows what is open, the worst first."),
    Form(
        verb="show",
        usage="show INC-n",
        does="Shows one chart, to you alone, with a button that posts how its differential evolved.",
    ),
    Form(
        verb="sev",
        usage="sev INC-n sevN reason",
        does="Changes the severity; the earlier one stays on record.",
    ),
    Form(verb="lead", usage="lead INC-n @user", does="Says who leads; without a name it is you."),
    Form(
        verb="second-opinion",
        usage="second-opinion INC-n @user @user [20m]",
        does="Asks people in private what it could be, and shows their lists together once all have answered "
        "or the time is up.",
    ),
    Form(
        verb="resolve",
        usage="resolve INC-n cause",
        does="Closes it with its cause: words, a hypothesis's letter, or “unknown”. "
        "`; gone: how you know` and `; anyway: why` answer what is asked before.",
    ),
    Form(verb="reopen", usage="reopen INC-n reason", does="Opens it again."),
    Form(
        verb="prompts",
        usage="prompts INC-n [off / on / every 20m]",
        does="Shows what is asked in it and when; or asks nothing, asks as usual, or as often as you say.",
    ),
    Form(
        verb="quiet",
        usage="quiet [me] [22:00-07:00 [Europe/Berlin] / off]",
        does="Keeps prompts from coming at these hours, for all or for you. SEV1 and SEV2 still ask.",
    ),
    Form(
        verb="digest",
        usage="digest",
        does="Shows to you alone how this channel's digest looks now: what is open, overdue and resolved.",
    ),
    Form(
        verb="digest at",
        usage="digest here at 09:00 [Europe/Berlin] [weekdays]",
        does="Sends it to this channel every day at that time; without a zone, in yours.",
    ),
    Form(verb="digest off", usage="digest off", does="Sends it to this channel no more."),
    Form(verb="digest list", usage="digest list", does="Shows which channels get one, and when."),
    Form(verb="help", usage="help", does="Shows this."),
)
_USAGE = {form.verb: f"`/incident {form.usage}`" for form in FORMS}
_OTHER_WORDS = {
    "new": "open",
    "start": "open",
    "create": "open",
    "declare": "open",
    "ls": "list",
    "view": "show",
    "status": "show",
    "severity": "sev",
    "owner": "lead",
    "second": "second-opinion",
    "second_opinion": "second-opinion",
    "opinion": "second-opinion",
    "opinions": "second-opinion",
    "prompt": "prompts",
    "reminders": "prompts",
    "close": "resolve",
    "resolved": "resolve",
    "digests": "digest",
    "round": "digest",
    "?": "help",
}
_NUMBER = re.compile(r"\s*(?:inc\s*[-–—_#\s]?\s*|#)?(\d{1,9})(?!\w)[\s:,]*", re.IGNORECASE)
# What is left of a verb in two words, and what people write between names.
_OPINION = re.compile(r"opinions?\b[\s:,]*", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[,;+&]|\b(?:and|within|in|for)\b", re.IGNORECASE)
_BLANK = " \t\r\n" + INVISIBLE
_QUOTES = "\"'“”‘’«»„‹›"
# Which marks may close what one has opened; phones and languages differ.
_CLOSING = {
    '"': '"',
    "'": "'",
    "“": "”",
    "”": "”",
    "„": "“”",
    "‘": "’",
    "’": "’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
}


def parse(text: str) -> Request:
    """What the words ask for; no words ask for help.

    Raises:
        NotUnderstood: They ask for nothing we know; it names the nearest form.
    """
    text = _bare(text)
    first, rest = [*text.split(None, 1), "", ""][:2]
    word = first.casefold().strip(_BLANK + _QUOTES + ":,.")
    verb = _OTHER_WORDS.get(word, word)
    if not verb:
        return Help()
    if verb in _READERS:
        return _READERS[verb](_bare(rest))
    raise NotUnderstood(f"I do not know “{first[:40]}”.", _nearest(verb))


def _bare(text: str) -> str:
    """The text without blanks around it and without quotation marks, where one pair encloses all of it.

    A mark that belongs to a part of the text ("x" is null) is what somebody means to say.
    """
    text = text.strip(_BLANK)
    closing = _CLOSING.get(text[:1], "")
    inner = text[1:-1]
    enclosed = len(text) > 1 and text[-1] in closing and not any(mark in inner for mark in text[0] + closing)
    return inner.strip(_BLANK) if enclosed else text


def _nearest(verb: str) -> str:
    found = get_close_matches(verb, [*_USAGE, *_OTHER_WORDS], n=1, cutoff=0.6)
    if not found:
        return f"{_USAGE['open']}, {_USAGE['list']} or {_USAGE['help']}"
    return _USAGE[_OTHER_WORDS.get(found[0], found[0])]


def _open(rest: str) -> Request:
    severity, text = leading_severity(rest)
    return Open(severity=severity, text=_bare(text))


def _numbered(rest: str, verb: str) -> tuple[IncidentNumber, str]:
    found = _NUMBER.match(rest)
    if not found:
        raise NotUnderstood(f"“{verb}” needs to know which incident.", _USAGE[verb])
    return IncidentNumber(int(found[1])), _bare(rest[found.end() :])


def _show(rest: str) -> Request:
    return Show(_numbered(rest, "show")[0])


def _grade(rest: str) -> Request:
    number, said = _numbered(rest, "sev")
    try:
        severity, reason = severity_and_reason(said)
    except NotUnderstood as error:
        raise NotUnderstood("Which severity, from sev1 (worst) to sev5?", _USAGE["sev"]) from error
    return Grade(number=number, severity=severity, reason=reason)


def _lead(rest: str) -> Request:
    number, said = _numbered(rest, "lead")
    found = MENTION.search(said)
    if found:
        return Lead(number=number, lead=UserId(found[1]))
    if said.casefold() in {"", "me"}:
        return Lead(number=number, lead=None)
    raise NotUnderstood(f"“{said[:40]}” is nobody I can find.", f"{_USAGE['lead']}, picked from the list")


def _second_opinion(rest: str) -> Request:
    verb = "second-opinion"
    spoken = _OPINION.match(rest)
    number, said = _numbered(rest[spoken.end() :] if spoken else rest, verb)
    left = " ".join(_BETWEEN_NAMES.sub(" ", MENTION.sub(" ", said)).split())
    takes = read_span(left)
    if left and takes is None:
        raise NotUnderstood(
            f"“{left[:40]}” is nobody I can find, and no time.", f"{_USAGE[verb]}, picked from the list"
        )
    return SecondOpinion(number=number, people=tuple(mentioned(said)), takes=takes)


def _resolve(rest: str) -> Request:
    number, cause = _numbered(rest, "resolve")
    if not cause:
        raise NotUnderstood("What was the cause? “unknown” is an answer.", _USAGE["resolve"])
    return Resolve(number=number, cause=cause)


def _reopen(rest: str) -> Request:
    number, reason = _numbered(rest, "reopen")
    return Reopen(number=number, reason=reason)


def _prompts(rest: str) -> Request:
    number, said = _numbered(rest, "prompts")
    word, _, span = said.casefold().partition(" ")
    every = read_span(span) if word == "every" else None
    if said and word not in {"on", "off"} and every is None:
        raise NotUnderstood(f"“{said[:40]}” says no time between prompts.", _USAGE["prompts"])
    return Prompts(number=number, off=word == "off", on=word == "on", every=every)


def _quiet(rest: str) -> Request:
    word, _, said = rest.partition(" ")
    own = word.casefold() in {"me", "my", "mine"}
    said = _bare(said if own else rest)
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
    "second-opinion": _second_opinion,
    "resolve": _resolve,
    "reopen": _reopen,
    "prompts": _prompts,
    "quiet": _quiet,
    "help": _help,
}
