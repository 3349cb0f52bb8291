"""Words become terms the same way wherever they come from, and what fits best comes first."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import ChannelId, IncidentNumber, MessageTs, TeamId, UserId
from bot.domain.incident import Incident, Severity
from bot.domain.search.document import GAP, MOST_OF_ONE, MOST_TERMS, OPEN, RESOLVED, Said, document_of
from bot.domain.search.excerpt import excerpt
from bot.domain.search.query import MOST_WORDS, Wanted, read_query, stages
from bot.domain.search.ranking import Candidate, ranked
from bot.domain.search.words import TERM_LIMIT, stem, words_in
from bot.domain.similar import Frequencies, asked_by, nearest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
INCIDENT = Incident(
    team=TeamId("T0"),
    number=IncidentNumber(1),
    title="loss is NaN",
    seen="loss is NaN",
    severity=Severity.SEV2,
    triaged_at=NOON,
    lead=None,
    private=False,
    channel=ChannelId("C0"),
    thread_ts=MessageTs("1700000000.000100"),
    opened_by=UserId("U0ANA"),
    opened_at=NOON,
    active_at=NOON,
)


def terms(text: str) -> list[str]:
    return [part for word in words_in(text) for part in word.parts]


def wholes(text: str) -> list[str]:
    return [word.whole for word in words_in(text) if word.whole]


@pytest.mark.parametrize(
    ("text", "parts", "whole"),
    [
        ("KeyError", ["key", "error"], ["keyerror"]),
        ("grad_norm", ["grad", "norm"], ["gradnorm"]),
        ("loss.nan", ["loss", "nan"], ["lossnan"]),
        ("torch.nn.XMLParser", ["torch", "nn", "xml", "parser"], ["torchnnxmlparser"]),
        ("step3100", ["step", "3100"], ["step3100"]),
        ("datasets<3.0", ["dataset", "3.0"], []),
        ("v2.17.1", ["v", "2.17.1"], ["v2.17.1"]),
        ("CUDA:0 1e-4", ["cuda", "0", "1", "e", "4"], ["1e4"]),
        ("doesn’t", ["doesn", "t"], ["doesnt"]),
        ("naïve CAFÉ", ["naiv", "cafe"], []),
        ("ＮａＮ", ["nan"], []),
        ("损失 函数", ["损", "失", "函", "数"], ["损失", "函数"]),
        ("обучение зависло", ["обучение", "зависло"], []),
        ("zero\u200bwidth", ["zerowidth"], []),
        ("/data/runs/2026/a/b/c/d", ["data", "run", "2026", "a", "b", "c", "d"], []),
        ("🤖 … — !", [], []),
    ],
)
def test_words_are_found_by_their_parts_and_as_a_whole(text: str, parts: list[str], whole: list[str]) -> None:
    assert (terms(text), wholes(text)) == (parts, whole)


@pytest.mark.parametrize(
    "forms",
    [
        "crash crashes crashed crashing",
        "retry retries retried retrying",
        "resume resumes resumed resuming",
        "stop stops stopped stopping",
        "batch batches batched",
        "loss losses",
        "spike spikes spiked spiking",
        "cache caches cached caching",
        "train trains trained training",
    ],
)
def test_english_endings_make_no_other_word(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "word",
    ["string", "need", "bus", "analysis", "class", "gpu", "this", "nan", "3.0", "损失", "bring", "speed"],
)
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert stem(word) == word


@given(st.text(max_size=200))
def test_any_text_is_made_of_short_terms_that_mean_nothing_to_a_database(text: str) -> None:
    for term in [*terms(text), *wholes(text)]:
        assert 0 < len(term) <= 2 * TERM_LIMIT
        assert all(each.isalnum() or each == "." for each in term)


@given(st.text(max_size=80))
def test_a_word_is_found_by_itself_wherever_it_is_said(text: str) -> None:
    document = document_of(Said(incident=INCIDENT, texts=(f"before {text} after",)))

    for wanted in read_query(text.replace("*", " ")):
        row = " ".join(wanted.parts)
        assert f" {row} " in f" {document.body} " or (wanted.whole and f" {wanted.whole} " in document.body)


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    found = document_of(Said(incident=INCIDENT, texts=("disk full", "node down")))

    assert "disk full . node down ." in found.body
    assert "full node" not in found.body
    assert found.body.endswith(f"{GAP} {OPEN}")


def test_a_document_has_no_more_than_a_database_can_count() -> None:
    long = " ".join(f"word{place}x nan" for place in range(9_000))
    found = document_of(Said(incident=INCIDENT, texts=tuple(f"{place} {long}" for place in range(9))))

    counted = f"{found.title} {found.body}".split()
    assert len(counted) <= MOST_TERMS + 2
    assert counted.count("nan") <= MOST_OF_ONE
    assert len(found.compared.split()) <= 64


def test_a_cause_counts_as_a_title_and_is_gone_when_an_incident_is_open_again() -> None:
    resolved = replace(INCIDENT, resolved_at=NOON, diagnosis="string columns")

    told, reopened = document_of(Said(incident=resolved)), document_of(Said(incident=INCIDENT))

    assert ("string column" in told.title, told.resolved, told.body.endswith(RESOLVED)) == (True, True, True)
    assert ("string" in reopened.title, reopened.resolved) == (False, False)


def test_incidents_are_compared_by_what_tells_them_apart_and_by_names_of_errors() -> None:
    log = 'File "x.py", line 3, in collate\n  torch.cuda.OutOfMemoryError: CUDA out of memory'
    found = document_of(Said(incident=INCIDENT, hypotheses=("collator is broken",), logs=(log,)))

    assert {"loss", "nan", "outofmemoryerror", "collator"} <= set(found.compared.split())
    assert not {"is", "file", "line", "3"} & set(found.compared.split())


def test_quotation_marks_make_a_phrase_and_a_star_a_beginning() -> None:
    assert read_query("“grad norm” check* KeyError the") == (
        Wanted(parts=("grad", "norm")),
        Wanted(parts=("check",), beginning=True),
        Wanted(parts=("key", "error"), whole="keyerror"),
    )
    assert read_query("the") == (Wanted(parts=("the",)),)
    assert read_query('* "" : -') == ()
    assert len(read_query(" ".join(map(str, range(100))))) == MOST_WORDS


def test_all_words_are_tried_first_and_then_ever_fewer() -> None:
    a, b, c = (Wanted(parts=(each,)) for each in "abc")

    found = [match.groups for match in stages((a, b, c))]

    assert found == [((a, b, c),), ((a, b), (a, c), (b, c)), ((a,), (b,), (c,))]


def test_more_words_go_before_titles_titles_before_repetition_and_of_equals_the_newest() -> None:
    wanted = read_query("loss nan")
    some = [
        Candidate(IncidentNumber(1), "loss", "nan"),
        Candidate(IncidentNumber(2), "loss nan", "x"),
        Candidate(IncidentNumber(3), "x", "loss nan loss nan loss nan"),
        Candidate(IncidentNumber(4), "loss loss loss", "loss " * 50),
        Candidate(IncidentNumber(5), "loss nan", "x"),
    ]

    assert ranked(some, wanted) == [5, 2, 1, 3, 4]
    assert ranked(reversed(some), wanted) == ranked([*some, *some], wanted)


def test_an_excerpt_is_short_shows_its_words_and_loses_none_of_the_text_between() -> None:
    text = "x " * 200 + "then the grad_norm exploded at 3100 and the loss went to NaN " + "y " * 200

    found = excerpt(("nothing here", text), read_query('"grad norm" nan'))

    said = "".join(piece.text for piece in found)
    assert said.strip("…") in text
    assert [piece.text for piece in found if piece.hit] == ["grad_norm", "NaN"]
    assert (said[0], said[-1], len(said) < 150) == ("…", "…", True)
    assert excerpt(("nothing here",), read_query("zebra")) == ()


@settings(max_examples=40)
@given(st.text(max_size=300), st.text(max_size=30))
def test_any_excerpt_is_part_of_its_text(text: str, words: str) -> None:
    found = excerpt((text,), read_query(words))

    said = "".join(piece.text for piece in found)
    assert said.removeprefix("…").removesuffix("…") in " ".join(text.split())


def test_what_shares_rare_words_is_like_it_and_what_shares_one_common_word_is_not() -> None:
    known = Frequencies(100, {"loss": 90, "nan": 40, "collator": 2, "string": 3, "disk": 5})
    others = {
        IncidentNumber(1): ["loss", "disk", "full"],
        IncidentNumber(2): ["loss", "collator", "string"],
        IncidentNumber(3): ["loss", "collator", "string", "column"],
        IncidentNumber(4): ["collator", "disk", "raid", "rebuild", "slow"],
    }

    assert nearest(["loss", "collator", "string"], others, known) == [2, 3]
    assert nearest([], others, known) == []
    assert asked_by(["zebra"], known) == ()
    assert asked_by(["loss", "zebra", "collator"], known) == (("collator", "loss"),)
