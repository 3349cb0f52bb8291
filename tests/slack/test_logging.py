"""Replies become the chart: typed lines, receipts, refusals, edits and deletions."""

import pytest

from tests.conversation import RECEIPT, REFUSAL, Talk, user


def test_a_typed_reply_is_logged_and_gets_one_receipt(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "fix: rolled back to 3f2a")

    assert talk.logged() == [("fix", "rolled back to 3f2a")]
    assert talk.reactions(ts) == {RECEIPT: 1}
    assert len(talk.posts("reactions.add")) == 1


def test_plain_talk_is_left_alone_and_not_stored_but_keeps_the_incident_active(talk: Talk) -> None:
    talk.opens("ana")
    before = talk.incident().active_at

    ts = talk.logs("ben", "looking at it: give me a minute\nhttps://example.com and note that")

    assert talk.logged() == []
    assert talk.reactions(ts) == {}
    assert talk.incident().active_at > before


def test_several_typed_lines_are_several_entries_with_one_receipt(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "morning!\nDX : fp16 overflow\n*test*: run in fp32\n  on one node\nNotes：see wiki")

    assert talk.logged() == [
        ("dx", "fp16 overflow"),
        ("test", "run in fp32\n  on one node"),
        ("note", "see wiki"),
    ]
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_nothing_in_a_code_fence_is_read_and_it_belongs_to_the_entry_before_it(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "result: it raises\n```\nfix: not a fix\n```\nnote: that is all")

    assert talk.logged() == [("result", "it raises\n```\nfix: not a fix\n```"), ("note", "that is all")]


def test_mentions_links_and_escapes_are_stored_as_written_and_shown_with_names(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "note: @cho check a<b && see https://ci.example.com/1")

    assert talk.logged() == [("note", "@U0CHO check a<b && see https://ci.example.com/1")]
    assert "@cho check a<b && see" in talk.card()


def test_an_edit_revises_the_entry_and_keeps_the_old_text(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "fix: rolled back to 3f2a")

    talk.edits("ben", ts, "fix: rolled back to 9c1d")

    [entry] = talk.entries()
    assert (entry.text, talk.history(entry)) == ("rolled back to 9c1d", ["rolled back to 3f2a"])
    assert "9c1d" in talk.card()
    assert "3f2a" not in talk.card()
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_a_line_added_above_by_an_edit_shifts_no_entry(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "dx: overflow\ndx: bad batch")
    first = {entry.text: entry.seq for entry in talk.entries()}

    talk.edits("ben", ts, "dx: gpu fault\ndx: overflow\ndx: bad batch")

    now = {entry.text: entry.seq for entry in talk.entries()}
    assert {text: now[text] for text in first} == first
    assert len(now) == 3


def test_several_lines_edited_into_one_leave_one_entry(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "dx: overflow\nnote: see wiki\nfix: clip at 1.0")

    talk.edits("ben", ts, "fix: clip at 0.5")

    assert talk.logged() == [("fix", "clip at 0.5")]
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_talk_edited_into_an_entry_is_logged_and_an_entry_edited_into_talk_is_withdrawn(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "rolled back to 3f2a")

    talk.edits("ben", ts, "fix: rolled back to 3f2a")
    logged, receipts = talk.logged(), talk.reactions(ts)
    talk.edits("ben", ts, "never mind")

    assert (logged, receipts) == ([("fix", "rolled back to 3f2a")], {RECEIPT: 1})
    assert (talk.logged(), talk.reactions(ts)) == ([], {})


def test_deleting_the_message_withdraws_its_entries(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "fix: rolled back")

    talk.deletes("ben", ts)

    assert talk.logged() == []
    assert "rolled back" not in talk.card()


def test_what_is_not_understood_gets_a_mark_and_a_hint_that_only_its_author_sees(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "sev: banana")

    assert talk.reactions(ts) == {REFUSAL: 1}
    assert "sev: 2 reason" in "".join(talk.whispers("ben"))
    assert not [text for text in talk.whispers("ana") if "banana" in text]
    assert talk.logged() == []


def test_the_mark_goes_when_an_edit_mends_the_line(talk: Talk) -> None:
    talk.opens("ana", "sev3 loss is NaN")
    ts = talk.logs("ben", "sev: banana")

    talk.edits("ben", ts, "sev: 1 it burns")

    assert talk.reactions(ts) == {RECEIPT: 1}
    assert talk.incident().severity == 1


def test_a_message_with_a_good_and_a_bad_line_shows_both(talk: Talk) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", "fix: clip at 1.0\nlead: nobody in particular")

    assert talk.logged() == [("fix", "clip at 1.0")]
    assert talk.reactions(ts) == {RECEIPT: 1, REFUSAL: 1}


