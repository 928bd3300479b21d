"""The pace of the play follows how much is played; pain is asked before and after."""

from dataclasses import replace

import pytest

from therapy.control.decision import Cause, HeartView, Limits, LoopInputs, PlaceView, PlayView, RatingView, Reason
from therapy.control.limits import bounded_pace_per_min
from therapy.control.policies.playing import LEAST_M_PER_MIN, MOST_M_PER_MIN, Playing
from therapy.session.engagement import Engagement, counted, view_of


def seen(t_s, hits_per_min, pace, in_phase_s=100.0, *, practising=True):
    place = PlaceView(in_phase_s=in_phase_s, practising=practising, pace_per_min=pace)
    return LoopInputs(
        t_s, Cause.TICK, HeartView(), RatingView(), Limits(1.0, 1.0), place, 40, False,
        play=PlayView(hits_per_min, 5, 8),
    )  # fmt: skip


def after(policy, hits_per_min, pace, in_phase_s=100.0):
    state, proposal = policy.step(policy.begin(), seen(0.0, hits_per_min, pace, in_phase_s))
    for tick in range(1, 160):
        if proposal.pace_per_min is None:
            state, proposal = policy.step(state, seen(0.25 * tick, hits_per_min, pace, in_phase_s))
    return proposal


def test_many_hits_go_quicker_few_go_slower_and_between_nothing_changes():
    policy = Playing(5.0)
    assert after(policy, 8.0, 36.0).pace_per_min == 42.0
    assert after(policy, 2.0, 36.0).pace_per_min == 30.0
    assert after(policy, 5.0, 36.0).pace_per_min is None
    assert after(policy, 8.0, MOST_M_PER_MIN).pace_per_min is None
    assert after(policy, 0.0, LEAST_M_PER_MIN).pace_per_min is None


def test_the_play_comes_to_rest_before_its_end():
    proposal = after(Playing(5.0, lasts_s=300.0), 9.0, 48.0, in_phase_s=280.0)
    assert proposal.pace_per_min == 0.0
    assert proposal.reasons == (Reason.PLAY_ENDS,)


def test_a_pace_stands_for_a_while():
    policy = Playing(5.0)
    state, _ = policy.step(policy.begin(), seen(0.0, 9.0, 36.0))
    state, proposal = policy.step(state, seen(10.0, 9.0, 36.0))
    assert proposal.pace_per_min is None


@pytest.mark.parametrize("wanted", [-5.0, 1e9, float("nan"), float("inf")])
def test_no_pace_leaves_its_limits(wanted):
    policy = Playing(5.0)
    _, proposal = policy.step(policy.begin(), seen(0.0, None, None))
    asked = type(proposal)(0.0, proposal.rule, proposal.reasons, 3.0, wanted)
    bounded = bounded_pace_per_min(seen(0.0, None, 36.0), asked)
    assert bounded is None or 0.0 <= bounded <= MOST_M_PER_MIN


def test_the_first_pace_is_that_of_the_play_and_no_breath():
    inputs = replace(seen(0.0, None, None), play=view_of(Engagement()))
    _, proposal = Playing(5.0).step(Playing(5.0).begin(), inputs)
    assert bounded_pace_per_min(inputs, proposal) == 36.0


def test_hits_a_minute_are_those_of_the_last_minute():
    play = Engagement()
    for second in range(181):
        play = counted(play, float(second), 100 + (second // 10 if second < 120 else 12), 200)
    assert play.hits == 12
    assert view_of(play).hits_per_min == pytest.approx(0.0, abs=1.1)
    assert view_of(Engagement()) == PlayView(None, 0, 0)


def test_a_player_that_starts_anew_loses_no_hits():
    play = counted(counted(Engagement(), 0.0, 0, 0), 30.0, 7, 9)
    play = counted(play, 40.0, 0, 0)
    play = counted(play, 70.0, 2, 2)
    assert (play.hits, play.throws) == (9, 11)
