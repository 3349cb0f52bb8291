"""The differential as a table for a phone: a line per hypothesis that begins with a bar and its number.

Letter, bar and number are sixteen characters wide, so a phone shows them and the first words of the
statement in one line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.diagnosis.differential import (
    OTHER,
    Differential,
    Hypothesis,
    by_harm,
    by_likelihood,
    unsettled,
)
from bot.domain.diagnosis.estimate import How, percent
from bot.domain.ids import UserId
from bot.slack.render import blocks
from bot.slack.render.calls import Block

BAR = 10
FULL, EMPTY = "█", "░"
# Slack may fold ordinary spaces, and the numbers would no longer stand below each other.
SPACE = "\N{NO-BREAK SPACE}"
OTHER_MARK = "?"
# What is shown as a number of its own keeps one block, so that nobody takes it for excluded.
LEAST_SEEN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of a differential is shown: live and eliminated hypotheses, and characters of a statement."""

    live: int
    gone: int
    statement: int


ON_CARD = Size(live=6, gone=3, statement=90)
IN_FULL = Size(live=20, gone=20, statement=300)


def bar(mark: str, p: float) -> str:
    """A probability as a line of blocks: "A ██████░░░░ 62%"."""
    filled = round(p * BAR) or int(p >= LEAST_SEEN)
    line = f"{mark:<2}{FULL * filled}{EMPTY * (BAR - filled)}{percent(p):>4}"
    return line.replace(" ", SPACE)


def table(differential: Differential, names: Mapping[UserId, str], size: Size = ON_CARD) -> list[Block]:
    """The parts of a rich text: live hypotheses by likelihood, something else, and what was ruled out."""
    return [
        *_live(differential, names, size),
        *_order_by_harm(differential),
        *_gone(differential, names, size),
    ]


def _live(differential: Differential, names: Mapping[UserId, str], size: Size) -> Iterator[Block]:
    ordered = by_likelihood(differential)
    listed = _listed(differential, ordered, size.live)
    for each in listed:
        said = blocks.one_line(each.statement, names, size.statement)
        yield blocks.line(
            blocks.words(bar(each.letter, differential.p(each.letter)), mono=True),
            blocks.words(f" {said}"),
            *marks(each, names),
        )
    if len(ordered) > len(listed):
        rest = [each for each in ordered if each not in listed]
        letters = ", ".join(each.letter for each in rest[:10])
        yield blocks.line(blocks.faint(f"and {len(rest)} more in the work-up: {letters}"))
    other = blocks.words(bar(OTHER_MARK, differential.p(OTHER)), mono=True)
    yield blocks.line(other, blocks.words(" something else"))


def _listed(differential: Differential, ordered: list[Hypothesis], limit: int) -> list[Hypothesis]:
    """The likeliest, and whatever must not be missed, because those are forgotten when out of sight."""
    open_ones = unsettled(differential)
    first = ordered[:limit]
    return first + [each for each in ordered[limit : 2 * limit] if each in open_ones]


def marks(each: Hypothesis, names: Mapping[UserId, str]) -> Iterator[Block]:
    """What else is known of a hypothesis, small behind it."""
    if each.must_not_miss:
        yield blocks.words(" ")
        yield blocks.emoji("warning")
        yield blocks.words(f" must not miss (impact {each.impact})", bold=True)
    said = [
        f"impact {each.impact}" if each.impact and not each.must_not_miss else "",
        "by rank" if each.how is How.RANKING else "",
        f"assumes {blocks.one_line(each.assumption, {}, 30)}" if each.assumption else "",
        f"not excluded, {person(each.waived_by, names)} answers for it" if each.waived_by else "",
    ]
    line = " · ".join(part for part in said if part)
    if line:
        yield blocks.faint(f" · {line}")


def person(user: UserId, names: Mapping[UserId, str]) -> str:
    """A name and no mention: what is shown again must not call people again."""
    return blocks.one_line(names.get(user, "somebody"), {}, 40)


def _order_by_harm(differential: Differential) -> Iterator[Block]:
    """The other order: by what missing each would cost."""
    harm = [each.letter for each in by_harm(differential)]
    if len(harm) > 1:
        yield blocks.line(blocks.words("By harm: ", bold=True), blocks.words(", ".join(harm[:12])))


def _gone(differential: Differential, names: Mapping[UserId, str], size: Size) -> Iterator[Block]:
    gone = [each for each in differential.hypotheses if not each.live]
    for each in gone[-size.gone :]:
        said = blocks.one_line(each.statement, names, size.statement)
        by = blocks.one_line(each.eliminated_by or "", names, 40)
        yield blocks.line(
            blocks.words(f"{each.letter} {said}", strike=True), blocks.faint(f"  ruled out by {by}")
        )
    if len(gone) > size.gone:
        yield blocks.line(blocks.faint(f"and {len(gone) - size.gone} more that were ruled out"))


def in_words(differential: Differential, names: Mapping[UserId, str]) -> str:
    """The leading hypothesis in a sentence, for notifications and screen readers; "" without any."""
    ordered = by_likelihood(differential)
    if not ordered:
        return ""
    first, *rest = ordered
    lead = f"{first.letter} {percent(differential.p(first.letter))}"
    said = blocks.escape(blocks.one_line(first.statement, names, 120))
    others = "".join(f", {each.letter} {percent(differential.p(each.letter))}" for each in rest[:4])
    return f"Likeliest {lead}: {said}{others}, something else {percent(differential.p(OTHER))}"
