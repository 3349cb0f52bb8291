"""When questions are asked, over random histories: a rule that is said once more, and what it promises."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.domain.incident import Severity
from bot.domain.prompts.planning import matched, upcoming
from bot.domain.prompts.question import Key, Prompt, PromptKind, Question
from bot.domain.prompts.quiet import QuietHours
from tests.domain.table import BEN, at
from tests.domain.watch import HAPPENS, Event, Seen, Watch, incident, lived, minutes

LEAD, RESULT, ACTION = PromptKind.LEAD, PromptKind.RESULT, PromptKind.ACTION
REEVALUATION, TIME_OUT, WORSE = PromptKind.REEVALUATION, PromptKind.TIME_OUT, PromptKind.WORSE
FIVE = timedelta(minutes=5)
THREE_HOURS = 180.0
NIGHT = QuietHours(starts=22 * 60, ends=7 * 60, zone="UTC")
AFTERNOON = {None: QuietHours(starts=13 * 60, ends=15 * 60, zone="Europe/Berlin")}

events = st.lists(
    st.builds(
        Event,
        at=st.integers(0, 300).map(lambda halves: halves / 2),
        what=st.sampled_from(sorted(HAPPENS)),
        number=st.integers(0, 59),
    ),
    max_size=14,
).map(lambda found: sorted(found, key=lambda each: each.at))
severities = st.integers(1, 5)
hours = st.sampled_from([{}, AFTERNOON, {BEN: QuietHours(starts=840, ends=60, zone="Asia/Tokyo")}])
looks = st.lists(st.integers(0, 360).map(lambda halves: halves / 2), max_size=12)
# Whether somebody looks whenever it is time, or is away in between.
presence = st.sampled_from(["awake", "away"])


def history(severity: int, quiet: dict[UserId | None, QuietHours]) -> Watch:
    return Watch(incident(severity), quiet=quiet)


def is_quiet(seen: Seen, question: Question) -> bool:
    """Whether nobody wants to be asked now, by the clock on the wall."""
    thread = seen.thread
    hours = thread.quiet.get(question.to or thread.lead, thread.quiet.get(None))
    if hours is None or thread.severity <= Severity.SEV2:
        return False
    wall = seen.now.astimezone(ZoneInfo(hours.zone))
    return (wall.hour * 60 + wall.minute - hours.starts) % 1440 < (hours.ends - hours.starts) % 1440


def is_due(question: Question, prompt: Prompt, seen: Seen) -> bool:
    """Whether a question wants to be asked by now, whatever else was asked."""
    now = seen.now
    if prompt.asks == 0 and question.interval:
        silent, late = now - seen.thread.active_at, now - question.due_at
        third = question.interval / 3
        return late >= timedelta() and (silent >= third or late >= 2 * third)
    if prompt.asks == 0 or prompt.asked_at is None:
        return now >= question.due_at
    if prompt.snoozed_until and prompt.asked_at < prompt.snoozed_until:
        return True
    return question.repeat is not None and now >= max(prompt.asked_at + question.repeat, question.due_at)


def may_be_asked(question: Question, prompt: Prompt, seen: Seen) -> bool:
    """Whether nothing forbids to ask it now."""
    now, thread = seen.now, seen.thread
    if prompt.answered_at or prompt.declined_at or prompt.asks >= 2 or thread.off:
        return False
    if prompt.snoozed_until and now < prompt.snoozed_until:
        return False
    alike = [each for key, each in seen.prompts.items() if key[0] is question.kind]
    if question.apart and any(each.asked_at and now < each.asked_at + question.apart for each in alike):
        return False
    if question.apart and any(each.open and each.asks and each.due_at > question.due_at for each in alike):
        return False
    room = thread.posted_at is None or now >= thread.posted_at + FIVE
    return (not prompt.asks if thread.waiting else room) and not is_quiet(seen, question)


def the_rule(seen: Seen) -> set[Key]:
    """What is to be asked at this look."""
    found = [(each, seen.prompts[each.key]) for each in seen.questions]
    return {
        each.key for each, known in found if is_due(each, known, seen) and may_be_asked(each, known, seen)
    }


def done(watch: Watch) -> list[Seen]:
    """The looks that came to something."""
    return [seen for seen in watch.looks if seen.ask or seen.escalate]


def lives(watch: Watch) -> Iterator[tuple[Key, int, int, bool]]:
    """How often each question was asked and told, from each of its beginnings, and whether it was snoozed."""
    so_far: Counter[Key] = Counter()
    told: Counter[Key] = Counter()
    snoozed: set[Key] = set()
    for seen in watch.looks:
        for key, prompt in seen.prompts.items():
            snoozed |= {key} if prompt.snoozed_until else set()
            if not prompt.asks and so_far[key]:
                yield key, so_far.pop(key), told.pop(key, 0), key in snoozed
        so_far.update(seen.ask)
        told.update(seen.escalate)
    yield from ((key, count, told[key], key in snoozed) for key, count in so_far.items())


@settings(max_examples=40)
@given(severities, hours, events, looks, presence)
def test_at_every_look_exactly_what_the_rule_says_is_asked(
    severity: int, quiet: dict[UserId | None, QuietHours], story: list[Event], also: list[float], present: str
) -> None:
    watch = lived(history(severity, quiet), story, until=THREE_HOURS, also=also, awake=present == "awake")

    for seen in watch.looks:
        assert sorted(seen.ask) == sorted(the_rule(seen))


@settings(max_examples=40)
@given(severities, hours, events, looks, presence)
def test_a_thread_gets_one_prompt_in_five_minutes_and_each_question_two_or_three_where_it_was_snoozed(
    severity: int, quiet: dict[UserId | None, QuietHours], story: list[Event], also: list[float], present: str
) -> None:
    watch = lived(history(severity, quiet), story, until=THREE_HOURS, also=also, awake=present == "awake")

    assert all(later - earlier >= FIVE for earlier, later in pairwise(watch.posts))
    for key, asks, told, snoozed in lives(watch):
        assert asks <= 2 + snoozed, key
        assert told <= 1, key


@settings(max_examples=40)
@given(severities, hours, events, looks)
def test_to_look_more_often_changes_nothing_and_no_look_that_matters_is_missed(
    severity: int, quiet: dict[UserId | None, QuietHours], story: list[Event], also: list[float]
) -> None:
    # What waits for its delivery is looked at by the minute.
    story = [each for each in story if each.what != "an outage"]
    seldom = lived(history(severity, quiet), story, until=THREE_HOURS)
    often = lived(
        history(severity, quiet), story, until=THREE_HOURS, also=[*also, *range(0, int(THREE_HOURS), 2)]
    )

    def what(watch: Watch) -> list[tuple[float, set[Key], set[Key]]]:
        return [(minutes(seen.now), set(seen.ask), set(seen.escalate)) for seen in done(watch)]

    assert what(seldom) == what(often)


@settings(max_examples=40)
@given(severities, hours, events, looks, presence)
def test_a_second_look_at_the_same_moment_finds_nothing_to_do_and_the_next_one_is_still_to_come(
    severity: int, quiet: dict[UserId | None, QuietHours], story: list[Event], also: list[float], present: str
) -> None:
    watch = lived(history(severity, quiet), story, until=THREE_HOURS, also=also, awake=present == "awake")
    now = at(THREE_HOURS)
    watch.look(now)

    again = watch.look(now)

    assert (again.ask, again.escalate) == ((), ())
    assert all(seen.next_at is None or seen.next_at > seen.now for seen in watch.looks)
    assert matched(again.questions, [*watch.prompts.values()], now)[1] == {}


@settings(max_examples=40)
@given(severities, hours, events)
def test_somebody_is_told_only_of_what_was_asked_in_vain(
    severity: int, quiet: dict[UserId | None, QuietHours], story: list[Event]
) -> None:
    watch = lived(history(severity, quiet), story, until=THREE_HOURS)

    for seen in watch.looks:
        asked = {each.key: each for each in seen.questions}
        for key in seen.escalate:
            prompt, question = seen.prompts[key], asked[key]
            assert prompt.asks or key in seen.ask
            assert prompt.open
            assert not is_quiet(seen, question)
            assert prompt.asks >= 2 or question.escalate_at
            assert prompt.snoozed_until is None or prompt.snoozed_until <= seen.now


@settings(max_examples=40)
@given(severities, events, st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_processes_whose_clocks_disagree_by_seconds_ask_nothing_twice(
    severity: int, story: list[Event], ahead: list[float]
) -> None:
    watch = lived(history(severity, {}), story, until=200)
    watch.posted_at = watch.posted_at and watch.posted_at - FIVE
    for _ in range(20):
        if watch.next_at is None:
            break
        due = watch.next_at
        for seconds in ahead:
            watch.look(due + timedelta(seconds=seconds))
        watch.look(due + timedelta(seconds=3))

    for key, asks, told, snoozed in lives(watch):
        assert asks <= (1 if key[0] in {REEVALUATION, TIME_OUT} else 2) + snoozed, key
        assert told <= 1, key


@settings(max_examples=40)
@given(severities, events, st.integers(0, 3000))
def test_after_a_pause_one_prompt_says_all_that_is_due_now(
    severity: int, story: list[Event], pause: int
) -> None:
    watch = lived(history(severity, {}), story, until=THREE_HOURS)
    watch.delivers(at(THREE_HOURS))
    now = at(THREE_HOURS + pause + 5)

    seen = watch.look(now)

    left = [each for each in watch.asks(now) if each.due_at + SILENT <= now and each.interval is None]
    for each in left if not watch.off else []:
        prompt = watch.prompts[each.key]
        assert not prompt.open or prompt.asks or prompt.snoozed_until or each.apart, each
    assert seen.next_at is None or seen.next_at > now


SILENT = timedelta(hours=2)


@settings(max_examples=40)
@given(severities, hours, events)
def test_the_chart_says_when_the_next_prompt_comes_and_what_it_asks(
    severity: int, quiet: dict[UserId | None, QuietHours], story: list[Event]
) -> None:
    watch = lived(history(severity, quiet), story, until=THREE_HOURS)
    watch.delivers(at(THREE_HOURS))
    seen = watch.look(at(THREE_HOURS))

    said = upcoming(seen.questions, watch.prompts, watch.thread)
    count = len(watch.posts)
    watch.runs(said[0] if said else at(2 * THREE_HOURS))
    later = watch.posts[count:]

    assert later == ([said[0]] if said else [])
    if said:
        asked = [key for seen in watch.looks if seen.now == said[0] for key in seen.ask]
        # By then it may be a later re-evaluation that is asked in place of the one that was to come.
        assert {kind for kind, _ in asked} >= {each.kind for each in said[1]}
