"""The response model of a real patient: what it recovers, how sure it is, and when it says nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from therapy.patient.response import NotEnough, PastSession, ResponseModel, fit
from therapy.patient.response_curve import Course, Curves, Felt, another_day, at_first, drive_0to1, live, live_through

TOO_HIGH = 75
CLIMB: Course = ((0.0, None), (200.0, 0.0), (260.0, 0.1), (320.0, 0.2), (380.0, 0.3), (440.0, 0.4), (1400.0, None))
RATED_S = (100.0, *np.arange(230.0, 1400.0, 55.0), 1500.0)


def person(**changes: float) -> Curves:
    """One candidate: a person who answers in the middle of what is likely."""
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
    return Curves(**{name: np.array([amount]) for name, amount in (middle | changes).items()})


def lived(
    curves: Curves,
    rng: Generator,
    gain_bpm: float = 2.5,
    felt: Felt | None = None,
    rated_s: tuple[float, ...] = RATED_S,
) -> tuple[PastSession, Felt]:
    """A session of that person on a fixed climb, and where it leaves them."""
    felt = at_first(1) if felt is None else another_day(curves, felt)
    *seen, after = live_through(curves, felt, CLIMB, np.array(rated_s))
    rises = np.array([one.rise[0] for one in seen])
    felt_now = curves.rest[0] + rises + curves.noise[0] * rng.standard_normal(len(rises))
    ratings = tuple(
        (t_s, int(10 * round(min(max(one, 0.0), 100.0) / 10))) for t_s, one in zip(rated_s, felt_now, strict=True)
    )
    beats_s = np.arange(30.0, 1500.0, 30.0)
    *hearts, _ = live_through(curves, felt, CLIMB, beats_s)
    drift, heart = 0.0, []
    for t_s, one in zip(beats_s, hearts, strict=True):
        drift = 0.72 * drift + 0.69 * 3.5 * rng.standard_normal()
        heart.append((float(t_s), float(gain_bpm * one.rise[0] / 10.0 + drift)))
    return PastSession(True, CLIMB, ratings, tuple(heart)), after


def fitted(*history: PastSession, seed: int = 1) -> ResponseModel:
    model = fit(history, TOO_HIGH, default_rng(seed))
    assert isinstance(model, ResponseModel)
    return model


@pytest.mark.parametrize("half_life_min", [6.0, 25.0])
def test_the_rate_of_habituation_is_recovered(half_life_min: float) -> None:
    session, _ = lived(person(half_life_min=half_life_min), default_rng(3))
    found = fitted(session).half_life_min
    assert found.low <= half_life_min <= found.high
    assert (found.middle < 11.0) == (half_life_min < 11.0)


@pytest.mark.parametrize("gain_bpm", [-3.0, 0.0, 4.0])
def test_the_gain_of_heart_rate_is_recovered_also_where_it_falls(gain_bpm: float) -> None:
    session, _ = lived(person(), default_rng(4), gain_bpm)
    found = fitted(session).gain_bpm
    assert found is not None
    assert found.low <= gain_bpm <= found.high
    assert abs(found.middle - gain_bpm) < 1.0


def test_a_person_with_a_higher_threshold_is_told_from_one_with_a_lower() -> None:
    low, high = (lived(person(threshold_0to1=at), default_rng(5))[0] for at in (0.2, 0.4))
    assert np.percentile(fitted(low).curves.threshold_0to1, 90) < np.percentile(fitted(high).curves.threshold_0to1, 10)


def test_scattered_ratings_are_told_from_steady_ones() -> None:
    steady, scattered = (lived(person(noise=noise), default_rng(6))[0] for noise in (3.0, 14.0))
    assert fitted(steady).noise.high < fitted(scattered).noise.low


@pytest.mark.parametrize("returned_0to1", [0.05, 0.95])
def test_fear_that_returns_is_told_from_fear_that_stays_away(returned_0to1: float) -> None:
    curves, rng = person(returned_0to1=returned_0to1, half_life_min=7.0), default_rng(7)
    first, felt = lived(curves, rng)
    second, _ = lived(curves, rng, felt=felt)
    assert fitted(first).returned_0to1 is None
    found = fitted(first, second).returned_0to1
    assert found is not None
    assert (found.middle > 0.5) == (returned_0to1 > 0.5)


def test_more_sessions_make_surer() -> None:
    curves, rng = person(returned_0to1=1.0), default_rng(8)
    sessions, felt = [], None
    for _ in range(4):
        session, felt = lived(curves, rng, felt=felt)
        sessions.append(session)
    few, many = fitted(sessions[0]).half_life_min, fitted(*sessions).half_life_min
    assert many.high - many.low < 0.7 * (few.high - few.low)


def test_with_few_ratings_little_is_known() -> None:
    whole, _ = lived(person(), default_rng(9))
    few = replace(whole, ratings=tuple(one for one in whole.ratings if 200.0 < one[0] < 560.0)[:6])
    little, much = fitted(few).half_life_min, fitted(whole).half_life_min
    assert little.high - little.low > 1.5 * (much.high - much.low)


def test_the_same_record_gives_the_same_model() -> None:
    session, _ = lived(person(), default_rng(10))
    assert fitted(session).half_life_min == fitted(session).half_life_min
    assert fitted(session, seed=2).half_life_min != fitted(session).half_life_min


def test_the_computation_hardly_depends_on_its_seed() -> None:
    session, _ = lived(person(), default_rng(10))
    middles = [fitted(session, seed=seed).half_life_min.middle for seed in range(4)]
    assert max(middles) - min(middles) < 1.5


def test_without_heart_rate_there_is_no_gain() -> None:
    session, _ = lived(person(), default_rng(11))
    assert fitted(replace(session, heart=())).heart is None
    assert fitted(replace(session, heart=session.heart[:20])).heart is None
    assert fitted(replace(session, heart=session.heart[:21])).heart is not None


def test_what_was_tolerated_and_rated_is_told() -> None:
    ratings = ((210.0, 10), (270.0, 20), (330.0, 30), (390.0, 70), (450.0, 80), (900.0, 90), (1500.0, 20))
    model = fitted(PastSession(True, CLIMB, ratings))
    assert (model.tolerated_0to1, model.highest_rated_0to1) == (0.3, 0.4)
    assert (model.sessions, model.ratings) == (1, 7)


@pytest.mark.parametrize(
    ("session", "found"),
    [
        (PastSession(True, CLIMB, ()), NotEnough(1, 0, 0)),
        (PastSession(False, CLIMB, tuple((210.0 + 50 * n, 20) for n in range(20))), NotEnough(0, 20, 5)),
        (PastSession(True, CLIMB, tuple((500.0 + 50 * n, 20) for n in range(10))), NotEnough(1, 10, 1)),
        (PastSession(True, CLIMB, tuple((50.0 + 60 * n, 20) for n in range(8))), NotEnough(1, 5, 5)),
    ],
    ids=["no ratings", "not completed", "one level", "ratings in the calm scene do not count"],
)
def test_with_too_little_it_says_what_there_is(session: PastSession, found: NotEnough) -> None:
    assert fit([session], TOO_HIGH, default_rng(1)) == found


def test_without_a_session_it_says_so() -> None:
    assert fit([], TOO_HIGH, default_rng(1)) == NotEnough(0, 0, 0)


def test_ratings_all_alike_are_no_obstacle() -> None:
    for suds in (0, 100):
        session = PastSession(True, CLIMB, tuple((t_s, suds) for t_s in RATED_S))
        assert np.isfinite(fitted(session).half_life_min.middle)


def test_the_curve_rises_habituates_and_falls_in_the_calm_scene() -> None:
    curves = person()
    times_s = np.array([150.0, 230.0, 520.0, 1390.0, 1700.0])
    *seen, _ = live_through(curves, at_first(1), CLIMB, times_s)
    calm, ground, top, later, after = (float(one.rise[0]) for one in seen)
    assert calm == 0.0
    assert calm < ground < top
    assert after < 1.0 < later < 0.7 * top


def test_the_way_through_a_course_does_not_depend_on_when_it_is_asked() -> None:
    curves = person()
    *_, seldom = live_through(curves, at_first(1), CLIMB, np.array([1600.0]))
    *_, often = live_through(curves, at_first(1), CLIMB, np.arange(0.0, 1601.0, 7.0))
    assert seldom.left_0to1 == pytest.approx(often.left_0to1, rel=1e-9)
    assert seldom.rise == pytest.approx(often.rise, abs=0.05)


def test_steps_of_the_curve_are_fine_enough() -> None:
    curves, felt = person(), at_first(1)
    drive = drive_0to1(curves, 0.4)
    fine = coarse = felt
    for _ in range(600):
        fine = live(curves, fine, drive, 1.0)
    for _ in range(60):
        coarse = live(curves, coarse, drive, 10.0)
    assert coarse.rise == pytest.approx(fine.rise, abs=0.3)
