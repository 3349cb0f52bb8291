"""A digest can be read on a phone and taken by Slack, however much there is and whatever people typed."""

import pytest

from bot.domain.digest.document import Calibration, Digest, Leading, Running, Trends
from bot.domain.incident import Severity
from bot.slack.render import evolution
from bot.slack.render.blocks import TEXT_LIMIT
from bot.slack.render.digest import INCIDENTS_SHOWN, LINE, blocks_of, in_words, post_digest
from bot.slack.render.trends import draw, sparkline
from bot.slack.render.trends import in_words as trends_in_words
from tests.slack.charts import HOSTILE, all_quiet, judged, nodes, quiet
from tests.slack.digests import AN_HOUR, LOOKS, NOON, busy, digest, everything, place, standing

NBSP = "\N{NO-BREAK SPACE}"


def said(found: Digest) -> str:
    """All that is to be read, a line each."""
    lines = []
    for node in nodes([*blocks_of(found)]):
        if node.get("type") == "rich_text_section":
            lines.append("".join(part.get("text", "") for part in node["elements"]))
        elif node.get("type") in {"mrkdwn", "plain_text"}:
            lines.append(node["text"])
    return "\n".join(lines).replace(NBSP, " ")


@pytest.mark.parametrize("count", [0, 1, 12, 200])
def test_slack_takes_a_digest_of_any_number_of_incidents(count: int) -> None:
    found = digest(*(busy(number, severity=Severity(number % 5 + 1)) for number in range(count)))

    judged([*blocks_of(found)])
    assert len(in_words(found)) <= TEXT_LIMIT


def test_with_all_its_addresses_a_digest_stays_below_what_slack_calls_too_long() -> None:
    found = [*nodes([*blocks_of(everything("x" * 200))])]
    texts = [node["text"] for node in found if isinstance(node.get("text"), str)]

    assert sum(map(len, [*texts, *(node["url"] for node in found if "url" in node)])) <= 12_000


def test_an_incident_has_its_one_link_in_the_list_and_below_it_only_its_number() -> None:
    links = [node["text"] for node in nodes([*blocks_of(LOOKS["digest"])]) if node.get("type") == "link"]

    assert links == ["INC-4", "INC-7", "INC-9", "INC-3"]


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_whatever_people_typed_and_pings_nobody(text: str) -> None:
    found = everything(text)
    post = post_digest(found, NOON)

    assert post is not None
    judged(post.blocks)
    assert all_quiet(list(post.blocks))
    assert quiet(post.text)
    assert len(post.text) <= TEXT_LIMIT


@pytest.mark.parametrize(
    "text", [*HOSTILE, "short", "a rather long title that says everything about it twice"]
)
def test_an_incident_is_one_line_of_at_most_two_lines_of_a_phone_with_one_link(text: str) -> None:
    built = [*blocks_of(everything(text))]
    first = next(block for block in built if block["type"] == "rich_text")
    lines = first["elements"][1]["elements"]

    for each in lines:
        assert sum(len(part.get("text", "")) for part in each["elements"]) <= LINE + 2
        assert [part["type"] for part in each["elements"]].count("link") == 1


def test_what_has_to_be_seen_first_stands_first() -> None:
    words = said(digest(busy(4, "cluster is burning", lead=None)))

    assert "INC-4 cluster is burning · nobody leads · unstable 9↑" in words
    assert "Must not be missed, not ruled out: INC-4 A, C" in words
    assert "Failed and still in place: INC-4 B1" in words
    assert "Taken back since yesterday: INC-4 C1" in words
    assert "Severity changed since yesterday: INC-4 SEV4 → SEV2" in words
    assert "Result: INC-4 T1 1 h" in words
    assert "Re-evaluation: INC-4 2 h" in words


def test_a_quiet_incident_has_room_for_what_is_likeliest_and_for_its_lead() -> None:
    words = said(digest(standing(7, "OOM", leading=Leading(letter="B", statement="bad shard", p=0.4))))

    assert "INC-7 OOM · B 40% bad shard · 3 h quiet · ben · testing · 30 h old" in words


def test_a_window_that_is_over_asks_for_its_outcome() -> None:
    over = standing(7, running=Running(name="A1", target=None, until=NOON - AN_HOUR))

    assert "A1 outcome?" in said(digest(over))


def test_a_long_list_folds_and_says_how_many_are_left() -> None:
    words = said(digest(*(standing(number, severity=Severity(number // 40 + 1)) for number in range(200))))

    assert f"And {200 - INCIDENTS_SHOWN} more (4 SEV1, 40 SEV2, 40 SEV3, 40 SEV4, 40 SEV5)" in words
    assert "SEV1 (40)" in words


def test_an_incident_whose_thread_is_not_there_yet_has_no_link() -> None:
    waiting = standing(7).model_copy(update={"place": place(7).model_copy(update={"thread_ts": None})})

    assert [node for node in nodes([*blocks_of(digest(waiting))]) if node.get("type") == "link"] == []


def test_a_digest_that_slack_takes_late_says_so_and_one_that_is_too_late_is_none() -> None:
    found = digest(standing(7))
    late, too_late = post_digest(found, NOON + AN_HOUR), post_digest(found, NOON + 4 * AN_HOUR)

    assert late is not None
    assert "*Late*: I could not send it at 13:00." in late.text
    assert too_late is None


def test_who_cannot_see_the_blocks_is_told_the_same() -> None:
    text = in_words(LOOKS["digest"])

    assert "3 open: 1 SEV1, 2 SEV2. 2 overdue. 1 resolved since yesterday." in text
    assert f"INC-4, SEV1: cluster is burning; nobody{NBSP}leads" in text


def test_how_good_estimates_were_is_told_where_enough_were_closed() -> None:
    found = digest(standing(7), calibration=Calibration(closed=24, brier=0.214, first=18))

    assert "the likeliest was right in 18 of the last 24 closed, Brier score 0.21 (0 is perfect)" in said(
        found
    )


def test_a_sparkline_is_as_high_as_its_highest_day() -> None:
    assert sparkline([0, 1, 2, 4, 8]) == "▁▂▃▅█"
    assert sparkline([0, 0]) == "▁▁"


def test_the_days_are_drawn_and_told_in_words_that_fit_slacks_alt_text() -> None:
    trends = digest().trends
    crowded = Trends(days=tuple(day.model_copy(update={"open": 99_999}) for day in trends.days))

    assert draw(trends, "Incidents").startswith(b"\x89PNG")
    assert draw(trends, "Incidents") == draw(trends, "Incidents")
    assert "23 Nov 3, 1, 1" in trends_in_words(trends)
    assert (
        "Median: 12 min to the first differential (of 8), 3 h 20 min to the resolution (of 7)"
        in trends_in_words(trends)
    )
    assert len(trends_in_words(crowded)) <= evolution.ALT_LIMIT
