import math
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from protocols.guardrail import Guardrail, Verdict

RAIL = Guardrail(45, 60, 120, 600, "s")


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (44.9, Verdict.REFUSED),
        (45, Verdict.UNUSUAL),
        (60, Verdict.FINE),
        (120, Verdict.FINE),
        (120.1, Verdict.UNUSUAL),
        (600, Verdict.UNUSUAL),
        (601, Verdict.REFUSED),
        (math.nan, Verdict.REFUSED),
        (1.7e308, Verdict.REFUSED),
    ],
)
def test_ends_of_the_bounds_belong_to_them(number: float, verdict: Verdict):
    assert RAIL.verdict(number) is verdict


def test_a_refusal_names_number_bounds_and_unit():
    with pytest.raises(ValidationError, match="12 is refused; it must lie in 45 to 600 s"):
        TypeAdapter(Annotated[float, RAIL]).validate_python(12)


@given(st.floats())
def test_pydantic_accepts_exactly_what_is_not_refused(number: float):
    adapter = TypeAdapter(Annotated[float, RAIL])
    if RAIL.verdict(number) is Verdict.REFUSED:
        with pytest.raises(ValidationError):
            adapter.validate_python(number)
    else:
        assert adapter.validate_python(number) == number


def test_recommended_bounds_outside_the_absolute_ones_are_an_error_of_the_author():
    with pytest.raises(ValueError, match="outside the absolute"):
        Guardrail(45, 30, 60, 120)


def test_json_schema_carries_the_absolute_bounds():
    schema = TypeAdapter(Annotated[float, RAIL]).json_schema()
    assert (schema["minimum"], schema["maximum"]) == (45, 600)
