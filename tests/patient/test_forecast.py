"""Walking candidates up the ladder: the ladder's rules, and intervals that hold what they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from tests.patient.lives import Lived, live, short_protocol
from therapy.patient.forecast import Forecast, Moment, predict
from therapy.patient.response import PastSession, ResponseModel, fit
from therapy.patient.response_curve import Curves, at_first
from therapy.patient.response_heart import HeartResponse
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.patient.walks import Plan, Walks
from therapy.predicting import plan_of

PLAN = plan_of(short_protocol(), 4, 0.0, heart_brakes=True)
N = 400


def people(gain_bpm: float | None = None, **changes: float) -> ResponseModel:
    """A model in which every candidate is the same person."""
    middle = {
        "rest": 12.0,
        "rise": 80.0,
        "threshold_0to1": 0.28,
        "slope": 12.0,
        "half_life_min": 11.0,
        "returned_0to1": 0.0,
        "rises_in_s": 20.0,
        "falls_in_s": 50.0,
        "noise": 6.0,
    }
    curves = Curves(**{name: np.full(N, amount) for name, amount in (middle | changes).items()})
    heart = None if gain_bpm is None else HeartResponse(np.full(N, gain_bpm), np.full(N, 3.0))
    return ResponseModel(curves, at_first(N), heart, 0.0, 0.0, 1, 10)


def forecast(model: ResponseModel, plan: Plan = PLAN) -> Forecast:
    return predict(model, plan, default_rng(1))


def test_who_rates_low_climbs_to_the_top_and_no_further() -> None:
    found = forecast(people(threshold_0to1=0.8))
    assert (found.highest_level.low, found.highest_level.high) == (4.0, 4.0)
    assert [one.level for one in found.levels] == [0, 1, 2, 3, 4]
    assert all(one.reached_0to1 == 1.0 for one in found.levels)


def test_a_level_takes_its_least_time() -> None:
    walks = Walks(people(threshold_0to1=0.8), PLAN, default_rng(1))
    highest = 0.0
    for number in range(1, 60):
        walks.step()
        highest = max(highest, float(walks.level.max()))
        assert highest <= number * 5.0 // PLAN.dwell_up_s


def test_who_rates_high_stays_low() -> None:
    found = forecast(people(rise=60.0, threshold_0to1=-0.2, half_life_min=500.0, rises_in_s=3.0))
    assert found.highest_level.high == 0.0
    assert found.moments[-1].suds.low > 40.0


def test_a_rating_too_high_for_the_scene_ends_in_the_calm_scene() -> None:
    found = forecast(people(rest=60.0, rise=100.0, threshold_0to1=-0.1))
    assert found.calm_0to1 > 0.99
    assert found.high_0to1 > 0.99
    assert forecast(people()).calm_0to1 < 0.01


def test_high_ratings_step_down() -> None:
    steep = people(rest=5.0, threshold_0to1=0.15, slope=60.0, half_life_min=500.0)
    walks = Walks(steep, PLAN, default_rng(1))
    rated_high, after_high = [], []
    for _ in range(60):
        before, lowered = walks.level, None
        walks.step()
        lowered = walks.level < before
        high = walks.rated & (walks.suds >= PLAN.down_one_at) & (before > 0.0) & ~walks.ended
        rated_high.append(high.sum())
        after_high.append((high & lowered).sum())
    assert sum(rated_high) > N / 2
    assert sum(after_high) > 0.9 * sum(rated_high)


def test_raised_heart_rate_steps_down_only_where_it_may_brake() -> None:
    racing = people(gain_bpm=8.0)
    held = forecast(racing)
    free = forecast(racing, replace(PLAN, heart_brakes=False))
    assert held.moments[-1].level.middle < free.moments[-1].level.middle
    assert held.moments[-1].delta_bpm is not None


def test_without_heart_rate_none_is_foreseen() -> None:
    found = forecast(people())
    assert all(one.delta_bpm is None for one in found.moments)
    assert all(one.delta_bpm is None for one in found.levels)


def test_a_session_after_the_first_begins_where_the_plan_says() -> None:
    found = forecast(people(threshold_0to1=0.8), replace(PLAN, start_level=1))
    assert found.levels[0].level == 1


def test_two_low_ratings_take_longer_than_one() -> None:
    once, twice = (forecast(people(threshold_0to1=0.6), replace(PLAN, lows_needed=lows)) for lows in (1, 2))
    assert twice.moments[3].level.middle < once.moments[3].level.middle


def test_the_same_draws_give_the_same_forecast() -> None:
    assert forecast(people(gain_bpm=2.0)) == forecast(people(gain_bpm=2.0))


def near(found: Forecast, t_s: float) -> Moment:
    return min(found.moments, key=lambda one: abs(one.t_s - t_s))


def knowing(patient: VirtualPatient) -> ResponseModel:
    """A model that knows a virtual patient's traits."""
    traits = patient.traits
    return people(
        rest=traits.rest_fear + traits.suds_bias,
        rise=100.0 - traits.rest_fear,
        threshold_0to1=traits.threshold_0to1,
        slope=traits.slope,
        half_life_min=traits.habituation_half_life_s / 60.0,
        rises_in_s=traits.fear_rise_s,
        falls_in_s=traits.fear_fall_s,
        noise=7.0,
    )