@pytest.mark.parametrize("word", ["fix:", "resolve:", "note:   "])
def test_a_word_without_anything_after_it_is_refused(talk: Talk, word: str) -> None:
    talk.opens("ana")

    ts = talk.logs("ben", word)

    assert talk.logged() == []
    assert talk.reactions(ts) == {REFUSAL: 1}


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("lead:", "`lead: @ben`, or `lead: me`"),
        ("resolve:", "`resolve: string columns"),
        ("sev:", "`sev: 2 checkpoints"),
        ("tried:", "`fix: rolled back"),
    ],
)
def test_a_word_alone_is_answered_with_an_example_of_its_own(talk: Talk, word: str, advice: str) -> None:
    talk.opens("ana")

    talk.logs("ben", word)

    assert advice in "".join(talk.whispers("ben"))


def test_a_reply_with_an_invisible_mark_before_its_word_is_read_as_if_it_had_none(talk: Talk) -> None:
    talk.opens("ana")

    talk.logs("ben", "\u200e\ufefffix: rolled back\n\u200bnote: all is well")

    assert talk.logged() == [("fix", "rolled back"), ("note", "all is well")]


def test_replies_change_severity_lead_and_resolution(talk: Talk) -> None:
    talk.opens("ana", "sev3 loss is NaN")

    talk.logs("ben", "sev: 1 checkpoints are at risk")
    talk.logs("ben", "lead: @cho")
    talk.logs("cho", "resolve: fp16 overflow in the loss")

    found = talk.incident()
    assert (found.severity, found.lead, found.diagnosis) == (1, user("cho"), "fp16 overflow in the loss")
    assert found.resolved_by == user("cho")
    assert "first SEV3" in talk.card()


def test_the_cause_is_corrected_by_editing_the_reply_that_resolved(talk: Talk) -> None:
    talk.opens("ana")
    ts = talk.logs("ben", "resolve: overflow")

    talk.edits("ben", ts, "resolve: bad batch")

    assert talk.incident().diagnosis == "bad batch"
    assert talk.reactions(ts) == {RECEIPT: 1}


def test_resolving_twice_is_refused_and_the_first_cause_stands(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "resolve: overflow")

    ts = talk.logs("cho", "resolve: bad batch")

    assert talk.incident().diagnosis == "overflow"
    assert talk.reactions(ts) == {REFUSAL: 1}


def test_what_happened_after_the_resolution_is_still_recorded(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "resolve: overflow")

    talk.logs("cho", "note: same in staging")

    assert ("note", "same in staging") in talk.logged()


def test_a_reply_with_a_file_keeps_its_name_and_permalink(talk: Talk) -> None:
    talk.opens("ana")

    talk.replies("ben", "result: see the trace", files=[{"name": "trace.txt", "content": "x"}])
    talk.settles()

    [entry] = talk.entries()
    assert [file.name for file in entry.files] == ["trace.txt"]
    assert entry.files[0].permalink.startswith("http")
    assert "trace.txt" in talk.card()


def test_a_file_alone_after_the_word_is_an_entry(talk: Talk) -> None:
    talk.opens("ana")

    talk.replies("ben", "result:", files=[{"name": "loss.png", "content": "x"}])
    talk.settles()

    assert [file.name for entry in talk.entries() for file in entry.files] == ["loss.png"]


def test_a_reply_also_sent_to_the_channel_is_logged_once(talk: Talk) -> None:
    talk.opens("ana")

    talk.replies("ben", "fix: drained node 3", broadcast=True)
    talk.settles()

    assert talk.logged() == [("fix", "drained node 3")]


def test_messages_outside_incident_threads_are_nobodys_business(talk: Talk) -> None:
    talk.opens("ana")

    root = talk.slack.message(user("ben"), talk.channel, "fix: my bike")
    talk.slack.message(user("ben"), talk.channel, "fix: the chain", thread_ts=root)
    talk.settles()

    assert talk.logged() == []
    assert talk.posts("reactions.add") == []


def test_a_reply_costs_one_call_and_many_replies_one_card_update(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "note: so that ben's name is known")
    updates = len(talk.posts("chat.update"))

    for number in range(5):
        talk.replies("ben", f"note: number {number}")
    talk.settles()

    assert len(talk.posts("reactions.add")) == 6
    assert len(talk.posts("chat.update")) == updates + 1


def test_a_deleted_chart_is_posted_again_and_its_old_thread_still_counts(talk: Talk) -> None:
    talk.opens("ana")
    talk.logs("ben", "dx: overflow")
    old = talk.root

    talk.slack.delete(user("ana"), talk.channel, old)
    talk.settles()
    talk.logs("ben", "note: still typing in the old thread")
    [*_, new] = talk.charts()

    assert new["ts"] != old
    assert talk.incident().thread_ts == new["ts"]
    assert ("note", "still typing in the old thread") in talk.logged()
    talk.root = new["ts"]
    assert "still typing in the old thread" in talk.card()
