"""Breathing, moment by moment: how a pace is tried, kept, eased and given back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.control.inputs import allowed
from therapy.control.decision import BreathView, LoopInputs, Proposal, Reason, Rule
from therapy.control.policies.breathing import Breathing, BreathingState
from therapy.control.policies.resonance import PACES_PER_MIN, Trial

SEEN = BreathView(rate_per_min=6.0, regularity_0to1=0.8, swing_bpm=8.0, power_bpm2=9.0, covers_s=64.0)
FOLLOWS = Breathing(pace_per_min=6.0)
SEARCHES = Breathing(pace_per_min=5.8, search=True, trial_s=90.0)


def practice(pace_per_min: float | None = 6.0, breath: BreathView = SEEN, **changes: Any) -> LoopInputs:
    place = {"place__grading": False, "place__practising": True, "place__current_0to1": 0.0}
    return allowed(**{**place, "place__pace_per_min": pace_per_min, "breath": breath, **changes})


def follow(state: BreathingState, inputs: LoopInputs) -> tuple[BreathingState, Proposal]:
    return FOLLOWS.step(replace(state, t_s=inputs.t_s - 0.5), inputs)


def paced(per_min: float, why: Reason) -> Proposal:
    return Proposal(0.0, Rule.PACE, (why,), 3.0, per_min)


def stays(why: Reason) -> Proposal:
    return Proposal(0.0, Rule.HOLD, (why,), 3.0)


# --- following ---------------------------------------------------------------------------------------


def test_it_begins_at_the_protocols_pace() -> None:
    assert Breathing().begin().found_per_min == 6.0
    assert FOLLOWS.begin() == BreathingState(found_per_min=6.0)
    assert FOLLOWS.step(FOLLOWS.begin(), practice(None))[1] == paced(6.0, Reason.PACE_FOUND)


@pytest.mark.parametrize("regularity", [0.1, 0.9])
def test_before_its_first_step_nothing_has_passed(regularity: float) -> None:
    state, _ = FOLLOWS.step(FOLLOWS.begin(), practice(breath=replace(SEEN, regularity_0to1=regularity)))
    assert (state.irregular_s, state.regular_s, state.eased_per_min) == (0.0, 0.0, 0.0)
    state, _ = SEARCHES.step(SEARCHES.begin(), practice(6.5))
    assert (state.tried_s, state.trials) == (0.0, ())


@pytest.mark.parametrize(
    ("now", "proposal"),
    [
        (5.985, paced(6.0, Reason.PACE_FOUND)),
        (5.995, stays(Reason.PACE_FOUND)),
        (6.005, stays(Reason.PACE_FOUND)),
        (6.015, paced(6.0, Reason.PACE_FOUND)),
    ],
)
def test_a_hundredth_of_a_breath_is_the_same_pace(now: float, proposal: Proposal) -> None:
    assert FOLLOWS.step(FOLLOWS.begin(), practice(now))[1] == proposal


@pytest.mark.parametrize("missing", [{"regularity_0to1": None}, {"rate_per_min": None}])
def test_a_breath_unseen_keeps_the_pace_eased_as_it_is_and_all_counts(missing: dict[str, Any]) -> None:
    state = BreathingState(found_per_min=6.0, eased_per_min=0.5, irregular_s=40.0, regular_s=7.0)
    after, proposal = follow(state, practice(6.0, replace(SEEN, **missing)))
    assert proposal == paced(6.5, Reason.HR_UNKNOWN)
    assert after == replace(state, t_s=1000.0)


@pytest.mark.parametrize(
    ("regularity", "irregular_s", "regular_s"),
    [(0.295, 40.5, 0.0), (0.3, 0.0, 0.0), (0.595, 0.0, 0.0), (0.6, 0.0, 20.5)],
)
def test_the_marks_of_regularity_are_exact(regularity: float, irregular_s: float, regular_s: float) -> None:
    state = BreathingState(found_per_min=6.0, irregular_s=40.0, regular_s=20.0)
    after, _ = follow(state, practice(breath=replace(SEEN, regularity_0to1=regularity)))
    assert (after.irregular_s, after.regular_s, after.eased_per_min) == (irregular_s, regular_s, 0.0)


@pytest.mark.parametrize(
    ("irregular_s", "rate_per_min", "eased_before", "eased_after"),
    [
        (59.495, 14.0, 0.0, 0.0),
        (59.5, 14.0, 0.0, 0.25),
        (59.5, 6.3, 0.25, 0.5),
        (59.5, 6.25, 0.25, 0.0),
        (59.5, 4.0, 0.0, -0.25),
        (59.5, 14.0, 1.0, 1.0),
        (59.5, 3.0, -1.0, -1.0),
    ],
)
def test_a_minute_of_irregular_breath_eases_by_a_quarter_towards_it_and_a_breath_at_most(
    irregular_s: float, rate_per_min: float, eased_before: float, eased_after: float
) -> None:
    state = BreathingState(found_per_min=6.0, irregular_s=irregular_s, eased_per_min=eased_before)
    breath = replace(SEEN, regularity_0to1=0.1, rate_per_min=rate_per_min)
    after, proposal = follow(state, practice(2.0, breath))
    assert after.eased_per_min == eased_after
    assert after.irregular_s == (irregular_s + 0.5 if irregular_s < 59.5 else 0.0)
    assert proposal == paced(6.0 + eased_after, Reason.PACE_EASED if eased_after else Reason.PACE_FOUND)


@pytest.mark.parametrize(
    ("regular_s", "eased_before", "eased_after", "then_s"),
    [
        (59.495, 0.5, 0.5, 59.995),
        (59.5, 0.5, 0.25, 0.0),
        (59.5, 0.25, 0.0, 0.0),
        (59.5, -0.5, -0.25, 0.0),
        (59.5, 0.0, 0.0, 60.0),
    ],
)
def test_a_minute_of_regular_breath_gives_a_quarter_back(
    regular_s: float, eased_before: float, eased_after: float, then_s: float
) -> None:
    state = BreathingState(found_per_min=6.0, regular_s=regular_s, eased_per_min=eased_before)
    after, _ = follow(state, practice())
    assert after.eased_per_min == eased_after
    assert after.regular_s == pytest.approx(then_s)


@pytest.mark.parametrize("changes", [{"place__practising": False}, {"place__paused": True}])
@pytest.mark.parametrize("policy", [FOLLOWS, SEARCHES])
def test_outside_the_practice_nothing_is_counted_but_time(policy: Breathing, changes: dict[str, Any]) -> None:
    state = replace(policy.begin(), t_s=900.0, irregular_s=59.9, tried_s=89.9)
    after, proposal = policy.step(state, practice(None, **changes))
    assert proposal == stays(Reason.NOT_GRADING)
    assert after == replace(state, t_s=1000.0)


# --- searching ---------------------------------------------------------------------------------------


def search(state: BreathingState, inputs: LoopInputs) -> tuple[BreathingState, Proposal]:
    return SEARCHES.step(replace(state, t_s=inputs.t_s - 0.5), inputs)


def test_a_search_begins_with_the_fastest_pace_and_counts_once_the_scene_breathes_at_it() -> None:
    begun = replace(SEARCHES.begin(), tried_s=30.0, trial=Trial(6.5, 1.0, 1.0, 64.0))
    assert SEARCHES.begin().found_per_min is None
    after, proposal = search(begun, practice(6.0))
    assert proposal == paced(6.5, Reason.PACE_SEARCH)
    assert (after.tried_s, after.trial, after.trials) == (0.0, None, ())
    after, proposal = search(after, practice(6.5))
    assert proposal == stays(Reason.PACE_SEARCH)
    assert after.tried_s == 0.5


@pytest.mark.parametrize(
    ("tried_s", "swing_bpm", "seen"), [(74.495, 8.0, False), (74.5, 8.0, True), (80.0, None, False)]
)
def test_a_breath_is_looked_at_once_the_pace_has_settled(tried_s: float, swing_bpm: float | None, seen: bool) -> None:
    inputs = practice(6.5, replace(SEEN, swing_bpm=swing_bpm))
    after, _ = search(replace(SEARCHES.begin(), tried_s=tried_s), inputs)
    assert after.trial == (Trial(6.5, 8.0, 9.0, 64.0) if seen else None)


def test_the_newest_usable_look_counts() -> None:
    before = Trial(6.5, 3.0, 2.0, 60.0)
    unseen = practice(6.5, replace(SEEN, swing_bpm=None))
    for inputs, trial in ((unseen, before), (practice(6.5), Trial(6.5, 8.0, 9.0, 64.0))):
        after, _ = search(replace(SEARCHES.begin(), tried_s=89.5, trial=before), inputs)
        assert after.trials == (trial,)
        assert (after.tried_s, after.trial) == (0.0, None)


def test_a_trial_without_any_look_is_kept_as_what_it_was() -> None:
    after, proposal = search(replace(SEARCHES.begin(), tried_s=89.5), practice(6.5, BreathView(covers_s=12.0)))
    assert after.trials == (Trial(6.5, None, None, 12.0),)
    assert proposal == stays(Reason.PACE_SEARCH)


def test_a_trial_lasts_exactly_as_long_as_it_should() -> None:
    after, _ = search(replace(SEARCHES.begin(), tried_s=89.495), practice(6.5))
    assert after.trials == ()
    assert Breathing().trial_s == 120.0, "CLINICAL basis: two minutes each"


def last_trial(*swings_bpm: float | None) -> tuple[BreathingState, Proposal]:
    """The last of the five trials ends, after these."""
    trials = tuple(Trial(pace, swing, swing, 64.0) for pace, swing in zip(PACES_PER_MIN, swings_bpm, strict=False))
    return search(replace(SEARCHES.begin(), trials=trials, tried_s=89.5), practice(4.5, replace(SEEN, power_bpm2=8.0)))


def test_after_the_last_trial_the_best_pace_is_found() -> None:
    state, proposal = last_trial(1.0, 2.0, 12.0, 3.0)
    assert (state.found_per_min, len(state.trials)) == (5.5, 5)
    assert proposal == paced(5.5, Reason.PACE_FOUND)
    state, proposal = last_trial(1.0, 2.0, 3.0, 4.0)
    assert (state.found_per_min, proposal) == (4.5, stays(Reason.PACE_FOUND))


def test_without_a_usable_trial_the_protocols_pace_is_kept() -> None:
    trials = tuple(Trial(pace, None, None, 64.0) for pace in PACES_PER_MIN[:4])
    begun = replace(SEARCHES.begin(), trials=trials, tried_s=89.5)
    state, proposal = search(begun, practice(4.5, BreathView()))
    assert (state.found_per_min, proposal) == (5.8, paced(5.8, Reason.PACE_FOUND))


def test_each_pace_of_the_clinical_basis_is_tried_in_turn() -> None:
    assert PACES_PER_MIN == (6.5, 6.0, 5.5, 5.0, 4.5)
    for done, pace in enumerate(PACES_PER_MIN):
        trials = tuple(Trial(one, 8.0, 9.0, 64.0) for one in PACES_PER_MIN[:done])
        assert search(replace(SEARCHES.begin(), trials=trials), practice(9.0))[1] == paced(pace, Reason.PACE_SEARCH)
