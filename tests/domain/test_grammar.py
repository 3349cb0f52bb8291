"""How a reply becomes entries, for all texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chart import KIND_BY_WORD, REPLY_WORDS, Kind, Typed, match_lines, moment, typed_entries
from bot.domain.ids import MessageTs

words = st.sampled_from(sorted(KIND_BY_WORD))
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)
typed = st.builds(Typed, st.sampled_from(list(Kind)), st.sampled_from(["a", "b", "c", "d"]))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("fix: x", Typed(Kind.INTERVENTION, "x")),
        ("FIX : x", Typed(Kind.INTERVENTION, "x")),
        ("fix：x", Typed(Kind.INTERVENTION, "x")),
        ("*Fix:* x", Typed(Kind.INTERVENTION, "x")),
        ("*fix*: x", Typed(Kind.INTERVENTION, "x")),
        ("• fix: x", Typed(Kind.INTERVENTION, "x")),
        ("> fix: x", Typed(Kind.INTERVENTION, "x")),
        ("tried: x", Typed(Kind.INTERVENTION, "x")),
        ("plan: B restart", Typed(Kind.PLAN, "B restart")),
        ("logs: x", Typed(Kind.LOG, "x")),
        ("if: a then b", Typed(Kind.CONTINGENCY, "a then b")),
        ("\u200bfix: x", Typed(Kind.INTERVENTION, "x")),
        ("\ufeff\u2066> *fix*: x", Typed(Kind.INTERVENTION, "x")),
        ("\u200f fix: x", Typed(Kind.INTERVENTION, "x")),
    ],
)
def test_a_reply_word_and_a_colon_make_an_entry_however_they_are_dressed(line: str, expected: Typed) -> None:
    assert typed_entries(line) == [expected]


@pytest.mark.parametrize(
    "line",
    ["fix x", "the fix: x", "prefix: x", "btw: x", "https://x.y", "note://x", "test", ": x", "", "12: x"],
)
def test_everything_else_is_talk(line: str) -> None:
    assert typed_entries(line) == []


@given(st.text())
def test_no_text_breaks_the_grammar_and_nothing_is_invented(text: str) -> None:
    for entry in typed_entries(text):
        assert all(part in text for part in entry.text.splitlines() if part.strip())


@given(words, lines)
def test_whatever_follows_the_colon_is_the_entry(word: str, line: str) -> None:
    found = typed_entries(f"{word}: a {line}")

    assert found == [Typed(KIND_BY_WORD[word], f"a {line}".strip())]


@given(st.lists(st.tuples(words, lines), max_size=6))
def test_each_typed_line_is_one_entry_in_order(pairs: list[tuple[str, str]]) -> None:
    found = typed_entries("\n".join(f"{word}: a{line}".replace("```", "") for word, line in pairs))

    assert [entry.kind for entry in found] == [KIND_BY_WORD[word] for word, _ in pairs]


@given(st.text(st.characters(exclude_characters="`")))
def test_nothing_in_a_closed_fence_is_an_entry(inside: str) -> None:
    assert typed_entries(f"```\n{inside}\nfix: x\n```") == []


@given(st.text(st.characters(exclude_characters="`")))
def test_a_log_keeps_its_fence_its_indents_and_its_line_breaks(inside: str) -> None:
    fence = f"```\n  {inside}\n```"

    assert typed_entries(f"log:\n{fence}\nfix: x") == [Typed(Kind.LOG, fence), Typed(Kind.INTERVENTION, "x")]
    assert typed_entries(f"log: {fence}") == [Typed(Kind.LOG, fence)]


def test_a_log_without_a_fence_keeps_the_indent_of_its_first_line() -> None:
    found = typed_entries('log:\n\n  File "a.py", line 3\n    x = y\r\n\n')

    assert found == [Typed(Kind.LOG, '  File "a.py", line 3\n    x = y')]


def test_a_fence_that_is_never_closed_is_none() -> None:
    assert typed_entries("dx: a ``` b\nfix: x") == [
        Typed(Kind.HYPOTHESIS, "a ``` b"),
        Typed(Kind.INTERVENTION, "x"),
    ]


@given(st.lists(typed, max_size=6), st.lists(typed, max_size=6))
def test_matching_loses_no_line_and_uses_none_twice(before: list[Typed], after: list[Typed]) -> None:
    old = [(str(number), entry) for number, entry in enumerate(before)]

    match = match_lines(old, after)

    assert sorted([line for line, _ in match.kept] + list(match.gone)) == sorted(line for line, _ in old)
    assert sorted([entry for _, entry in match.kept] + list(match.added), key=str) == sorted(after, key=str)


@given(st.lists(typed, max_size=6, unique=True), st.randoms())
def test_lines_that_only_change_their_places_keep_their_identity(before: list[Typed], random: object) -> None:
    old = [(str(number), entry) for number, entry in enumerate(before)]
    after = list(before)
    random.shuffle(after)  # type: ignore[attr-defined]

    match = match_lines(old, after)

    assert {(line, entry) for line, entry in match.kept} == set(old)
    assert (match.added, match.gone) == ((), ())


def test_every_reply_word_shows_an_example_that_works() -> None:
    for word in REPLY_WORDS:
        assert typed_entries(word.example)[0].kind is word.kind


def test_a_ts_is_read_to_the_microsecond() -> None:
    assert moment(MessageTs("1700000002.000200")).microsecond == 200
