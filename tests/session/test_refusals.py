"""What a session refuses: ratings, stops, resumes and faults in the orders nobody plans for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.session.rehearsal import Rehearsal, climb, rehearsal
from therapy.session.events import (
    Answered,
    Outcome,
    PanelAppeared,
    SessionEnded,
    Stopped,
    Therapist,
    TherapistAction,
    Tick,
)


def raises_since(session: Rehearsal, since_s: float) -> list[Any]:
    return [one for one in session.decisions if one.t_s > since_s and one.applied_0to1 > one.before_0to1 + 1e-9]


def stop(session: Rehearsal) -> None:
    session.latch, session.latch_id = "patient-stop", session.latch_id + 1
    session.feed(Stopped("key", session.latch_id))


def test_a_high_answer_to_a_question_from_the_level_below_steps_down(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    session.feed(Therapist(TherapistAction.HOLD))
    begun_s = session.t_s
    while session.state.ratings.open is None or session.t_s < begun_s + 46.0:
        session.run(session.t_s + 0.25)
    asked = session.state.ratings.open.panel_id
    session.feed(PanelAppeared(asked))
    session.feed(Answered(0, "suds", 30))
    before_s = session.t_s
    session.feed(Therapist(TherapistAction.UP))
    session.run(before_s + 1.0)
    assert raises_since(session, before_s - 1.0)
    level = session.state.place.current_0to1
    session.run(session.t_s + 4.0)
    session.feed(Answered(asked, "suds", 90))
    session.run(session.t_s + 25.0)
    assert session.state.place.current_0to1 < level


def test_a_dial_opened_before_a_raise_does_not_authorise_the_next(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    begun_s = session.t_s
    session.feed(PanelAppeared(0))
    session.run(session.t_s + 30.0)
    session.rate(20)
    session.feed(PanelAppeared(0))
    while not raises_since(session, begun_s):
        session.run(session.t_s + 0.25)
    raised = raises_since(session, begun_s)[-1]
    session.feed(Answered(0, "suds", 20))
    session.run(session.t_s + 50.0)
    assert not raises_since(session, raised.t_s)


@pytest.mark.parametrize("level", [1, 3])
def test_nobody_goes_back_into_the_scene_while_the_session_is_paused(exposed: Rehearsal, level: int) -> None:
    session = climb(exposed, level)
    stop(session)
    session.run(session.t_s + 50.0)
    session.feed(Therapist(TherapistAction.RESUME))
    session.run(session.t_s + 2.0)
    session.feed(Therapist(TherapistAction.PAUSE))
    session.run(session.t_s + 2.0)
    session.rate(20)
    session.run(session.t_s + 3.0)
    assert not session.state.place.in_scene


def test_going_back_needs_a_heart_rate_also_at_the_lowest_level(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    stop(session)
    session.strap_on = False
    session.run(session.t_s + 50.0)
    session.feed(Therapist(TherapistAction.RESUME))
    session.run(session.t_s + 2.0)
    session.rate(20)
    session.run(session.t_s + 3.0)
    assert not session.state.place.in_scene


def test_a_stop_during_a_pause_comes_to_its_end_by_itself(exposed: Rehearsal) -> None:
    session = climb(exposed, 2)
    session.feed(Therapist(TherapistAction.PAUSE))
    stop(session)
    session.run(session.t_s + 3600.0)
    assert session.ended


@pytest.mark.parametrize("source", ["headset-off", "window-closed"])
def test_only_a_deliberate_stop_counts_as_rehearsed(source: str) -> None:
    session = rehearsal(seed=1)
    session.answers = False
    session.begin().run_to("rehearsal")
    session.run(session.t_s + 2.0)
    session.feed(Stopped(source, 1))
    assert session.state.rehearsed_at_s is None


def test_a_jump_of_the_clock_seen_first_by_the_player_raises_nothing() -> None:
    session = rehearsal(seed=1, suds_only=True).begin().run_to("exposure")
    session.answers = False
    session.run(session.t_s + 20.0)
    session.rate(20)
    before_s = session.t_s
    session.t_s += 60.0
    session.feed(session.said())
    assert not raises_since(session, before_s)


def test_a_stop_during_the_expectation_is_followed_by_the_question_not_the_scene() -> None:
    session = rehearsal(seed=1).begin().run_to("expectation")
    session.answers = False
    session.due.clear()
    stop(session)
    session.run(session.t_s + 10.0)
    session.feed(Therapist(TherapistAction.RESUME))
    assert session.shown is not None
    assert session.shown.scene == "shore"
    assert session.state.ratings.open is not None


def test_a_player_left_in_the_exposure_scene_while_calm_is_commanded_is_told(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    session.feed(Therapist(TherapistAction.RECOVER))
    session.run(session.t_s + 60.0)
    session.player_obeys = False
    for _ in range(60):
        session.run(session.t_s + 0.25)
        session.feed(replace(session.said(), scene="heights", intensity_0to1=0.3))
    assert session.state.health.latched


def test_nobodys_wish_goes_up_on_a_rating_above_the_step_down_mark(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    session.run(session.t_s + 25.0)
    session.rate(80)
    before_s = session.t_s
    session.feed(Therapist(TherapistAction.UP))
    session.run(before_s + 50.0)
    assert not raises_since(session, before_s)


def test_a_clock_fault_is_said_and_a_therapists_resume_clears_it(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    good_s, session.t_s = session.t_s, -1.0
    session.feed(Tick())
    session.t_s = good_s
    assert not session.state.health.clock_ok
    assert session.notices()[-1] == "fault"
    session.feed(Therapist(TherapistAction.RESUME))
    assert session.state.health.clock_ok


def test_ratings_only_frees_the_ladder_from_a_heart_rate_that_is_gone(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    policy = replace(session.state.loop.policy, raised_s=40.0)
    session.state = replace(session.state, loop=replace(session.state.loop, policy=policy))
    session.feed(Therapist(TherapistAction.SUDS_ONLY, text="strap off"))
    session.strap_on = False
    begun_s = session.t_s
    for _ in range(8):
        session.run(session.t_s + 20.0)
        session.rate(20)
    assert raises_since(session, begun_s)


def test_a_stop_stays_a_stop_when_somebody_resumes_during_the_recovery(exposed: Rehearsal) -> None:
    session = climb(exposed, 2)
    stop(session)
    session.run(session.t_s + 330.0)
    assert session.state.phase == "recovery"
    session.feed(Therapist(TherapistAction.RESUME))
    session.run(session.t_s + 600.0)
    assert session.all_of(SessionEnded)[0].outcome is Outcome.STOPPED_BY_PATIENT


def test_a_miss_at_rest_does_not_count_into_the_exposure() -> None:
    session = rehearsal(seed=1).begin().run_to("baseline")
    session.answers = False
    session.run(session.t_s + 100.0)
    assert session.notices().count("prompt-missed") == 1
    session.answers = True
    session.run_to("exposure")
    session.answers = False
    session.run(session.t_s + 60.0)
    assert not session.state.health.latched


def test_a_therapists_stop_is_a_decision_on_the_record(exposed: Rehearsal) -> None:
    session = climb(exposed, 2)
    session.feed(Therapist(TherapistAction.STOP, text="fire alarm"))
    assert session.decisions[-1].calm
    assert session.all_of(SessionEnded)[0].detail == "fire alarm"


def test_a_wish_that_cannot_be_is_refused_at_once(exposed: Rehearsal) -> None:
    exposed.feed(Therapist(TherapistAction.DOWN))
    assert exposed.notices()[-1] == "command-refused"
    exposed.feed(Therapist(TherapistAction.SAFE))
    exposed.feed(Therapist(TherapistAction.UP))
    assert exposed.notices()[-1] == "command-refused"
