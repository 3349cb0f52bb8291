"""What entries mean for the contingencies: a new one, what changes about one, that it happened or is off."""

from bot.domain.diagnosis.differential import by_likelihood
from bot.domain.errors import NotUnderstood, Refused
from bot.domain.offer import Offer
from bot.domain.readiness.contingency import contingency_name
from bot.domain.readiness.preparing import EXAMPLE, IfThen, Occurred, Off, read_if
from bot.domain.work.saying import Meaning, Saying, prose, statement_of
from bot.domain.work.steps import ContingencyChanged, Happened, Prepared, Revoked
from bot.domain.work.workup import Workup

LISTED = 5


def read_contingency(saying: Saying, workup: Workup) -> Meaning:
    """What is to be done if something happens, or what is said of one that has its number.

    A message that was not written for us is none, unless it says both.

    Raises:
        NotUnderstood: It does not say what is done when, is not one person's, or there is none such.
        Refused: It does not say why one no longer holds.
    """
    letters = [each.letter for each in workup.differential.hypotheses]
    if not saying.typed:
        return _marked(saying, workup, letters)
    said = read_if(prose(saying.text), letters)
    if isinstance(said, IfThen) and said.contingency is None:
        return Meaning((_prepared(said, saying, workup),))
    number = said.contingency or 0
    if workup.contingency(number) is None or _own(saying) is not None:
        raise NotUnderstood(f"There is no contingency {contingency_name(number)}.", _names(workup))
    match said:
        case IfThen():
            return Meaning((_changed(said, number),))
        case Occurred():
            return Meaning((Happened(contingency=number, words=said.words),))
        case Off():
            return Meaning((_revoked(said),))


def _marked(saying: Saying, workup: Workup, letters: list[str]) -> Meaning:
    try:
        said = read_if(statement_of(saying), letters)
    except NotUnderstood:
        return Meaning()
    if not isinstance(said, IfThen) or said.contingency is not None:
        return Meaning()
    return Meaning((_prepared(said, saying, workup),))


def _own(saying: Saying) -> Prepared | None:
    return next((step for step in saying.before if isinstance(step, Prepared)), None)


def _names(workup: Workup) -> str:
    return ", ".join(each.name for each in workup.contingencies[-LISTED:]) or EXAMPLE


def _prepared(said: IfThen, saying: Saying, workup: Workup) -> Prepared:
    """The contingency; an edit keeps its number, and for what it was assumed to be."""
    own = _own(saying)
    kept = own.about if own and own.assumed else None
    leading = tuple(each.letter for each in by_likelihood(workup.differential)[:1])
    return Prepared(
        contingency=own.contingency if own else workup.contingencies_given + 1,
        when=said.when,
        then=said.then,
        owner=said.owner or saying.by,
        about=said.about if said.about is not None else leading if kept is None else kept,
        assumed=said.about is None,
    )


def _changed(said: IfThen, number: int) -> ContingencyChanged:
    step = ContingencyChanged(
        contingency=number,
        when=said.when or None,
        then=said.then or None,
        owner=said.owner,
        about=said.about,
    )
    if step == ContingencyChanged(contingency=number):
        name = contingency_name(number)
        raise NotUnderstood(
            f"That says nothing new of {name}.",
            f"`if: {name} @ana`, `if: {name} then what to do`, `if: {name} happened` or `if: {name} off why`",
        )
    return step


def _revoked(said: Off) -> Revoked:
    if not said.words:
        name = contingency_name(said.contingency)
        raise Refused(
            f"Why does {name} no longer hold? Until somebody says, it does.\n"
            f"Try: `if: {name} off the vendor has fixed it`",
            (Offer(label=f"{name} no longer holds…", does=f"if_off:{name}"),),
        )
    return Revoked(contingency=said.contingency, words=said.words)
