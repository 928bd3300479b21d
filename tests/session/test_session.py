"""A whole session as a patient and a therapist would meet it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.session.rehearsal import Rehearsal, climb, packet_hex, rehearsal
from therapy.control.decision import Reason, Rule
from therapy.session.events import (
    AskPatient,
    BaselineSettled,
    Fault,
    FaultKind,
    LinkState,
    NoticeCode,
    Noticed,
    Outcome,
    PacketArrived,
    PhaseChanged,
    PlayerBack,
    PlayerGone,
    Rated,
    SensorLink,
    SessionEnded,
    SetScene,
    Stimulate,
    Stopped,
    Therapist,
    TherapistAction,
    Tick,
)

PHASES = ["rehearsal", "baseline", "expectation", "exposure", "recovery", "review", "ended"]


def test_a_session_goes_through_its_phases_to_a_quiet_end() -> None:
    session = rehearsal(seed=1).begin().run(3000.0)
    assert [change.after.value for change in session.all_of(PhaseChanged)] == PHASES
    assert session.all_of(SessionEnded)[0].outcome is Outcome.COMPLETED
    scales = [rated.scale for rated in session.all_of(Rated)]
    assert scales.count("expectancy-before") == scales.count("expectancy-after") == 1
    assert session.all_of(BaselineSettled)[0].valid_s >= 90
    assert session.shown is not None
    assert session.shown.scene == "shore", "it ends in the calm scene"


def test_every_raise_follows_a_low_enough_rating_on_that_level_and_stays_under_the_ceiling() -> None:
    session = rehearsal(seed=3).begin().run(3000.0)
    ups = [one for one in session.decisions if one.applied_0to1 > one.before_0to1]
    assert ups
    for decision in ups:
        rating = decision.inputs.rating
        assert rating.given_on_level
        assert rating.suds is not None
        assert rating.suds < 40 or rating.suds * 2 <= (rating.peak_on_level or 0)
        assert decision.applied_0to1 <= 0.4
    times_s = [decision.t_s for decision in ups]
    assert all(later - sooner >= 45.0 for sooner, later in pairwise(times_s))


def test_prompts_are_never_less_than_45_seconds_apart() -> None:
    session = rehearsal(seed=2).begin().run(3000.0)
    asked_s = [t_s for t_s, output in session.outputs if isinstance(output, AskPatient) and output.panel == "suds"]
    assert len(asked_s) > 8
    assert min(later - sooner for sooner, later in pairwise(asked_s)) >= 45.0


def test_the_same_events_give_the_same_outputs_bit_for_bit() -> None:
    first = rehearsal(seed=4).begin().run(900.0)
    again = Rehearsal(first.setup, first.patient, answers=False)
    again.strap_on = False
    for t_s, event in first.journal:
        again.t_s = t_s
        again.due.clear()
        again.feed(event)
    assert [output for _, output in again.outputs] == [output for _, output in first.outputs]


def test_a_lost_strap_holds_then_steps_down_and_needs_a_new_rating_after_its_return(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    session.strap_on = False
    lost_s = session.t_s
    session.run(lost_s + 59.0)
    assert session.state.place.current_0to1 == pytest.approx(0.3)
    assert {"heart-rate-stale", "heart-rate-lost"} <= set(session.notices())
    session.rate(20)
    session.run(lost_s + 66.0)
    assert session.state.place.current_0to1 == pytest.approx(0.2)
    assert session.decisions[-1].inputs.heart.hr10_bpm is None
    session.run(lost_s + 81.0)
    assert session.state.place.current_0to1 == pytest.approx(0.1)
    session.strap_on = True
    session.feed(SensorLink(LinkState.CONNECTED))
    back_s = session.t_s
    session.run(back_s + 40.0)
    ups = [one for one in session.decisions if one.t_s > lost_s and one.applied_0to1 > one.before_0to1]
    assert not ups, "neither the rating given while the strap was gone nor time alone authorises"
    session.rate(10)
    session.run(back_s + 60.0)
    ups = [one for one in session.decisions if one.t_s > lost_s and one.applied_0to1 > one.before_0to1]
    assert ups
    assert ups[0].t_s >= back_s + 30.0


def test_a_rate_of_zero_is_treated_like_a_lost_strap(exposed: Rehearsal) -> None:
    session = climb(exposed, 2)
    session.strap_on = False
    zero_s = session.t_s
    session.on_tick = lambda one: one.feed(PacketArrived(packet_hex(0, contact=False))) if one.t_s % 1 == 0 else None
    session.run(zero_s + 90.0)
    later = [one for one in session.decisions if one.t_s > zero_s + 4.0]
    assert all(one.applied_0to1 <= one.before_0to1 for one in later)
    assert session.state.place.current_0to1 < 0.2


def test_the_patients_stop_latches_and_resuming_needs_the_therapist_and_a_rating(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    session.latch, session.latch_id = "patient-stop", session.latch_id + 1
    session.feed(Stopped("calm-disc", session.latch_id))
    assert session.shown == SetScene("shore", 0.0, 1.0, (("pace_per_min", 6.0),), latch=True)
    session.run(session.t_s + 60.0)
    session.rate(10)
    session.run(session.t_s + 5.0)
    assert session.shown.scene == "shore", "a low rating alone must not go back"
    session.feed(Therapist(TherapistAction.RESUME))
    session.run(session.t_s + 10.0)
    assert session.shown.scene == "shore", "not before the patient was asked again"
    session.rate(80)
    session.run(session.t_s + 2.0)
    assert session.shown.scene == "shore", "not while distress is high"
    session.rate(30)
    session.run(session.t_s + 2.0)
    assert session.shown.scene == "heights"
    assert session.shown.intensity_0to1 == pytest.approx(0.2), "one level lower"


def test_a_stop_nobody_resumes_ends_through_recovery_as_a_stop(exposed: Rehearsal) -> None:
    exposed.feed(Stopped("key", exposed.latch_id + 1))
    exposed.run(exposed.t_s + 1200.0)
    ended = exposed.all_of(SessionEnded)[0]
    assert ended.outcome is Outcome.STOPPED_BY_PATIENT


def test_two_missed_prompts_in_a_row_go_to_the_calm_scene(exposed: Rehearsal) -> None:
    exposed.answers = False
    exposed.run(exposed.t_s + 260.0)
    assert exposed.notices().count("prompt-missed") >= 2
    assert exposed.state.health.latched[0] is Reason.PROMPTS_MISSED


@pytest.mark.parametrize(("suds", "levels_down"), [(80, 1), (90, 2)])
def test_a_high_rating_steps_down_at_once(exposed: Rehearsal, suds: int, levels_down: int) -> None:
    session = climb(exposed, 3)
    session.run(session.t_s + 25.0)
    session.rate(suds)
    assert session.state.place.current_0to1 == pytest.approx((3 - levels_down) / 10)


def test_a_rating_of_95_is_the_calm_scene(exposed: Rehearsal) -> None:
    exposed.rate(95)
    assert exposed.state.health.latched == (Reason.SUDS_EXTREME,)


def test_raising_the_ceiling_needs_a_reason_and_stays_under_the_protocols_top(exposed: Rehearsal) -> None:
    exposed.feed(Therapist(TherapistAction.CEILING, 5.0))
    assert exposed.state.place.ceiling_0to1 == 0.4
    exposed.feed(Therapist(TherapistAction.CEILING, 5.0, "asked to go on"))
    assert exposed.state.place.ceiling_0to1 == 0.5
    exposed.feed(Therapist(TherapistAction.CEILING, 11.0, "too much"))
    assert exposed.state.place.ceiling_0to1 == 0.5
    assert exposed.notices().count("command-refused") == 2


def test_a_lowered_ceiling_brings_the_patient_down_at_once(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    session.feed(Therapist(TherapistAction.CEILING, 1.0))
    assert session.state.place.current_0to1 == pytest.approx(0.1)


def test_a_therapist_can_ask_for_a_level_and_is_told_when_it_was_not_possible(exposed: Rehearsal) -> None:
    exposed.answers = False
    exposed.rate(60)
    exposed.feed(Therapist(TherapistAction.UP))
    exposed.run(exposed.t_s + 40.0)
    assert exposed.state.place.current_0to1 == pytest.approx(0.1)
    exposed.feed(Therapist(TherapistAction.UP))
    exposed.run(exposed.t_s + 70.0)
    assert "wish-expired" in exposed.notices()
    exposed.feed(Therapist(TherapistAction.DOWN))
    assert exposed.state.place.current_0to1 == 0.0


def test_a_pause_holds_the_level_and_the_clock_of_the_exposure(exposed: Rehearsal) -> None:
    exposed.feed(Therapist(TherapistAction.PAUSE))
    before_s = exposed.t_s - exposed.state.phase_at_s
    exposed.rate(10)
    exposed.run(exposed.t_s + 120.0)
    assert exposed.state.place.current_0to1 == 0.0
    assert exposed.t_s - exposed.state.phase_at_s == pytest.approx(before_s)
    exposed.feed(Therapist(TherapistAction.RESUME))
    assert not exposed.state.place.paused


def test_an_event_is_fired_only_if_the_scene_has_it_and_heart_rate_is_ignored_after_it(exposed: Rehearsal) -> None:
    exposed.feed(Therapist(TherapistAction.EVENT, text="meteor"))
    assert exposed.notices()[-1] == "command-refused"
    exposed.feed(Therapist(TherapistAction.EVENT, text="gust"))
    assert exposed.all_of(Stimulate) == [Stimulate("gust")]
    exposed.run(exposed.t_s + 5.0)
    assert exposed.decisions[-1].inputs.heart.delta_bpm is None
    exposed.run(exposed.t_s + 6.0)
    assert exposed.decisions[-1].inputs.heart.delta_bpm is not None


def test_without_a_stop_rehearsal_no_exposure_starts() -> None:
    session = rehearsal(seed=1)
    session.answers = False
    session.begin().run(600.0)
    ended = session.all_of(SessionEnded)[0]
    assert (ended.outcome, ended.detail) == (Outcome.NOT_STARTED, "stop-not-rehearsed")


def test_a_strap_that_does_not_fit_ends_unstarted_unless_the_therapist_chooses_ratings_only() -> None:
    session = rehearsal(seed=1)
    session.strap_on = False
    session.begin().run(1200.0)
    assert session.all_of(SessionEnded)[0].outcome is Outcome.NOT_STARTED
    other = rehearsal(seed=1)
    other.strap_on = False
    other.begin().run(30.0)
    other.feed(Therapist(TherapistAction.SUDS_ONLY, text="no strap today"))
    other.run_to("exposure")
    climb(other, 1)


def test_a_therapists_stop_ends_the_session_in_the_calm_scene(exposed: Rehearsal) -> None:
    exposed.feed(Therapist(TherapistAction.STOP))
    assert exposed.all_of(SessionEnded)[0].outcome is Outcome.STOPPED_BY_THERAPIST
    assert exposed.shown is not None
    assert exposed.shown.scene == "shore"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (PlayerGone("killed"), Reason.PLAYER_LOST),
        (Fault(FaultKind.STORE, "disk full"), Reason.STORE_FAILED),
        (Fault(FaultKind.EXCEPTION, "boom"), Reason.EXCEPTION),
    ],
)
def test_a_failure_is_the_calm_scene_latched(exposed: Rehearsal, event: PlayerGone | Fault, reason: Reason) -> None:
    exposed.feed(event)
    assert reason in exposed.state.health.latched
    exposed.feed(PlayerBack())
    assert exposed.state.health.latched


@pytest.mark.parametrize("cause", ["focus-lost", "display-lost"])
def test_a_headset_that_is_lost_is_the_calm_scene_with_its_reason(exposed: Rehearsal, cause: str) -> None:
    exposed.latch, exposed.latch_id = cause, exposed.latch_id + 1
    exposed.feed(exposed.said())
    exposed.feed(exposed.said())
    exposed.feed(Tick())
    assert Reason.PLAYER_LATCHED in exposed.state.health.latched
    (told,) = [one for one in exposed.all_of(Noticed) if one.code is NoticeCode.DISPLAY_HELD]
    assert told.detail == cause
    assert exposed.shown is not None
    assert (exposed.shown.scene, exposed.shown.intensity_0to1) == ("shore", 0.0)


def test_a_session_whose_record_fails_cannot_be_resumed(exposed: Rehearsal) -> None:
    exposed.feed(Fault(FaultKind.STORE, "disk full"))
    exposed.feed(Therapist(TherapistAction.RESUME))
    assert exposed.state.health.latched == (Reason.STORE_FAILED,)
    assert exposed.notices()[-1] == "command-refused"


def test_a_second_without_a_step_is_a_missed_watchdog(exposed: Rehearsal) -> None:
    exposed.t_s += 1.3
    exposed.feed(Tick())
    assert Reason.WATCHDOG_MISSED in exposed.state.health.latched


@pytest.mark.parametrize("t_s", [-1.0, math.nan, math.inf])
def test_a_clock_that_jumps_never_raises(exposed: Rehearsal, t_s: float) -> None:
    exposed.answers = False
    exposed.rate(10)
    good_s, exposed.t_s = exposed.t_s, t_s
    exposed.feed(Tick())
    assert exposed.state.t_s == good_s
    exposed.t_s = good_s
    exposed.run(good_s + 100.0)
    assert all(one.applied_0to1 <= one.before_0to1 for one in exposed.decisions if one.t_s >= good_s)


def test_a_player_that_shows_more_than_commanded_is_stopped(exposed: Rehearsal) -> None:
    exposed.player_obeys = False
    for _ in range(20):
        exposed.run(exposed.t_s + 0.25)
        exposed.feed(replace(exposed.said(), intensity_0to1=0.5))
    assert Reason.PLAYER_MISMATCH in exposed.state.health.latched


def test_a_calm_session_never_leaves_the_calm_scene() -> None:
    session = rehearsal("calm-breathing", seed=1).begin().run(3000.0)
    assert session.ended
    assert {scene.scene for scene in session.all_of(SetScene)} == {"shore"}
    assert {decision.applied_0to1 for decision in session.decisions} == {0.0}


def test_the_end_steps_down_level_by_level_before_the_calm_scene(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    session.feed(Therapist(TherapistAction.RECOVER))
    session.run(session.t_s + 60.0)
    plan = [
        one.applied_0to1
        for one in session.decisions
        if one.rule is Rule.SESSION_PLAN and one.applied_0to1 != one.before_0to1
    ]
    assert plan == [pytest.approx(0.2), pytest.approx(0.1), 0.0]
    assert session.shown is not None
    assert session.shown.scene == "shore"
