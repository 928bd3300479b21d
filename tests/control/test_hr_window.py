"""The HR window: heart rate alone moves both ways, if the therapist gave leave; all else is as on the ladder."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control.inputs import allowed
from tests.control.life import watched
from therapy.control.decision import LoopInputs, Reason, Rule, Wish
from therapy.control.policies.hr_window import HrWindow, HrWindowState
from therapy.control.policies.ladder import Ladder, LadderState

POLICY = HrWindow()


def driven(delta_bpm: float | None, **changes: Any) -> LoopInputs:
    """The allowed moment with leave for HR, a rating that would hold the ladder, and HR so far over baseline."""
    return allowed(**{"hr_may_drive": True, "rating__suds": 60, "heart__delta_bpm": delta_bpm, **changes})


def rules_seen(inputs: LoopInputs, seconds: int) -> list[Rule]:
    return [proposal.rule for proposal in watched(POLICY, inputs, seconds)[1]]


def test_below_the_band_for_thirty_seconds_goes_one_level_up() -> None:
    proposals = watched(POLICY, driven(3.9), 30)[1]
    assert [one.rule for one in proposals[:30]] == [Rule.HOLD] * 30
    assert proposals[29].reasons == (Reason.HR_BELOW_BAND,)
    assert (proposals[30].rule, proposals[30].reasons) == (Rule.HR_WINDOW_UP, (Reason.HR_BELOW_BAND,))
    assert proposals[30].intensity_0to1 == 0.3


def test_above_the_band_for_twenty_seconds_goes_one_level_down() -> None:
    proposals = watched(POLICY, driven(12.1), 20)[1]
    assert [one.rule for one in proposals[:20]] == [Rule.HOLD] * 20
    assert proposals[19].reasons == (Reason.HR_ABOVE_BAND,)
    assert (proposals[20].rule, proposals[20].reasons) == (Rule.HR_WINDOW_DOWN, (Reason.HR_ABOVE_BAND,))
    assert proposals[20].intensity_0to1 == pytest.approx(0.1)


@pytest.mark.parametrize("delta_bpm", [4.0, 8.0, 12.0])
def test_inside_the_band_it_holds(delta_bpm: float) -> None:
    state, proposals = watched(POLICY, driven(delta_bpm), 200)
    assert {(one.rule, one.reasons) for one in proposals} == {(Rule.HOLD, (Reason.HR_IN_BAND,))}
    assert (state.below_s, state.above_s) == (0.0, 0.0)


@pytest.mark.parametrize("delta_bpm", [None, math.nan, math.inf, -math.inf])
def test_an_unknown_heart_rate_neither_counts_nor_clears_and_never_goes_up(delta_bpm: float | None) -> None:
    low, _ = watched(POLICY, driven(0.0), 40)
    after, proposals = watched(POLICY, replace(driven(delta_bpm), t_s=1041.0), 100, low)
    assert {one.reasons for one in proposals} == {(Reason.HR_UNKNOWN,)}
    assert (after.below_s, after.above_s) == (40.0, 0.0)
    assert POLICY.step(low, replace(driven(8.0), t_s=1041.0))[0].below_s == 0.0
    high, _ = watched(POLICY, driven(14.0, place__dwell_s=0.0), 40)
    after, proposals = watched(POLICY, replace(driven(delta_bpm), t_s=1041.0), 100, high)
    assert {one.rule for one in proposals} == {Rule.HOLD}
    assert after.above_s == 40.0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hr_may_drive": False}, Reason.NOT_ENABLED),
        ({"suds_only": True}, Reason.HR_UNKNOWN),
        ({"heart__moved_beyond": True}, Reason.HR_UNKNOWN),
    ],
)
@pytest.mark.parametrize("delta_bpm", [-5.0, 14.0])
def test_without_leave_or_where_movement_drives_it_heart_rate_moves_nothing(
    changes: dict[str, Any], reason: Reason, delta_bpm: float
) -> None:
    for proposal in watched(POLICY, driven(delta_bpm, **changes), 55)[1]:
        assert proposal.rule is Rule.HOLD
        assert reason in proposal.reasons


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"place__dwell_s": 44.9}, Reason.DWELL_SHORT),
        ({"place__held": True}, Reason.HELD_BY_THERAPIST),
        ({"place__current_0to1": 1.0}, Reason.TOP_REACHED),
        ({"rating__suds": 75, "rating__given_on_level": False}, Reason.SUDS_HIGH),
    ],
)
def test_a_low_heart_rate_meets_the_objections(changes: dict[str, Any], reason: Reason) -> None:
    proposal = watched(POLICY, driven(0.0, **changes), 60)[1][-1]
    assert proposal.rule is Rule.HOLD
    assert proposal.reasons[0] is reason


def test_what_was_out_of_the_band_before_this_level_does_not_count() -> None:
    low = HrWindowState(LadderState(t_s=999.0), below_s=100.0)
    patient = HrWindow(Ladder(dwell_up_s=10.0))
    assert patient.step(low, driven(0.0, place__dwell_s=29.9))[1].rule is Rule.HOLD
    assert patient.step(low, driven(0.0, place__dwell_s=30.0))[1].rule is Rule.HR_WINDOW_UP
    high = HrWindowState(LadderState(t_s=999.0), above_s=100.0)
    assert POLICY.step(high, driven(14.0, place__dwell_s=19.9))[1].rule is Rule.HOLD
    assert POLICY.step(high, driven(14.0, place__dwell_s=20.0))[1].rule is Rule.HR_WINDOW_DOWN
    slow = HrWindow(Ladder(dwell_down_s=40.0))
    assert slow.step(high, driven(14.0, place__dwell_s=39.9))[1].rule is Rule.HOLD
    quick = HrWindow(Ladder(dwell_down_s=10.0))
    assert quick.step(high, driven(14.0, place__dwell_s=15.0))[1].rule is Rule.HOLD


def test_it_needs_no_rating_of_its_own() -> None:
    unrated = driven(0.0, rating__suds=None, rating__age_s=None, rating__given_on_level=False)
    assert rules_seen(unrated, 30)[-1] is Rule.HR_WINDOW_UP


def test_at_the_bottom_there_is_no_step_down() -> None:
    assert set(rules_seen(driven(14.0, place__current_0to1=0.0), 50)) == {Rule.HOLD}
    assert Rule.HR_WINDOW_DOWN in rules_seen(driven(14.0, place__current_0to1=0.005), 50)


@pytest.mark.parametrize("hr_may_drive", [False, True])
def test_the_ladders_brake_is_kept_for_a_band_wider_than_it(hr_may_drive: bool) -> None:
    wide = HrWindow(band_high_bpm=30.0)
    proposals = watched(wide, driven(16.0, hr_may_drive=hr_may_drive, rating__suds=45), 60)[1]
    assert proposals[59].rule is Rule.HOLD
    assert Reason.HR_VETO in proposals[59].reasons
    assert proposals[60].rule is Rule.HR_BRAKE


def test_one_stretch_of_raised_heart_rate_is_used_once() -> None:
    state, proposals = watched(POLICY, driven(16.0), 20)
    assert proposals[-1].rule is Rule.HR_WINDOW_DOWN
    assert state.ladder.raised_s == 0.0, "the brake counts anew after the window's step"


def test_a_wish_is_heard_with_leave_or_without() -> None:
    assert POLICY.step(POLICY.begin(), driven(8.0, place__wish=Wish.UP))[1].rule is Rule.THERAPIST_UP
    assert POLICY.step(POLICY.begin(), allowed(place__wish=Wish.UP))[1].rule is Rule.THERAPIST_UP
    assert POLICY.step(POLICY.begin(), driven(0.0, place__wish=Wish.DOWN))[1].rule is Rule.THERAPIST_DOWN


@given(heard_bpm=st.lists(st.none() | st.floats(-40.0, 60.0) | st.just(math.nan), min_size=1, max_size=200))
def test_each_step_up_follows_thirty_known_seconds_below_the_band(heard_bpm: list[float | None]) -> None:
    state, below_s = POLICY.begin(), 0.0
    for second, delta_bpm in enumerate(heard_bpm):
        state, proposal = POLICY.step(state, replace(driven(delta_bpm), t_s=1000.0 + second))
        known = delta_bpm is not None and math.isfinite(delta_bpm)
        if known and delta_bpm is not None:
            below_s = below_s + min(second, 1) if delta_bpm < 4.0 else 0.0
        if proposal.rule is Rule.HR_WINDOW_UP:
            assert known
            assert below_s >= 30.0
