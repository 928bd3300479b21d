from typing import Any

import pytest
from pydantic import ValidationError

from protocols.reference import field_rows
from protocols.schema import Mode, Protocol

MINIMAL: dict[str, Any] = {
    "schema_version": 1,
    "name": "mine",
    "title": "Mine",
    "scene": "heights",
    "mode": "habituation",
    "policy": "ladder",
}


def _with(**sections: Any) -> Protocol:
    return Protocol.model_validate({**MINIMAL, **sections})


def test_defaults_are_those_of_the_clinical_basis():
    protocol = _with()
    assert (protocol.steps.up_below_suds, protocol.steps.down_one_at, protocol.steps.down_two_at) == (40, 75, 85)
    assert (protocol.steps.calm_at, protocol.steps.dwell_up_s, protocol.steps.dwell_down_s) == (95, 45.0, 20.0)
    assert (protocol.heart.brake_bpm, protocol.heart.brake_s, protocol.heart.veto_s) == (15.0, 60.0, 30.0)
    assert (protocol.baseline.duration_s, protocol.baseline.discard_s, protocol.baseline.valid_s) == (240.0, 60.0, 90.0)
    assert protocol.heart.ignore_after_event_s == 10.0


def test_without_levels_nothing_may_rise():
    assert _with().levels.ceiling_0to1 == 0.0


def test_whole_numbers_are_taken_where_numbers_are_meant():
    assert _with(exposure={"duration_s": 600}).exposure.duration_s == 600.0


@pytest.mark.parametrize(
    ("section", "key", "wrong"),
    [
        ("steps", "calm_at", 96),
        ("steps", "dwell_up_s", 44),
        ("steps", "ramp_s", 1),
        ("prompts", "climbing_s", 44),
        ("prompts", "window_s", 44),
        ("prompts", "answer_within_s", 46),
        ("heart", "ignore_after_event_s", 9),
        ("heart", "brake_s", 19),
        ("baseline", "valid_s", 89),
        ("levels", "top", 11),
        ("levels", "start", -1),
        ("steps", "up_below_suds", 40.5),
        ("steps", "ramp_s", "3"),
        ("steps", "ramp_s", True),
        ("exposure", "duration_s", float("inf")),
        ("exposure", "duration_s", float("nan")),
        ("exposure", "length_s", 600),
    ],
)
def test_laxer_than_the_guard_or_of_another_type_is_refused(section: str, key: str, wrong: object):
    with pytest.raises(ValidationError):
        _with(**{section: {key: wrong}})


def test_a_protocol_cannot_be_changed():
    with pytest.raises(ValidationError):
        _with().levels.ceiling = 10  # type: ignore[misc]


def test_only_exposure_modes_are_graded():
    assert [mode for mode in Mode if mode.is_graded] == [Mode.HABITUATION, Mode.INHIBITORY_LEARNING]


def test_every_field_is_described():
    assert [row.path for row in field_rows() if not row.description] == []


def test_every_number_has_a_guardrail():
    numbers = [row for row in field_rows() if row.kind in ("number", "whole number") and row.path != "schema_version"]
    assert numbers
    assert [row.path for row in numbers if not row.accepted] == []


def test_planned_time_is_what_is_spent_in_the_headset():
    assert _with().planned_s == 240 + 1260 + 240
