"""The checklist: who ticks at the same time as others, before whatever view, takes nothing from them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklist import GROUPS, TOTAL, Group, Tick, changed, group_named, ticked
from bot.domain.errors import NotUnderstood
from bot.domain.ids import UserId

ANA, BEN = UserId("U0ANA"), UserId("U0BEN")
NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
DATA = group_named("data")
IDS = [item.id for item in DATA.items]


class Sheet:
    """What is stored, and what each person has before them: a view that is renewed only now and then."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.ticks: dict[str, Tick] = {}
        self.taps = 0
        self.seen: dict[UserId, frozenset[str]] = {}
        self.boxes: dict[UserId, set[str]] = {}

    def looks(self, who: UserId) -> None:
        self.seen[who] = frozenset(item.id for item in ticked(self.ticks, self.group))
        self.boxes[who] = set(self.seen[who])

    def taps_on(self, who: UserId, item: str) -> None:
        if who not in self.boxes:
            self.looks(who)
        self.boxes[who] ^= {item}
        self.arrives(who, frozenset(self.boxes[who]), self.next_stamp())

    def next_stamp(self) -> str:
        self.taps += 1
        return f"{1700000000 + self.taps}.000100"

    def arrives(self, who: UserId, chosen: frozenset[str], stamp: str) -> None:
        found = changed(self.group, self.seen[who], chosen, self.ticks, who, stamp)
        at = NOW + timedelta(seconds=self.taps)
        self.ticks |= {item: Tick(on=on, by=who, at=at, stamp=stamp) for item, on in found.items()}

    def on(self) -> set[str]:
        return {item.id for item in ticked(self.ticks, self.group)}


ACTS = st.lists(st.tuples(st.sampled_from([ANA, BEN]), st.sampled_from(["look", *IDS])), max_size=40)


@given(ACTS)
def test_who_ticks_other_boxes_than_others_never_takes_anything_from_them(
    acts: list[tuple[UserId, str]],
) -> None:
    sheet, wanted = Sheet(DATA), {ANA: set[str](), BEN: set[str]()}
    own = {ANA: set(IDS[:2]), BEN: set(IDS[2:])}

    for who, what in acts:
        if what == "look":
            sheet.looks(who)
        elif what in own[who]:
            wanted[who] ^= {what}
            sheet.taps_on(who, what)

        assert sheet.on() == wanted[ANA] | wanted[BEN]


def test_two_who_tick_in_the_same_old_view_both_count() -> None:
    sheet = Sheet(DATA)
    sheet.looks(ANA)
    sheet.looks(BEN)

    sheet.taps_on(ANA, "rows")
    sheet.taps_on(BEN, "schema")

    assert sheet.on() == {"rows", "schema"}
    assert sheet.ticks["rows"].by == ANA
    assert sheet.ticks["schema"].by == BEN


def test_two_quick_taps_of_one_person_may_arrive_the_wrong_way_round() -> None:
    sheet = Sheet(DATA)
    sheet.looks(ANA)
    first, second = sheet.next_stamp(), sheet.next_stamp()

    sheet.arrives(ANA, frozenset({"rows", "schema"}), second)
    sheet.arrives(ANA, frozenset({"rows"}), first)

    assert sheet.on() == {"rows", "schema"}


def test_a_tick_of_somebody_else_can_be_taken_back_by_who_sees_it() -> None:
    sheet = Sheet(DATA)
    sheet.taps_on(ANA, "rows")
    sheet.looks(BEN)

    sheet.taps_on(BEN, "rows")

    assert sheet.on() == set()
    assert sheet.ticks["rows"].by == BEN


def test_what_an_older_checklist_asked_is_left_alone() -> None:
    gone = Tick(on=True, by=ANA, at=NOW, stamp="1.0")

    found = changed(DATA, {"gone"}, set(), {"gone": gone}, ANA, "2.0")

    assert found == {}
    with pytest.raises(NotUnderstood, match="out of date"):
        group_named("gone")


def test_every_item_has_an_id_of_its_own_and_a_group_fits_into_boxes_of_slack() -> None:
    ids = [item.id for group in GROUPS for item in group.items]

    assert len(set(ids)) == len(ids) == TOTAL
    assert all(len(group.items) <= 10 for group in GROUPS)
    assert all(":" not in each and "." not in each for each in ids)
