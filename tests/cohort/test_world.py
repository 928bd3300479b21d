from itertools import pairwise

import pytest

from tests.cohort.lives import Shouting, Willing, fault, levels, lived
from therapy.cohort.faults import CohortFault, FaultPlan
from therapy.cohort.world import APPEARS_AFTER_S, LOOKS_FOR_S
from therapy.patient.traits import Stratum
from therapy.patient.virtual import VirtualPatient

MINUTE_S = 60.0


def _measured(truth):
    return [one for one in truth.shown if truth.exposure_s <= one.t_s < truth.exposure_s + len(truth.fear)]


def test_a_low_rating_climbs_a_level_at_a_time():
    truth = lived(patient=Willing(), minutes=6.0)
    assert levels(truth)[:5] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert len(truth.fear) == 360


def test_the_baseline_is_lived_through_before_the_exposure():
    truth = lived(patient=Willing(), minutes=1.0)
    assert 150.0 < truth.exposure_s < 220.0


def test_a_patient_who_stops_sees_the_calm_scene_at_once_and_nobody_resumes():
    truth = lived(patient=Willing(), minutes=2.0)
    assert truth.stop_latency_s == 0.0
    assert truth.stops[-1] > truth.exposure_s + 2 * MINUTE_S
    assert truth.shown[-1].intensity_0to1 is None
    assert not truth.resumes


def test_a_therapist_resumes_a_minute_after_the_session_stopped_itself():
    truth = lived(patient=Shouting(), minutes=8.0)
    stopped_s = truth.stops[0]
    calm = next(one for one in truth.shown if one.t_s >= stopped_s)
    assert calm.intensity_0to1 is None
    assert truth.resumes == [pytest.approx(stopped_s + MINUTE_S, abs=1.5)]
    back = next(one for one in truth.shown if one.t_s > truth.resumes[0] and one.intensity_0to1 is not None)
    assert back.intensity_0to1 <= max(one.intensity_0to1 or 0.0 for one in truth.shown if one.t_s < stopped_s)


def test_ratings_carry_when_they_were_asked_and_given():
    patient = Willing()
    truth = lived(patient=patient, minutes=3.0)
    assert truth.ratings
    for given in truth.ratings:
        assert given.t_s - given.asked_s == pytest.approx(APPEARS_AFTER_S + LOOKS_FOR_S + patient.delay_s, abs=1e-6)


def test_a_patient_who_never_answers_stays_in_the_calm_scene():
    patient = Willing()
    patient.answers = False
    truth = lived(patient=patient, minutes=6.0)
    assert {one.intensity_0to1 for one in truth.shown} <= {None}


def test_a_question_that_went_away_is_not_answered():
    patient = Willing()
    patient.delay_s = 50.0
    assert not lived(patient=patient, minutes=3.0).ratings


def test_late_answers_come_after_the_question_went_away():
    truth = lived(patient=Willing(), minutes=20.0, faults=FaultPlan(disturbs=True))
    on_time = [one for one in truth.ratings if one.t_s > truth.exposure_s]
    assert 5 < len(on_time) < 28


def test_ratings_only_hears_no_strap():
    truth = lived("ladder-suds-only", patient=Willing(), minutes=3.0)
    assert not truth.packets
    assert not truth.uses_hr
    assert max(one or 0.0 for one in levels(truth)) > 0.1


def test_a_lost_strap_stops_sending_and_comes_back():
    truth = lived(patient=Willing(), minutes=4.0, faults=fault(CohortFault.DROPOUT, 60.0, 40.0))
    lost_s, back_s = (t_s for t_s, _ in truth.links[1:])
    assert [here for _, here in truth.links] == [True, False, True]
    assert back_s - lost_s == pytest.approx(40.0, abs=1.0)
    assert not [t_s for t_s, _ in truth.packets if lost_s <= t_s < back_s]


@pytest.mark.parametrize("which", [0.1, 0.5, 0.9])
def test_after_a_fault_of_the_clock_nothing_rises_until_a_therapist_resumes(which: float):
    truth = lived(patient=Willing(), minutes=6.0, faults=fault(CohortFault.CLOCK, 100.0, 5.0, which))
    failed_s = truth.exposure_s + 100.0
    assert truth.resumes
    resumed_s = truth.resumes[0]
    before = [one.intensity_0to1 or 0.0 for one in truth.shown if one.t_s < failed_s][-1]
    between = [one.intensity_0to1 or 0.0 for one in truth.shown if failed_s <= one.t_s < resumed_s]
    assert resumed_s - failed_s == pytest.approx(MINUTE_S, abs=7.0)
    assert all(one <= before for one in between)
    assert max(one.intensity_0to1 or 0.0 for one in truth.shown) > before


@pytest.mark.parametrize("policy", ["ladder", "inhibitory", "hr-window", "fused", "fixed", "manual"])
def test_every_policy_gets_off_the_ground(policy: str):
    truth = lived(policy, minutes=7.0, patient=VirtualPatient(11, Stratum.TYPICAL))
    assert max(one or 0.0 for one in levels(truth)) >= 0.1


def test_the_same_life_again():
    one, other = (lived(patient=VirtualPatient(8, Stratum.TYPICAL)) for _ in range(2))
    assert one == other


def test_no_question_comes_while_a_level_is_still_new():
    truth = lived(patient=VirtualPatient(11, Stratum.UNDER_REPORTER), minutes=10.0)
    raised_s = [after.t_s for _, after in pairwise(truth.shown) if (after.intensity_0to1 or 0.0) > 0.1]
    asked_s = [one.asked_s for one in truth.ratings if one.asked_s is not None]
    assert len(raised_s) > 3
    assert not [at_s for at_s in asked_s for t_s in raised_s if t_s <= at_s < t_s + 5.0]
