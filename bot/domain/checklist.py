"""The debugging checklist of ML systems: what to look at, and who has ticked what.

Several people tick at the same time, each before a view that may be older than what is stored. So a tick is
read as what somebody changed of what they saw, and what others changed meanwhile stays.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.chart import Kind
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at; what is found is logged with the word of *found*."""

    id: str
    name: str
    asks: str
    found: Kind


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are looked at together."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The last word on an item: whether it is ticked, by whom, and the *stamp* of that person's tap."""

    on: bool
    by: UserId
    at: datetime
    stamp: str


Ticks = Mapping[str, Tick]

GROUPS = (
    Group(
        "changed",
        "What changed",
        (
            Item("diff", "Diff", "code between the last good run and this one", Kind.HYPOTHESIS),
            Item("config", "Config", "as resolved at run time, against the last good", Kind.RESULT),
            Item("versions", "Versions", "lock file, driver, CUDA, image digest", Kind.RESULT),
        ),
    ),
    Group(
        "data",
        "Data",
        (
            Item("rows", "Rows", "read 20 of them, and the batch that fails", Kind.RESULT),
            Item("schema", "Schema", "columns, types, nulls, ranges as last week", Kind.VITAL),
            Item("labels", "Labels", "ids in range, shares as before, no leak", Kind.RESULT),
            Item("splits", "Splits", "no row of the evaluation in training", Kind.TEST),
            Item("order", "Order", "shuffle, shards, resume skip or repeat none", Kind.TEST),
        ),
    ),
    Group(
        "batch",
        "Tokeniser and batch",
        (
            Item("tokeniser", "Tokeniser", "files and vocabulary of the checkpoint", Kind.RESULT),
            Item("special", "Special tokens", "pad, end, chat template as trained", Kind.RESULT),
            Item("decoded", "Round trip", "decode the ids of one batch and read them", Kind.TEST),
            Item("masks", "Masks", "attention, loss, padding side, truncation", Kind.RESULT),
        ),
    ),
    Group(
        "model",
        "Model",
        (
            Item("shapes", "Shapes", "of each module's input and output, printed", Kind.RESULT),
            Item("dtypes", "Dtypes", "what is cast where, autocast included", Kind.RESULT),
            Item("weights", "Weights", "all keys loaded, none missing or skipped", Kind.RESULT),
            Item("gradients", "Gradients", "each trained parameter gets one", Kind.RESULT),
            Item("overfit", "One batch", "the model can learn it by heart", Kind.TEST),
        ),
    ),
    Group(
        "training",
        "Training",
        (
            Item("nan", "NaN, Inf", "first step and first module that has one", Kind.VITAL),
            Item("rate", "Learning rate", "its value at this step, after resume", Kind.RESULT),
            Item("norm", "Gradient norm", "before clipping, against its median", Kind.VITAL),
            Item("seeds", "Seeds", "same failure with this seed, with another?", Kind.TEST),
            Item("checkpoint", "Checkpoint", "the last good one evaluates as before", Kind.TEST),
        ),
    ),
    Group(
        "machine",
        "Where it runs",
        (
            Item("hardware", "Hardware", "ECC, Xid, NCCL: does it follow the node?", Kind.TEST),
            Item("memory", "Memory", "of GPU and host, shared memory, disk", Kind.RESULT),
            Item("speed", "Throughput", "of each rank, against the baseline", Kind.VITAL),
            Item("skew", "Skew", "one row through training and serving code", Kind.TEST),
        ),
    ),
)
TOTAL = sum(len(group.items) for group in GROUPS)


def group_named(name: str) -> Group:
    """A group by its id.

    Raises:
        NotUnderstood: There is none; the checklist was posted by an older version of us.
    """
    for group in GROUPS:
        if group.id == name:
            return group
    raise NotUnderstood("This checklist is out of date.", "`/incident checklist INC-n` for a new one")


def ticked(ticks: Ticks, group: Group) -> list[Item]:
    """The items of a group that are ticked, in its order."""
    return [item for item in group.items if item.id in ticks and ticks[item.id].on]


def changed(
    group: Group, seen: Collection[str], chosen: Collection[str], before: Ticks, by: UserId, stamp: str
) -> dict[str, bool]:
    """What a tap changes, by items: whether each is ticked from now on.

    *seen* is what was ticked in the view that somebody had before them, *chosen* what is ticked in it now.
    Of the rest only that counts which they changed themselves in a view that has not been renewed yet, and
    not what they said by a later tap.
    """
    found: dict[str, bool] = {}
    for item in group.items:
        wanted, last = item.id in chosen, before.get(item.id)
        own = last is not None and last.by == by
        if own and last is not None and _as_number(last.stamp) >= _as_number(stamp):
            continue
        touched = own or wanted != (item.id in seen)
        if touched and wanted != (last is not None and last.on):
            found[item.id] = wanted
    return found


def _as_number(stamp: str) -> float:
    """A stamp of Slack's, to be compared; one that is none counts as the oldest."""
    try:
        return float(stamp)
    except ValueError:
        return 0.0