def first_times_s(model: ResponseModel, plan: Plan) -> np.ndarray:
    """When each candidate is first on each level, (11, n); infinite for a level never reached."""
    walks, found = Walks(model, plan, default_rng(1)), np.full((11, N), np.inf)
    found[0] = 0.0
    while walks.t_s < plan.duration_s:
        walks.step()
        new = np.isinf(found[walks.level.astype(int), np.arange(N)])
        found[walks.level.astype(int)[new], np.arange(N)[new]] = walks.t_s
    return found


@pytest.mark.parametrize("seed", [302, 303])
def test_the_walk_climbs_as_the_session_does(seed: int) -> None:
    (session,) = live(seed, Stratum.LOW_THRESHOLD, 1, short_protocol(600.0), suds_only=True)
    expected_s = first_times_s(knowing(VirtualPatient(seed, Stratum.LOW_THRESHOLD)), replace(PLAN, heart_brakes=False))
    begins_s, _ = session.exposure_s
    on_level = [(t_s - begins_s, round(at * 10)) for t_s, at in session.past.course if at]
    reached = {level for _, level in on_level}
    assert len(reached) >= 3
    for level in reached:
        there_s = next(t_s for t_s, now in on_level if now == level)
        soonest_s, latest_s = np.percentile(expected_s[level], (2.0, 98.0), method="nearest")
        assert soonest_s - 15.0 <= there_s <= latest_s + 15.0


EXPOSURE_S = 600.0
PATIENTS = (
    (Stratum.TYPICAL, 401),
    (Stratum.LOW_THRESHOLD, 402),
    (Stratum.TOLERANT, 403),
    (Stratum.UNDER_REPORTER, 404),
    (Stratum.RETURN_OF_FEAR, 406),
)


@pytest.fixture(scope="module")
def lives() -> list[list[Lived]]:
    """Two sessions each of patients of many kinds; the second is held out."""
    return [live(seed, stratum, 2, short_protocol(EXPOSURE_S)) for stratum, seed in PATIENTS]


def test_the_next_sessions_ratings_and_heart_rate_lie_in_the_interval_about_as_often_as_promised(
    lives: list[list[Lived]],
) -> None:
    rated: list[bool] = []
    beating: list[bool] = []
    for first, second in lives:
        model = fit([first.past], PLAN.down_one_at, default_rng(1))
        assert isinstance(model, ResponseModel)
        found = forecast(model, replace(PLAN, duration_s=EXPOSURE_S))
        begins_s, ends_s = second.exposure_s
        for t_s, suds in second.past.ratings:
            if begins_s < t_s <= ends_s:
                expected = near(found, t_s - begins_s).suds
                rated.append(expected.low <= suds <= expected.high)
        for t_s, bpm in second.past.heart:
            if begins_s < t_s <= ends_s:
                likely = near(found, t_s - begins_s).delta_bpm
                assert likely is not None
                beating.append(likely.low <= bpm <= likely.high)
    assert len(rated) > 50
    assert len(beating) > 90
    assert 0.65 <= np.mean(rated) <= 0.95
    assert 0.65 <= np.mean(beating) <= 0.95


def width(*history: PastSession) -> float:
    model = fit(history, PLAN.down_one_at, default_rng(1))
    assert isinstance(model, ResponseModel)
    return float(np.mean([one.suds.high - one.suds.low for one in forecast(model).moments]))


def test_with_few_ratings_the_forecast_is_wide(lives: list[list[Lived]]) -> None:
    few, all_of_it = [], []
    for first, second in lives:
        begins_s, ends_s = first.exposure_s
        in_scene = [one for one in first.past.ratings if begins_s < one[0] <= ends_s]
        few.append(width(replace(first.past, ratings=tuple(in_scene[:6]))))
        all_of_it.append(width(first.past, second.past))
    assert np.mean(few) > 1.1 * np.mean(all_of_it)
