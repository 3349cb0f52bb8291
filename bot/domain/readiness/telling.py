"""What entries say of the incident as a whole: impact, onset, stability, and of what there is nothing."""

import re

from bot.domain.errors import NotUnderstood, Refused
from bot.domain.offer import Offer
from bot.domain.readiness.beginning import EXAMPLE, moment_since, read_beginning
from bot.domain.readiness.said import Nothing
from bot.domain.signs.stability import Stability
from bot.domain.work.saying import Meaning, Saying, prose, short, statement_of
from bot.domain.work.steps import Attested, ImpactSaid, OnsetSaid, Promised, StabilitySaid
from bot.domain.work.workup import Workup

STABILITY_EXAMPLE = "`stability: watcher cache is cold, may tip over`"
BY_THE_SIGNS = "by the signs"
LISTED = 5
_WORDS = {
    "stable": Stability.STABLE,
    "watch": Stability.WATCHER,
    "watcher": Stability.WATCHER,
    "watching": Stability.WATCHER,
    "unstable": Stability.UNSTABLE,
}
_PAUSE = r"[\s:;,.–—-]"
_STABILITY = re.compile(
    rf"(?:(?:it\s+)?is\s+|a\s+)*(?P<word>{'|'.join(_WORDS)})(?=$|{_PAUSE}){_PAUSE}*(?:because\s+)?(?P<reason>.*)",
    re.IGNORECASE | re.ASCII,
)
_SIGNS = re.compile(
    r"(?:back\s+to\s+|by\s+|as\s+|ask\s+)?(?:the\s+)?(?:vital\s+)?(?:signs|vitals)(?:\s+say)?[.!]*",
    re.IGNORECASE,
)
# A word for nothing counts alone or with a reason behind it: "none of the shards" begins a sentence.
_WHY = r"[.!]*(?:\s*(?:[,:;]|\s[–—-]+\s)\s*.*|\s+because\s.*|\s+\(.*\))?"
_NOTHING = {
    Nothing.ACTIONS: re.compile(
        rf"(?:none|nothing|no(?:\s+open|\s+more)?\s+(?:actions?|todos?)|nil|n/a)"
        rf"(?:\s+(?:(?:is\s+)?left|to\s+do|to\s+be\s+done|open|left\s+to\s+do|at\s+all|for\s+now|now|yet))*{_WHY}",
        re.IGNORECASE | re.ASCII,
    ),
    Nothing.VITALS: re.compile(
        r"(?:none|nothing|no\s+(?:vitals?|(?:vital\s+)?signs?|readings?)|nobody\s+can(?:\s+(?:measure|tell))?"
        r"|not\s+(?:measurable|measured)|can(?:not|'t|’t)\s+be\s+measured|unmeasurable|nil|n/a)"
        rf"(?:\s+(?:to\s+measure|(?:is\s+|are\s+)?measurable|can\s+be\s+measured|any|them|it|at\s+all|for\s+now|now))*{_WHY}",
        re.IGNORECASE | re.ASCII,
    ),
    Nothing.EVENTS: re.compile(
        r"(?:there\s+(?:is|are|was|were)\s+)?(?:no\s+changes?|no\s+news|unchanged|nothing(?:\s+has)?\s+(?:new|changed|happened))"
        r"(?:\s+(?:since|so\s+far|yet|at\s+all|for\s+now)\b.*)?[.!]*",
        re.IGNORECASE | re.ASCII,
    ),
}


def says_nothing(what: Nothing, text: str) -> bool:
    """Whether these words say that there is nothing of the kind."""
    return bool(_NOTHING[what].fullmatch(" ".join(text.split())))


def read_nothing(what: Nothing, saying: Saying) -> Meaning | None:
    """That there is nothing of the kind; None where the words say anything else."""
    if not saying.typed or not says_nothing(what, prose(saying.text)):
        return None
    return Meaning((Attested(what=what, words=statement_of(saying)),))


def read_no_actions(saying: Saying, workup: Workup) -> Meaning | None:
    """That there is nothing to do; None where the words say anything else.

    Raises:
        Refused: There is.
    """
    found = read_nothing(Nothing.ACTIONS, saying)
    own = [step.action for step in saying.before if isinstance(step, Promised)]
    waiting = [each for each in workup.open_actions if each.number not in own]
    if found is None or not waiting:
        return found
    shown = ", ".join(each.name for each in waiting[:LISTED])
    more = f" and {len(waiting) - LISTED} more" if len(waiting) > LISTED else ""
    verb = "is" if len(waiting) == 1 else "are"
    first = waiting[0].name
    raise Refused(
        f"{shown}{more} {verb} still to be done.\nTry: `done: {first} how you know`",
        tuple(Offer(label=f"{each.name} is done…", does=f"done:{each.name}") for each in waiting[:LISTED]),
    )


def read_note(saying: Saying, _: Workup) -> Meaning:
    """A note is kept as it is; that nothing has changed is worth more than no note."""
    return read_nothing(Nothing.EVENTS, saying) or Meaning()


def read_impact(saying: Saying, _: Workup) -> Meaning:
    """Whom the incident hurts, and how; the last word counts."""
    words = statement_of(saying)
    return Meaning((ImpactSaid(words=words),)) if words else Meaning()


def read_onset(saying: Saying, _: Workup) -> Meaning:
    """When the incident began.

    Raises:
        NotUnderstood: It names no time, or one that is still to come.
    """
    if not saying.typed:
        return Meaning()
    text = prose(saying.text)
    began = read_beginning(text)
    onset = moment_since(began, saying.at, saying.zone)
    if onset is None:
        raise NotUnderstood(
            f"“{short(text)}” is still to come, so it cannot have begun then.",
            f"{EXAMPLE} (times are those of your own zone)",
        )
    step = OnsetSaid(onset=onset)
    if not began.local or saying.zone is not None:
        return Meaning((step,))
    asked = (
        "That is logged. I do not know your time zone yet, so I took it as UTC.\n"
        "Try: `onset: 02:40 Europe/Berlin`"
    )
    return Meaning((step,), asked, (Offer(label="It began…", does="onset"),))


def read_stability(saying: Saying, _: Workup) -> Meaning:
    """A person's word for how the incident is, or that the signs decide again.

    Raises:
        NotUnderstood: It is none of the words, or says no reason.
    """
    if not saying.typed:
        return Meaning()
    text = statement_of(saying)
    if _SIGNS.fullmatch(text):
        return Meaning((StabilitySaid(),))
    found = _STABILITY.fullmatch(text)
    if found is None:
        raise NotUnderstood(
            "Stable, watcher or unstable? The signs decide unless somebody says otherwise, and why.",
            f"{STABILITY_EXAMPLE}, or `stability: {BY_THE_SIGNS}`",
        )
    word = _WORDS[found["word"].casefold()]
    if not found["reason"]:
        raise NotUnderstood(
            f"Why {word.value}? Who reads it next has to know.",
            f"`stability: {word.value} cache is cold, may tip over`",
        )
    return Meaning((StabilitySaid(word=word, reason=found["reason"]),))
