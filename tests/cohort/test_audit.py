"""The oracle has to fail when the loop does: every rule is broken once, by hand or by a loop without a guard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from numpy.random import default_rng

from tests.cohort.lives import Willing, fault, lived
from therapy.cohort.arms import arm_of, setup_of
from therapy.cohort.audit import Wrong, audit
from therapy.cohort.bare import BareWorld
from therapy.cohort.faults import CohortFault, FaultPlan, draw_faults
from therapy.cohort.truth import Given, Shown, Truth
from therapy.cohort.visit import Visit
from therapy.cohort.world import World
from therapy.control.policies.published import PUBLISHED
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient
from therapy.sensing.heart_rate import encode

RAISE_S = 200.0


def _sound() -> Truth:
    """A session with one step up that nothing speaks against."""
    packets = [(0.4 + second, encode(70, (860 + second % 7,), contact=True)) for second in range(240)]
    shown = [Shown(0.0, None), Shown(100.0, 0.0), Shown(RAISE_S, 0.1), Shown(230.0, None)]
    ratings = [Given(150.0, 20, 140.0), Given(190.0, 30, 180.0)]
    return Truth(exposure_s=100.0, shown=shown, ratings=ratings, packets=packets, links=[(0.0, True)])


def _found(truth: Truth) -> set[Wrong]:
    return {one.wrong for one in audit(truth)}


def _between(truth: Truth, from_s: float, until_s: float, packet: bytes | None) -> Truth:
    changed = [(t_s, packet if from_s <= t_s < until_s else old) for t_s, old in truth.packets]
    return replace(truth, packets=[(t_s, one) for t_s, one in changed if one is not None])


def test_a_sound_step_up_is_sound():
    assert _found(_sound()) == set()


@pytest.mark.parametrize(
    "packet",
    [None, b"", b"\x16", encode(0, contact=True), encode(0, contact=False), encode(20, (860,), contact=True),
     encode(70, (860,), contact=False), encode(300, (860,), contact=True)],
)  # fmt: skip
def test_nothing_usable_from_the_strap_is_missing(packet: bytes | None):
    assert Wrong.HR_MISSING in _found(_between(_sound(), 195.0, 201.0, packet))
    assert _found(_between(_sound(), 180.0, 186.0, packet)) == {Wrong.HR_NOT_QUALIFIED}
    assert _found(_between(_sound(), 150.0, 160.0, packet)) == set()


def test_the_same_packet_again_and_again_is_frozen():
    one = encode(70, (860, 400), contact=True)
    assert Wrong.HR_FROZEN in _found(_between(_sound(), 170.0, 201.0, one))
    assert Wrong.HR_FROZEN not in _found(_between(_sound(), 190.0, 201.0, one))


def test_equal_intervals_are_frozen_whatever_the_rate_says():
    truth = _sound()
    packets = [(t_s, encode(60 + round(t_s) % 9, (860,), contact=True)) for t_s, _ in truth.packets]
    assert _found(replace(truth, packets=packets)) == {Wrong.HR_FROZEN}


def test_more_beats_than_time_are_ahead():
    truth = _sound()
    packets = [(t_s, encode(70, (860 + n % 7, 500), contact=True)) for n, (t_s, _) in enumerate(truth.packets)]
    assert _found(replace(truth, packets=packets)) == {Wrong.HR_AHEAD}


def test_a_strap_that_has_just_come_back():
    assert _found(replace(_sound(), links=[(0.0, True), (170.0, False), (175.0, True)])) == {Wrong.RECONNECTED}
    assert _found(replace(_sound(), links=[(0.0, True), (165.0, False), (169.0, True)])) == set()


def test_a_session_by_ratings_only_needs_no_strap():
    assert _found(replace(_sound(), packets=[], links=[], uses_hr=False)) == set()


def test_an_old_rating_is_stale():
    assert _found(replace(_sound(), ratings=[Given(79.0, 20, 70.0)])) == {Wrong.RATING_STALE}
    assert _found(replace(_sound(), ratings=[])) == {Wrong.RATING_STALE}
    assert _found(replace(_sound(), ratings=[Given(201.0, 20, 190.0)])) == {Wrong.RATING_STALE}


def test_heights():
    assert _found(replace(_sound(), ceiling_0to1=0.0)) == {Wrong.ABOVE_CEILING}
    high = [Shown(0.0, None), Shown(100.0, 0.0), Shown(RAISE_S, 0.2)]
    assert _found(replace(_sound(), shown=high)) == {Wrong.NOT_TOLERATED, Wrong.TOO_FAST}
    step = [Shown(0.0, None), Shown(100.0, 0.0), Shown(150.0, 0.1), Shown(RAISE_S, 0.2)]
    asked_below = replace(_sound(), shown=step, ratings=[Given(149.0, 20, 140.0), Given(151.0, 20, 149.0)])
    assert _found(asked_below) == {Wrong.NOT_TOLERATED}
    assert _found(replace(asked_below, ratings=[Given(149.0, 20, 140.0), Given(190.0, 20, 180.0)])) == set()
    assert _found(replace(asked_below, ratings=[Given(149.0, 20, 140.0), Given(190.0, 80, 180.0)])) == {
        Wrong.NOT_TOLERATED
    }


def test_a_rating_speaks_for_what_was_shown_until_it_came():
    """A stop in the moment of the rating does not undo that the level was tolerated."""
    shown = [Shown(0.0, 0.2), Shown(100.0, None), Shown(150.0, 0.1), Shown(RAISE_S, 0.2)]
    ratings = [Given(100.0, 20, 90.0), Given(149.0, 20, 145.0)]
    assert _found(replace(_sound(), shown=shown, ratings=ratings)) == set()
    assert _found(replace(_sound(), shown=shown, ratings=ratings[1:])) == {Wrong.NOT_TOLERATED}


def test_two_steps_within_45_s_are_too_fast():
    for first_s, wrong in ((156.0, {Wrong.TOO_FAST}), (155.0, set())):
        shown = [Shown(0.0, None), Shown(100.0, 0.0), Shown(first_s, 0.1), Shown(RAISE_S, 0.2)]
        ratings = [Given(150.0, 20, 140.0), Given(190.0, 20, 180.0)]
        assert _found(replace(_sound(), shown=shown, ratings=ratings)) == wrong


def test_after_a_stop_only_a_therapist_goes_on():
    assert _found(replace(_sound(), stops=[195.0])) == {Wrong.STOPPED}
    assert _found(replace(_sound(), stops=[195.0], resumes=[198.0])) == set()
    assert _found(replace(_sound(), stops=[195.0], resumes=[190.0])) == {Wrong.STOPPED}


def test_the_way_back_leads_one_level_lower():
    ratings = [Given(150.0, 20, 140.0), Given(190.0, 20, 180.0)]
    for back_0to1, wrong in ((0.3, {Wrong.BACK_TOO_HIGH}), (0.2, set())):
        shown = [Shown(100.0, 0.3), Shown(195.0, None), Shown(RAISE_S, back_0to1)]
        assert _found(replace(_sound(), shown=shown, ratings=[Given(120.0, 20, 110.0), *ratings])) == wrong


def test_a_naive_loop_fed_zeros_is_caught():
    """Rule (a) as published takes a dead sensor for a calm patient, and goes on climbing."""
    visit = Visit(setup_of(arm_of("ladder"), 6.0), 6.0, 1.0, fault(CohortFault.ZERO, 60.0, 120.0))
    rng = default_rng(1)
    truth = BareWorld(visit, VirtualPatient(1, Stratum.TYPICAL), PUBLISHED["published-percent"], rng).run()
    climbed = {one.wrong for one in audit(truth) if truth.exposure_s + 70.0 < one.t_s < truth.exposure_s + 180.0}
    assert Wrong.HR_MISSING in climbed


def test_a_loop_that_takes_every_rating_for_a_low_one_is_caught(monkeypatch: pytest.MonkeyPatch):
    """With its guard switched off, the real loop raises wrongly under faults, and the oracle sees it."""
    monkeypatch.setattr("therapy.control.guard.raise_objections", lambda state, inputs: ())
    found = set()
    for seed in range(6):
        rng = default_rng(seed)
        visit = Visit(setup_of(arm_of("ladder"), 8.0), 8.0, 1.0, draw_faults(rng, tuple(CohortFault), 480.0))
        found |= _found(World(visit, Willing(), rng).run())
    assert found & {Wrong.HR_MISSING, Wrong.HR_NOT_QUALIFIED, Wrong.RECONNECTED}


@pytest.mark.parametrize("kind", [kind for kind in CohortFault if kind is not CohortFault.STALE])
def test_the_loop_raises_nothing_wrongly_under_faults(kind: CohortFault):
    for seed in range(2):
        plan = draw_faults(default_rng(seed), (kind,), 480.0)
        assert _found(lived(minutes=8.0, patient=VirtualPatient(seed, Stratum.TYPICAL), faults=plan)) == set()


def test_without_faults_nothing_is_wrong():
    assert _found(lived(minutes=10.0, faults=FaultPlan())) == set()
