"""How wishes of prompts are typed after ``/incident prompts``."""

from datetime import timedelta

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.ids import IncidentNumber
from bot.slack.line.reading import parse
from bot.slack.line.requests import Prompts

ONE = IncidentNumber(1)


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("INC-1 every 20", Prompts(number=ONE, every=timedelta(minutes=20))),
        ("INC-1 every hour", Prompts(number=ONE, every=timedelta(hours=1))),
        ("INC-1 every 2h please", Prompts(number=ONE, every=timedelta(hours=2))),
        ("off INC-1", Prompts(number=ONE, off=True)),
        ("on for #1", Prompts(number=ONE, on=True)),
        ("every 20m INC-1", Prompts(number=ONE, every=timedelta(minutes=20))),
        ("every 2 hours for INC-1", Prompts(number=ONE, every=timedelta(hours=2))),
        ("on 1", Prompts(number=ONE, on=True)),
        ("1 off please", Prompts(number=ONE, off=True)),
        ("1 ON again!", Prompts(number=ONE, on=True)),
        ("INC-1", Prompts(number=ONE)),
    ],
)
def test_what_is_wished_of_prompts_may_be_said_in_many_ways(typed: str, wish: Prompts) -> None:
    assert parse(f"prompts {typed}") == wish


@pytest.mark.parametrize(
    "typed", ["1 off until monday", "1 off tomorrow", "1 every", "1 every now and then", "off"]
)
def test_a_wish_that_is_not_understood_switches_nothing(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(f"prompts {typed}")
