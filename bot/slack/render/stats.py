"""How incidents went over a period, for whoever asked: each figure with what it means in a few words.

The drawing itself is in `stats_picture`, which needs the extra `charts` and is loaded when it is wanted.
"""

from collections.abc import Iterable, Iterator
from statistics import median

from bot.domain.digest.calibration import ENOUGH
from bot.domain.handoff.scoring import COMPLETE
from bot.domain.stats import Milestone, Stats
from bot.slack.render import blocks
from bot.slack.render.answers import Answer, said
from bot.slack.render.evolution import ALT_LIMIT, REFUSED_ADVICE, CannotDraw
from bot.slack.render.trends import spoken

NO_DATA = "no data"
NOTHING_LEFT = "There is nothing to draw any more of the figures that you asked for."
NEEDS_EXTRA = (
    "I cannot draw a picture of these figures, because an optional part of me is missing: whoever runs me "
    "can install me again with the extra `charts` (`pip install '.[charts]'`)."
)
_PLACES = ("first", "second", "third")
_NAMES = {
    Milestone.DIFFERENTIAL: "First differential",
    Milestone.TEST: "First telling test",
    Milestone.RESOLUTION: "Resolved",
}
_MEANS = {
    Milestone.DIFFERENTIAL: "until somebody named a cause",
    Milestone.TEST: "until a result told hypotheses apart",
    Milestone.RESOLUTION: "from the opening to the end",
}


def title(found: Stats) -> str:
    """The period in words, its dates in UTC."""
    return f"Incidents, {_day(found.since)} to {_day(found.until)}"


def _day(at: object) -> str:
    return f"{at:%-d %b %Y}"


def shown(found: Stats) -> Answer:
    """The figures as an answer to whoever asked."""
    if found.empty:
        since = blocks.date(found.since, "{date_short_pretty}")
        tip = "`/incident stats 90d` looks back further."
        return said(f"No incident that you can see was opened or resolved since {since}. {tip}")
    groups = [
        ("How long it took, in the median", _times(found)),
        ("How well it was aimed", _aim(found)),
        ("Handoffs", _handoffs(found)),
    ]
    built = [blocks.section(f"*{title(found)}*\n{_counts(found)}")]
    built += [blocks.section("\n".join([f"*{name}*", *_bulleted(lines)])) for name, lines in groups]
    built.append(blocks.context(" ".join(_notes(found))))
    return said(f"{title(found)}: {in_words(found)}") | {"blocks": built}


def in_words(found: Stats) -> str:
    """The same in a few sentences, for who cannot see the picture."""
    lines = (*_times(found), *_aim(found), *_handoffs(found))
    return blocks.clip(f"{_counts(found)} {'; '.join(lines)}.".replace("*", ""), ALT_LIMIT)


def _bulleted(lines: Iterable[str]) -> Iterator[str]:
    return (f"• {line}" for line in lines)


def _counts(found: Stats) -> str:
    return f"{found.opened} opened, {found.resolved} resolved."


def _times(found: Stats) -> Iterator[str]:
    for milestone in Milestone:
        got = len(found.took(milestone))
        total = found.resolved if milestone is Milestone.RESOLUTION else found.opened
        typical = found.typical(milestone)
        if typical is None:
            yield f"{_NAMES[milestone]}: {NO_DATA} ({_MEANS[milestone]})"
        else:
            of = f"{got} resolved" if milestone is Milestone.RESOLUTION else f"{got} of {total} opened"
            yield f"{_NAMES[milestone]}: *{spoken(typical)}* {_MEANS[milestone]} ({of})"


def _aim(found: Stats) -> Iterator[str]:
    if found.tests:
        of = f"in the median of {len(found.tests)} resolved"
        yield f"Tests an incident: *{_number(median(found.tests))}*, {of}"
    else:
        yield f"Tests an incident: {NO_DATA}, as none was resolved"
    if found.tried:
        of = f"in the median of {len(found.tried)} where something worked"
        yield f"Interventions before the cure: *{_number(median(found.tried))}*, {of}"
    else:
        yield f"Interventions before the cure: {NO_DATA}, as none is known to have worked"
    yield _ranked(found)
    yield _calibrated(found)


def _ranked(found: Stats) -> str:
    """Where the true cause stood at first."""
    head = "True cause in the first differential:"
    if not found.ranks:
        return f"{head} {NO_DATA}, as no resolved incident has one of its hypotheses for a cause"
    counts = [(name, found.ranks.count(place)) for place, name in enumerate(_PLACES, start=1)]
    later = sum(rank is not None and rank > len(_PLACES) for rank in found.ranks)
    counts += [("lower", later), ("not named yet", found.ranks.count(None))]
    told = ", ".join(f"{name} in {count}" for name, count in counts[1:] if count)
    first = f"first in *{counts[0][1]} of {len(found.ranks)}*"
    return f"{head} {first}{f', {told}' if told else ''}"


def _calibrated(found: Stats) -> str:
    known = found.calibration
    if known is None:
        return f"Estimates: calibration is told from {ENOUGH} judged incidents on, {found.judged} so far"
    return (
        f"Estimates: Brier score *{known.brier:.2f}* (0 is perfect, 2 the worst), the likeliest was right in "
        f"{known.first} of {known.closed}"
    )


def _handoffs(found: Stats) -> Iterator[str]:
    handed, accepted = found.handed, found.scored
    if handed:
        whole = sum(each.complete for each in accepted)
        yield f"Read back and accepted: *{_share(len(accepted), len(handed))}*"
        yield f"Complete when taken over: *{_share(whole, len(handed))}*"
    else:
        yield f"Read back, complete: {NO_DATA}, as none has come to its end"
    if found.score is not None:
        of = f"in the median of {len(accepted)} accepted; {COMPLETE} counts as complete"
        yield f"Completeness score: *{_number(found.score)}* of 100, {of}"
    waiting = sum(each.waiting and each.sent for each in found.attempts)
    if waiting:
        yield f"Waiting for an answer: {waiting}"
    yield f"Leads taken without one: {found.without or 'none'}"


def _notes(found: Stats) -> Iterator[str]:
    if found.cut:
        counted = f"{found.opened} opened, {found.resolved} resolved"
        yield f":warning: That is too much to count: only the newest do ({counted}). Try a shorter period."
    yield "Only what you can see here counts."
    if found.drawable:
        yield "A picture of it comes in our direct messages."


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole > 1 else "")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def refused(error: str) -> str:
    """Why the picture did not come, where Slack takes none or lets us write to nobody."""
    advice = REFUSED_ADVICE.get(error, "Open a direct message with me and ask again. ")
    why = f"I could not bring you the picture of these figures (`{blocks.escape(error[:80])}`)."
    return f"{why} {advice}The figures themselves are all in the answer to `/incident stats`."


def draw(found: Stats) -> bytes:
    """The picture as PNG.

    Raises:
        CannotDraw: The extra `charts` is not installed.
    """
    try:
        # It costs half a second and 40 MB, which a bot that never draws need not spend.
        from bot.slack.render import stats_picture  # noqa: PLC0415 - see above.
    except ImportError as error:
        raise CannotDraw(str(error)) from error
    return stats_picture.png(found, title(found))
