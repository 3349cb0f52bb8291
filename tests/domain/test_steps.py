"""Steps as they are stored."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.work.steps import STEP, Started, Step, Suspect
from tests.domain.any_step import STEPS


@pytest.mark.parametrize("kind", STEPS)
@given(st.data())
def test_a_step_of_every_kind_is_stored_and_read_back_the_same(kind: type[Step], data: st.DataObject) -> None:
    step = data.draw(STEPS[kind])

    assert STEP.validate_json(STEP.dump_json(step)) == step


def test_the_kinds_above_are_all_there_are() -> None:
    stored = STEP.json_schema()["discriminator"]["mapping"]

    assert sorted(stored) == sorted(kind.model_fields["step"].default for kind in STEPS)


def test_a_field_that_was_not_known_when_a_step_was_stored_has_its_default() -> None:
    old = '{"step": "started", "name": "A1", "plan": "A", "text": "rolled back", "window": "PT10M"}'

    assert STEP.validate_json(old) == Started(
        name="A1", plan="A", text="rolled back", window=timedelta(minutes=10)
    )


def test_a_suspect_without_a_number_is_proposed_without_one() -> None:
    proposed = Suspect(letter="A", statement="bad batch", impact=4, assumption="dtype").proposed()

    assert (proposed.statement, proposed.estimate) == ("bad batch", None)
    assert (proposed.impact, proposed.assumption) == (4, "dtype")
