"""Every mark of the ladder is exact, and what it remembers is what it should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.inputs import allowed
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Stage, Wish
from therapy.control.policies.ladder import Ladder, LadderState, acted, brake_bpm

RULES = Ladder()
HALVES = Ladder(whole_below_suds=30, edge_below_suds=65)
BEFORE = LadderState(t_s=999.5)


def rated(suds: int | None, **changes: Any) -> LoopInputs:
    """The allowed moment with that rating, which is the highest on the level."""
    return allowed(**{"rating__suds": suds, "rating__peak_on_level": suds, **changes})


def propose(inputs: LoopInputs, state: LadderState = BEFORE, rules: Ladder = RULES) -> Proposal:
    return rules.step(state, inputs)[1]


def after(inputs: LoopInputs, state: LadderState = BEFORE, rules: Ladder = RULES) -> LadderState:
    return rules.step(state, inputs)[0]


def test_its_numbers_are_those_of_the_clinical_basis() -> None:
    assert Ladder(40, 40, 0, 1, 30, 75, 85, 45.0, 20.0, 3.0, 15.0, 60.0, 30.0) == RULES
    assert RULES.begin() == LadderState(None, 0.0, None, 0.0, 0.0, 0.0)


# --- what the ratings authorise ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suds", "peak", "lows", "reason"),
    [
        (39, 39, 1, Reason.SUDS_LOW),
        (39, 39, 0, Reason.WAITING_FOR_RATING),
        (40, 40, 1, Reason.SUDS_IN_WINDOW),
        (45, 90, 0, Reason.SUDS_HALVED),
        (46, 91, 0, Reason.SUDS_IN_WINDOW),
        (15, 30, 1, Reason.SUDS_HALVED),
        (14, 29, 1, Reason.SUDS_LOW),
        (0, None, 1, Reason.SUDS_LOW),
        (39, None, 1, Reason.SUDS_LOW),
    ],
)
def test_what_a_rating_says(suds: int, peak: int | None, lows: int, reason: Reason) -> None:
    proposal = propose(rated(suds, rating__peak_on_level=peak, rating__lows_in_a_row=lows))
    assert proposal.reasons == (reason,)
    goes_up = reason in (Reason.SUDS_LOW, Reason.SUDS_HALVED)
    assert proposal == Proposal(0.3, Rule.LADDER_UP, (reason,), 3.0) or not goes_up
    assert goes_up or (proposal.rule, proposal.intensity_0to1) == (Rule.HOLD, 0.2)


@pytest.mark.parametrize(
    ("suds", "rule", "reason"),
    [
        (29, Rule.LADDER_UP, Reason.SUDS_LOW),
        (30, Rule.LADDER_UP_HALF, Reason.SUDS_FAIRLY_LOW),
        (39, Rule.LADDER_UP_HALF, Reason.SUDS_FAIRLY_LOW),
    ],
)
def test_a_fairly_low_rating_speaks_for_half_a_level(suds: int, rule: Rule, reason: Reason) -> None:
    proposal = propose(rated(suds), rules=HALVES)
    assert (proposal.rule, proposal.reasons, proposal.ramp_s) == (rule, (reason,), 3.0)
    asked = propose(rated(suds, rating__lows_in_a_row=1), rules=replace(HALVES, lows_needed=2))
    assert asked.reasons == (Reason.WAITING_FOR_RATING,)


def test_half_a_rating_of_a_high_peak_speaks_for_a_whole_level() -> None:
    assert propose(rated(35, rating__peak_on_level=70), rules=HALVES).rule is Rule.LADDER_UP


@pytest.mark.parametrize("wish", [None, Wish.UP])
def test_a_rating_that_steps_down_authorises_nothing(wish: Wish | None) -> None:
    high = rated(75, place__wish=wish, place__since_lower_s=19.995)
    assert propose(high).reasons == (Reason.SUDS_HIGH,)
    assert propose(rated(74, place__wish=wish)).rule is (Rule.HOLD if wish is None else Rule.THERAPIST_UP)


# --- what a rating lowers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suds", "rule", "reason", "to_0to1"),
    [
        (75, Rule.LADDER_DOWN_ONE, Reason.SUDS_HIGH, 0.4),
        (84, Rule.LADDER_DOWN_ONE, Reason.SUDS_HIGH, 0.4),
        (85, Rule.LADDER_DOWN_TWO, Reason.SUDS_VERY_HIGH, 0.3),
    ],
)
def test_a_high_rating_lowers_by_one_or_two(suds: int, rule: Rule, reason: Reason, to_0to1: float) -> None:
    at = {"place__current_0to1": 0.5, "place__since_lower_s": 20.0}
    assert propose(rated(suds, **at)) == Proposal(to_0to1, rule, (reason,), 3.0)


@pytest.mark.parametrize(
    "changes",
    [{"place__since_lower_s": 19.995}, {"rating__given_on_level": False}, {"place__current_0to1": 0.0}],
)
def test_a_high_rating_waits_for_the_last_step_and_for_its_level(changes: dict[str, Any]) -> None:
    for suds in (80, 90):
        assert propose(rated(suds, **changes)).rule is Rule.HOLD


@pytest.mark.parametrize("suds", [80, 90])
def test_from_however_little_a_high_rating_goes_to_the_ground(suds: int) -> None:
    assert propose(rated(suds, place__current_0to1=0.005)).intensity_0to1 == 0.0


@pytest.mark.parametrize(
    ("acted_on_s", "rule"),
    [
        (None, Rule.LADDER_DOWN_ONE),
        (990.0, Rule.HOLD),
        (990.195, Rule.HOLD),
        (990.205, Rule.LADDER_DOWN_ONE),
        (989.805, Rule.HOLD),
        (989.795, Rule.LADDER_DOWN_ONE),
    ],
)
def test_a_rating_given_a_fifth_of_a_second_apart_is_another_one(acted_on_s: float | None, rule: Rule) -> None:
    assert propose(rated(80), replace(BEFORE, acted_on_rating_s=acted_on_s)).rule is rule


def test_a_rating_without_a_time_is_not_known_to_have_been_acted_on() -> None:
    untimed = rated(80, rating__age_s=None)
    assert propose(untimed, replace(BEFORE, acted_on_rating_s=0.0)).rule is Rule.LADDER_DOWN_ONE
    first = rated(80, t_s=10.0, rating__age_s=10.0)
    assert propose(first, LadderState()).rule is Rule.LADDER_DOWN_ONE


@pytest.mark.parametrize("suds", [80, 90])
def test_a_step_down_remembers_its_rating_and_counts_raised_heart_rate_anew(suds: int) -> None:
    state = after(rated(suds, heart__delta_bpm=20.0), replace(BEFORE, raised_s=10.0, doubtful_s=10.0))
    assert (state.acted_on_rating_s, state.raised_s, state.doubtful_s) == (990.0, 0.0, 10.5)


def test_a_suggestion_uses_up_nothing() -> None:
    state = after(rated(80, stage=Stage.SUGGEST_ONLY, heart__delta_bpm=20.0), replace(BEFORE, raised_s=10.0))
    assert (state.acted_on_rating_s, state.raised_s) == (None, 10.5)
    state = after(rated(80, stage=Stage.LOWER_ONLY), BEFORE)
    assert state.acted_on_rating_s == 990.0


# --- what heart rate does ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delta_bpm", "raised_s", "doubtful_s"),
    [(15.0, 5.5, 5.5), (14.995, 0.0, 5.5), (10.0, 0.0, 5.5), (9.995, 0.0, 0.0), (None, 5.0, 5.0)],
)
def test_heart_rate_counts_from_its_marks_on(delta_bpm: float | None, raised_s: float, doubtful_s: float) -> None:
    state = after(allowed(heart__delta_bpm=delta_bpm), replace(BEFORE, raised_s=5.0, doubtful_s=5.0))
    assert (state.raised_s, state.doubtful_s) == (raised_s, doubtful_s)


def test_with_ratings_only_heart_rate_counts_for_nothing() -> None:
    state = after(allowed(heart__delta_bpm=30.0, suds_only=True), replace(BEFORE, raised_s=50.0, doubtful_s=50.0))
    assert (state.raised_s, state.doubtful_s, state.smoothed_bpm, state.known_bpm) == (0.0, 0.0, 0.0, 0.0)


def test_a_first_step_counts_nothing() -> None:
    state = after(allowed(heart__delta_bpm=30.0), RULES.begin())
    assert state == LadderState(1000.0, 0.0, None, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(("raised_s", "vetoed"), [(29.495, False), (29.5, True)])
def test_heart_rate_raised_for_thirty_seconds_vetoes(raised_s: float, vetoed: bool) -> None:
    for wish in (None, Wish.UP):
        inputs = allowed(heart__delta_bpm=15.0, rating__suds=45, rating__peak_on_level=90, place__wish=wish)
        proposal = propose(inputs, replace(BEFORE, raised_s=raised_s))
        assert (proposal.reasons[0] is Reason.HR_VETO) is vetoed


@pytest.mark.parametrize(
    ("doubtful_s", "suds", "wish", "vetoed"),
    [
        (29.495, 39, None, False),
        (29.5, 39, None, True),
        (29.5, 39, Wish.UP, False),
        (29.5, 40, None, False),
    ],
)
def test_a_rating_too_low_for_the_heart_is_doubted_but_not_a_persons_word(
    doubtful_s: float, suds: int, wish: Wish | None, vetoed: bool
) -> None:
    inputs = rated(suds, rating__peak_on_level=90, heart__delta_bpm=10.0, place__wish=wish)
    proposal = propose(inputs, replace(BEFORE, doubtful_s=doubtful_s))
    assert (Reason.HR_VETO in proposal.reasons) is vetoed


def test_without_a_rating_there_is_nothing_to_doubt() -> None:
    unrated = rated(None, rating__age_s=None, heart__delta_bpm=10.0)
    assert propose(unrated, replace(BEFORE, doubtful_s=90.0)).reasons == (Reason.WAITING_FOR_RATING,)


@pytest.mark.parametrize(
    ("changes", "braked"),
    [
        ({}, True),
        ({"place__since_lower_s": 20.0}, True),
        ({"place__since_lower_s": 19.995}, False),
        ({"place__current_0to1": 0.005}, True),
        ({"place__current_0to1": 0.0}, False),
        ({"heart__moved_beyond": True}, False),
        ({"rating__suds": 49}, True),
        ({"rating__suds": 50}, False),
        ({"rating__suds": 74}, False),
        ({"rating__suds": 50, "rating__age_s": 120.0}, False),
        ({"rating__suds": 50, "rating__age_s": 120.005}, True),
        ({"rating__suds": 50, "rating__age_s": None}, True),
        ({"rating__suds": 50, "rating__given_on_level": False}, True),
        ({"rating__suds": None}, True),
    ],
)
def test_heart_rate_raised_for_a_minute_brakes_unless_the_rating_explains_it(
    changes: dict[str, Any], braked: bool
) -> None:
    inputs = allowed(heart__delta_bpm=15.0, **changes)
    assert (propose(inputs, replace(BEFORE, raised_s=59.5)).rule is Rule.HR_BRAKE) is braked
    assert propose(inputs, replace(BEFORE, raised_s=59.495)).rule is Rule.HOLD


def test_the_brake_is_one_level_and_counts_anew() -> None:
    braking = allowed(heart__delta_bpm=15.0)
    state, proposal = RULES.step(replace(BEFORE, raised_s=59.5), braking)
    assert proposal == Proposal(0.1, Rule.HR_BRAKE, (Reason.HR_SUSTAINED,), 3.0)
    assert (state.raised_s, state.acted_on_rating_s) == (0.0, None)
    state, proposal = RULES.step(replace(BEFORE, raised_s=59.5), replace(braking, stage=Stage.SUGGEST_ONLY))
    assert (proposal.rule, state.raised_s) == (Rule.HR_BRAKE, 60.0)


@pytest.mark.parametrize("rule", Rule)
def test_every_step_down_by_heart_rate_or_rating_counts_anew_and_nothing_else_does(rule: Rule) -> None:
    state = acted(replace(BEFORE, raised_s=50.0), allowed(), Proposal(0.1, rule, (Reason.HR_SUSTAINED,), 3.0))
    on_a_rating = rule in (Rule.LADDER_DOWN_ONE, Rule.LADDER_DOWN_TWO)
    on_heart_rate = rule in (Rule.HR_BRAKE, Rule.HR_WINDOW_DOWN, Rule.FUSED_DOWN)
    assert state.raised_s == (0.0 if on_a_rating or on_heart_rate else 50.0)
    assert state.acted_on_rating_s == (990.0 if on_a_rating else None)


def test_a_high_rating_comes_before_the_brake() -> None:
    inputs = rated(80, heart__delta_bpm=15.0)
    assert propose(inputs, replace(BEFORE, raised_s=70.0)).rule is Rule.LADDER_DOWN_ONE


# --- the patient's own heart -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known_bpm", "mark_bpm"), [(0.0, 15.0), (0.5, 15.0), (7.0, 15.0), (9.0, 17.0), (17.0, 25.0), (30.0, 25.0)]
)
def test_a_known_heart_moves_the_brake_by_eight_beyond_it_and_ten_at_most(known_bpm: float, mark_bpm: float) -> None:
    assert brake_bpm(RULES, replace(BEFORE, known_bpm=known_bpm)) == mark_bpm


def test_a_brake_below_eight_beats_is_moved_by_a_known_heart_alone() -> None:
    early = Ladder(brake_bpm=5.0)
    assert brake_bpm(early, BEFORE) == 5.0
    assert brake_bpm(early, replace(BEFORE, known_bpm=0.005)) == pytest.approx(8.005)


def test_heart_rate_is_smoothed_over_twenty_seconds() -> None:
    state = after(allowed(heart__delta_bpm=14.0), replace(BEFORE, smoothed_bpm=4.0))
    assert state.smoothed_bpm == pytest.approx(4.0 + 10.0 * 0.5 / 20.0)


@pytest.mark.parametrize(
    ("changes", "known_bpm"),
    [
        ({}, 12.0),
        ({"rating__suds": 50}, 12.0),
        ({"rating__suds": 49}, 3.0),
        ({"rating__suds": 74}, 12.0),
        ({"rating__suds": 75}, 3.0),
        ({"rating__suds": None}, 3.0),
        ({"rating__is_new": False}, 3.0),
        ({"rating__given_on_level": False}, 3.0),
        ({"heart__delta_bpm": None}, 3.0),
        ({"suds_only": True}, 3.0),
    ],
)
def test_a_heart_is_known_from_new_ratings_that_call_the_level_bearable(
    changes: dict[str, Any], known_bpm: float
) -> None:
    inputs = allowed(**{"rating__suds": 60, "rating__is_new": True, "heart__delta_bpm": 12.0, **changes})
    assert after(inputs, replace(BEFORE, smoothed_bpm=12.0, known_bpm=3.0)).known_bpm == known_bpm


def test_a_heart_that_beat_higher_before_stays_known() -> None:
    inputs = allowed(rating__suds=60, rating__is_new=True, heart__delta_bpm=5.0)
    assert after(inputs, replace(BEFORE, smoothed_bpm=5.0, known_bpm=11.0)).known_bpm == 11.0


# --- at the edge, and against a step up --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "steady"),
    [
        ({}, True),
        ({"rating__suds": 65, "rating__previous_on_level": 64}, False),
        ({"rating__suds": 64, "rating__previous_on_level": 65}, False),
        ({"rating__previous_on_level": None}, False),
        ({"heart__delta_bpm": 14.995}, True),
        ({"heart__delta_bpm": 15.0}, False),
        ({"heart__delta_bpm": None}, False),
        ({"heart__delta_bpm": 30.0, "suds_only": True}, True),
    ],
)
def test_two_ratings_at_the_edge_speak_for_half_a_level_if_the_heart_is_calm(
    changes: dict[str, Any], steady: bool
) -> None:
    edge = {"rating__suds": 64, "rating__previous_on_level": 64, "rating__peak_on_level": 70}
    proposal = propose(allowed(**{**edge, **changes}), rules=HALVES)
    half = Proposal(0.25, Rule.LADDER_UP_HALF, (Reason.SUDS_STEADY,), 3.0)
    assert proposal == (half if steady else Proposal(0.2, Rule.HOLD, (Reason.SUDS_IN_WINDOW,), 3.0))


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"place__dwell_s": 45.0}, ()),
        ({"place__dwell_s": 44.995}, (Reason.DWELL_SHORT,)),
        ({"place__held": True}, (Reason.HELD_BY_THERAPIST,)),
        ({"place__current_0to1": 1.0}, (Reason.TOP_REACHED,)),
        (
            {"place__held": True, "place__dwell_s": 1.0, "place__current_0to1": 1.0, "rating__suds": 60},
            (Reason.HELD_BY_THERAPIST, Reason.HR_VETO, Reason.SUDS_IN_WINDOW, Reason.DWELL_SHORT, Reason.TOP_REACHED),
        ),
        (
            {"place__held": True, "place__dwell_s": 1.0, "rating__suds": 60, "heart__delta_bpm": 0.0},
            (Reason.HELD_BY_THERAPIST, Reason.SUDS_IN_WINDOW, Reason.DWELL_SHORT),
        ),
        (
            {"place__dwell_s": 1.0, "rating__suds": 60},
            (Reason.HR_VETO, Reason.SUDS_IN_WINDOW, Reason.DWELL_SHORT),
        ),
        (
            {"place__dwell_s": 1.0, "rating__suds": 60, "heart__delta_bpm": 0.0},
            (Reason.SUDS_IN_WINDOW, Reason.DWELL_SHORT),
        ),
        (
            {"place__wish": Wish.UP, "place__held": True, "place__dwell_s": 1.0, "rating__suds": 75},
            (Reason.HR_VETO, Reason.SUDS_HIGH, Reason.DWELL_SHORT),
        ),
    ],
)
def test_what_stands_against_a_step_up_is_told_in_order(changes: dict[str, Any], reasons: tuple[Reason, ...]) -> None:
    steady = {"heart__delta_bpm": 15.0 if Reason.HR_VETO in reasons else 0.0, "place__since_lower_s": 5.0}
    inputs = allowed(**{**steady, "rating__peak_on_level": 80, "rating__suds": 39, **changes})
    proposal = propose(inputs, replace(BEFORE, raised_s=40.0))
    assert proposal.reasons == (reasons or (Reason.SUDS_HALVED,))


def test_a_persons_word_needs_no_rating_to_speak_for_it() -> None:
    for suds in (None, 60):
        asked = rated(suds, place__wish=Wish.UP, place__held=True)
        assert propose(asked) == Proposal(0.3, Rule.THERAPIST_UP, (Reason.ASKED_BY_THERAPIST,), 3.0)
    low = rated(20, place__wish=Wish.UP, place__wish_is_patients=True)
    assert propose(low) == Proposal(0.3, Rule.PATIENT_UP, (Reason.ASKED_BY_PATIENT,), 3.0)
