"""Inputs for control tests: a moment at which a raise is allowed, and Hypothesis strategies around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from therapy.control.decision import (
    Cause,
    HeartView,
    Limits,
    LoopInputs,
    PlaceView,
    Proposal,
    RatingView,
    Reason,
    Rule,
    Wish,
)

GOOD_HEART = HeartView(
    hr10_bpm=74.0,
    hr5_bpm=74.0,
    delta_bpm=4.0,
    baseline_bpm=70.0,
    baseline_spread_bpm=4.0,
    age_s=0.5,
    valid_for_s=200.0,
    quality_0to1=1.0,
    contact=True,
)
GOOD_RATING = RatingView(suds=30, age_s=10.0, peak_on_level=40, lows_in_a_row=1, given_on_level=True)
GOOD_PLACE = PlaceView(grading=True, current_0to1=0.2, dwell_s=60.0)
OPEN_LIMITS = Limits(protocol_0to1=1.0, therapist_0to1=0.8, patient_0to1=0.9)
ALLOWED = LoopInputs(
    t_s=1000.0,
    cause=Cause.TICK,
    heart=GOOD_HEART,
    rating=GOOD_RATING,
    limits=OPEN_LIMITS,
    place=GOOD_PLACE,
    age_years=40,
    suds_only=False,
)


def allowed(**changes: Any) -> LoopInputs:
    """The allowed moment with `heart_…`, `rating_…`, `place_…`, `limits_…` fields or top-level fields changed."""
    inputs = ALLOWED
    for name, wanted in changes.items():
        part, _, rest = name.partition("__")
        if rest:
            inputs = replace(inputs, **{part: replace(getattr(inputs, part), **{rest: wanted})})
        else:
            inputs = replace(inputs, **{part: wanted})
    return inputs


def up(intensity_0to1: float = 0.3) -> Proposal:
    """A policy that wants more."""
    return Proposal(intensity_0to1, Rule.LADDER_UP, (Reason.SUDS_LOW,), 3.0)


intensities = st.integers(0, 10).map(lambda level: level / 10)
any_number = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 300), st.sampled_from([0.0, -1.0, 1e308])
)
maybe_number = st.none() | any_number

hearts = st.builds(
    HeartView,
    hr10_bpm=maybe_number,
    hr5_bpm=maybe_number,
    delta_bpm=maybe_number,
    baseline_bpm=st.none() | st.floats(40, 120),
    baseline_spread_bpm=st.none() | st.floats(3, 20),
    age_s=maybe_number,
    valid_for_s=any_number,
    quality_0to1=any_number,
    is_flat=st.booleans(),
    contact=st.none() | st.booleans(),
    reconnects_in_10_min=st.integers(0, 20),
)
ratings = st.builds(
    RatingView,
    suds=st.none() | st.integers(-20, 140),
    age_s=maybe_number,
    peak_on_level=st.none() | st.integers(0, 100),
    lows_in_a_row=st.integers(0, 5),
    given_on_level=st.booleans(),
    is_new=st.booleans(),
    since_signal_return=st.booleans(),
    missed_in_a_row=st.integers(0, 3),
    fms=st.none() | st.integers(0, 20),
)
limits = st.builds(
    Limits,
    protocol_0to1=intensities,
    therapist_0to1=intensities,
    patient_0to1=intensities,
    suds_calm_at=st.integers(70, 100),
)
places = st.builds(
    PlaceView,
    grading=st.booleans(),
    paused=st.booleans(),
    held=st.booleans(),
    current_0to1=intensities,
    dwell_s=st.floats(0, 1000),
    since_raise_s=st.none() | st.floats(0, 1000),
    since_lower_s=st.none() | st.floats(0, 1000),
    since_stimulus_s=st.none() | st.floats(0, 100),
    wish=st.none() | st.sampled_from(Wish),
    wish_is_patients=st.booleans(),
    planned_0to1=st.none() | intensities,
    reentry_0to1=st.none() | intensities,
    head_worn=st.booleans(),
    head_tracked=st.booleans(),
    frames_in_budget=st.booleans(),
    player_present=st.booleans(),
    player_latched=st.booleans(),
    player_matches=st.booleans(),
    patient_stopped=st.booleans(),
    therapist_stopped=st.booleans(),
    store_ok=st.booleans(),
    clock_ok=st.booleans(),
    watchdog_ok=st.booleans(),
    loop_ok=st.booleans(),
)
_WORSE = (
    ("heart__hr10_bpm", maybe_number),
    ("heart__age_s", maybe_number),
    ("heart__valid_for_s", any_number),
    ("heart__delta_bpm", maybe_number),
    ("heart__baseline_bpm", st.none() | st.floats(40, 120)),
    ("heart__is_flat", st.booleans()),
    ("heart__reconnects_in_10_min", st.integers(0, 20)),
    ("rating__suds", st.none() | st.integers(-20, 140)),
    ("rating__age_s", maybe_number),
    ("rating__since_signal_return", st.booleans()),
    ("rating__missed_in_a_row", st.integers(0, 3)),
    ("limits__therapist_0to1", intensities),
    ("limits__protocol_0to1", intensities),
    ("limits__patient_0to1", intensities),
    ("place__paused", st.booleans()),
    ("place__grading", st.booleans()),
    ("place__current_0to1", intensities),
    ("place__head_worn", st.booleans()),
    ("place__head_tracked", st.booleans()),
    ("place__frames_in_budget", st.booleans()),
    ("place__player_present", st.booleans()),
    ("place__store_ok", st.booleans()),
    ("place__clock_ok", st.booleans()),
    ("place__reentry_0to1", st.none() | intensities),
    ("suds_only", st.booleans()),
)


@st.composite
def nearly_allowed(draw: st.DrawFn) -> LoopInputs:
    """The allowed moment with at most three things changed, so that many raises do pass."""
    changed = draw(st.lists(st.sampled_from(_WORSE), max_size=3, unique_by=lambda one: one[0]))
    return allowed(**{name: draw(strategy) for name, strategy in changed})


any_inputs = st.builds(
    LoopInputs,
    t_s=st.floats(0, 10_000),
    cause=st.sampled_from(Cause),
    heart=hearts,
    rating=ratings,
    limits=limits,
    place=places,
    age_years=st.integers(13, 99),
    suds_only=st.booleans(),
)
proposals = st.builds(
    Proposal,
    intensity_0to1=st.one_of(st.floats(allow_nan=True, allow_infinity=True), intensities),
    rule=st.sampled_from(Rule),
    reasons=st.just((Reason.SUDS_LOW,)),
    ramp_s=st.one_of(st.floats(allow_nan=True), st.floats(0, 10)),
)
