"""The order in which steps were meant, whatever order they arrived in."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from math import inf

from bot.domain.work.steps import Named, Recorded


def in_order(recorded: Iterable[Recorded]) -> list[Recorded]:
    """The steps in the order in which they were meant.

    Messages count by when they were written, whatever order they arrive in, and the lines of one message by
    their entries, which an edit keeps. A tap or modal has only our own clock, which need not agree with
    Slack's, so it keeps its place behind the newest message known by then, and behind later edits of it.
    """
    newest = datetime.min.replace(tzinfo=UTC)
    placed: list[tuple[tuple[datetime, float, int], Recorded]] = []
    for each in sorted(recorded, key=lambda each: each.seq):
        newest = max(newest, each.at) if each.message else newest
        placed.append(((each.at if each.message else newest, _line(each), each.seq), each))
    return [each for _, each in sorted(placed, key=lambda pair: pair[0])]


def _line(each: Recorded) -> float:
    """The place of a step among those of the same message; a line that is being read has no entry yet."""
    if each.message is None:
        return inf
    return sys.maxsize if each.entry is None else each.entry


def together(live: Sequence[Recorded]) -> Iterable[Recorded]:
    """Hypotheses named in one message are one list, so that those without a number rank one another."""

    def same(each: Recorded) -> tuple[object, ...]:
        one_list = isinstance(each.step, Named) and each.message is not None
        return (each.by, each.message) if one_list else (each.seq,)

    for _, group in groupby(live, same):
        first, *rest = group
        named = [each.step for each in (first, *rest) if isinstance(each.step, Named)]
        if rest:
            together = tuple(suspect for step in named for suspect in step.hypotheses)
            first = replace(first, step=Named(hypotheses=together))
        yield first
