from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapy.control.decision import Decision, LoopInputs, PlaceView
from therapy.errors import StoreError
from therapy.session.events import Answered, Event, Output, Therapist, TherapistAction, Tick
from therapy.store.codec import decode, decode_event, decode_output, encode

EVENTS = st.one_of([st.from_type(cls) for cls in get_args(Event)])
OUTPUTS = st.one_of([st.from_type(cls) for cls in get_args(Output)])


def exact(record: object) -> str:
    """Tells -0.0 from 0.0, and one NaN equals another, which `==` does not."""
    return repr(record)


@given(EVENTS)
def test_every_event_comes_back_as_it_was(event: Any) -> None:
    assert exact(decode_event(type(event).__name__, encode(event))) == exact(event)


@given(OUTPUTS)
def test_every_output_comes_back_as_it_was(output: Any) -> None:
    assert exact(decode_output(type(output).__name__, encode(output))) == exact(output)


@given(st.from_type(Decision))
def test_decisions_come_back_as_they_were(decision: Decision) -> None:
    assert exact(decode(Decision, encode(decision))) == exact(decision)


@given(st.from_type(LoopInputs))
def test_what_is_written_is_strict_json(inputs: LoopInputs) -> None:
    def refuse(token: str) -> None:
        raise AssertionError(token)

    json.loads(encode(inputs), parse_constant=refuse)


@dataclass(frozen=True, slots=True)
class _Envelope:
    content: Tick | Answered | None
    amounts: tuple[float, ...] | None


@pytest.mark.parametrize("content", [None, Tick(), Answered(3, "suds", 40)])
def test_a_union_of_records_is_told_apart_by_name(content: Tick | Answered | None) -> None:
    envelope = _Envelope(content, (0.1 + 0.2, float("inf")))
    assert decode(_Envelope, encode(envelope)) == envelope


def test_a_field_added_later_takes_its_default() -> None:
    older = {"grading": True, "current_0to1": 0.3}
    assert decode(PlaceView, json.dumps(older)) == PlaceView(grading=True, current_0to1=0.3)


def test_a_whole_number_given_for_a_float_stays_a_whole_number() -> None:
    raised = Therapist(TherapistAction.CEILING, 4)
    assert exact(decode_event("Therapist", encode(raised))) == exact(raised)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("Nonsense", "{}"),
        ("BatteryRead", '{"percent": "70"}'),
        ("BatteryRead", "{}"),
        ("BatteryRead", '{"percent": 70, "volts": 3.1}'),
        ("SensorLink", '{"state": "melted"}'),
        ("Tick", "{"),
        ("Tick", "[]"),
    ],
)
def test_a_damaged_row_is_an_error_with_a_cure(kind: str, payload: str) -> None:
    with pytest.raises(StoreError) as caught:
        decode_event(kind, payload)
    assert caught.value.cure


def test_what_is_no_record_is_refused_when_written() -> None:
    with pytest.raises(StoreError):
        encode({"a": object()})
