"""Whole sessions under each policy, and what the session asks and tells for them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from protocols.loader import load_protocol
from protocols.schema import Protocol
from tests.session.rehearsal import Rehearsal, rehearsal
from therapy.control.decision import Reason, Rule, Stage
from therapy.patient.model import PatientAnswer
from therapy.sensing.heart import HeartBeatBatch
from therapy.session.events import (
    Answered,
    AskPatient,
    HeadMoved,
    Noticed,
    PhaseChanged,
    Rated,
    SetScene,
    Therapist,
    TherapistAction,
)


def protocol(name: str = "heights-first", **changes: dict[str, Any] | str) -> Protocol:
    """A protocol of the library with fields of its sections changed."""
    plain = load_protocol(name).protocol.model_dump()
    for section, wanted in changes.items():
        if isinstance(wanted, dict):
            plain[section].update(wanted)
        else:
            plain[section] = wanted
    return Protocol.model_validate(plain)


def exposed(chosen: Protocol, **setup: Any) -> Rehearsal:
    return rehearsal(chosen, seed=4, **setup).begin().run_to("exposure")


def levels(session: Rehearsal) -> list[int]:
    """Every level applied, in order."""
    seen = [0]
    for decision in session.decisions:
        level = round(decision.applied_0to1 * 10)
        if level != seen[-1]:
            seen.append(level)
    return seen


def rules(session: Rehearsal) -> set[Rule]:
    return {decision.rule for decision in session.decisions}


@pytest.mark.parametrize("policy", ["ladder", "fused", "fixed"])
def test_a_graded_policy_climbs_by_single_levels(policy: str) -> None:
    session = exposed(protocol(policy=policy)).run(1500.0)
    climbed = levels(session)
    assert max(climbed) >= 2
    assert all(after - before <= 1 for before, after in pairwise(climbed))


def test_hr_window_moves_only_with_the_therapists_leave() -> None:
    wanted = protocol(policy="hr-window")
    without = exposed(wanted).run(900.0)
    assert levels(without) == [0]
    assert any(Reason.NOT_ENABLED in decision.reasons for decision in without.decisions)
    assert Rule.HR_WINDOW_UP in rules(exposed(wanted, hr_may_drive=True).run(1500.0))


def test_manual_moves_on_a_persons_word_alone() -> None:
    session = exposed(protocol(policy="manual")).run(700.0)
    assert levels(session) == [0]
    session.feed(Therapist(TherapistAction.UP))
    session.run(session.t_s + 30.0)
    assert levels(session) == [0, 1]


def test_at_suggest_only_the_loop_says_what_it_would_do_and_does_nothing() -> None:
    session = exposed(protocol(), stage=Stage.SUGGEST_ONLY).run(700.0)
    assert levels(session) == [0]
    said = [one.detail for one in session.all_of(Noticed) if one.code == "suggested"]
    assert said
    assert said[0] == "up 1 suds-low"
    assert len(said) < 10, "once, not at every step"
    session.feed(Therapist(TherapistAction.UP))
    session.run(session.t_s + 30.0)
    assert levels(session) == [0, 1]


def test_at_lower_only_a_high_rating_steps_down_and_a_low_one_suggests() -> None:
    session = exposed(protocol(), stage=Stage.LOWER_ONLY).run(420.0)
    session.answers = False
    session.run(session.t_s + 60.0)
    session.rate(20)
    session.feed(Therapist(TherapistAction.UP))
    session.run(session.t_s + 60.0)
    assert levels(session) == [0, 1]
    session.rate(80)
    session.run(session.t_s + 1.0)
    assert levels(session) == [0, 1, 0]
    session.run(session.t_s + 25.0)
    session.rate(30)
    session.run(session.t_s + 25.0)
    session.rate(10)
    assert session.decisions[-1].rule is Rule.SUGGESTED
    assert session.decisions[-1].suggested_0to1 == 0.1


def test_a_stop_is_a_stop_at_every_stage() -> None:
    session = exposed(protocol(), stage=Stage.SUGGEST_ONLY)
    session.rate(95)
    assert session.state.health.latched


@pytest.fixture
def inhibitory() -> Protocol:
    return protocol("heights-standard", levels={"start": 0, "ceiling": 3, "top": 3})


def asked(session: Rehearsal) -> list[str]:
    return [one.panel for one in session.all_of(AskPatient)]


def at_s_of(session: Rehearsal, *panels: str) -> list[float]:
    return [t_s for t_s, one in session.outputs if isinstance(one, AskPatient) and one.panel in panels]


def test_inhibitory_learning_asks_before_and_after_the_test_of_each_level(inhibitory: Protocol) -> None:
    session = exposed(inhibitory).run(1400.0)
    scales = [(one.scale, round(one.intensity_0to1 * 10)) for one in session.all_of(Rated)]
    assert ("expectancy-level-before", 0) in scales
    assert ("expectancy-level-after", 0) in scales
    assert ("expectancy-level-before", 1) in scales
    assert ("expectancy-level-after", 1) in scales
    ups = [decision for decision in session.decisions if decision.rule is Rule.LADDER_UP]
    assert ups
    assert all(decision.reasons == (Reason.EXPECTATION_VIOLATED,) for decision in ups)
    for decision in ups:
        assert decision.inputs.rating.expectancy_before is not None
        assert decision.inputs.rating.expectancy_after is not None


def test_an_expectation_that_held_keeps_the_level_and_is_tested_again(inhibitory: Protocol) -> None:
    session = exposed(inhibitory)
    session.answers = False
    begun_s = session.t_s
    while session.t_s < begun_s + 400.0:
        session.run(session.t_s + 1.0)
        waiting = session.state.ratings.open
        if waiting is not None:
            given = {"suds": 30, "expectancy-level-before": 80, "expectancy-level-after": 75}[waiting.purpose.value]
            session.feed(Answered(waiting.panel_id, "suds" if given == 30 else "expectancy", given))
    assert levels(session) == [0]
    assert sum(one.scale == "expectancy-level-after" for one in session.all_of(Rated)) >= 3
    assert any(Reason.EXPECTATION_HELD in decision.reasons for decision in session.decisions)


def test_what_was_expected_on_one_level_does_not_count_on_the_next(inhibitory: Protocol) -> None:
    session = exposed(inhibitory)
    while levels(session) == [0] and session.t_s < 1500.0:
        session.run(session.t_s + 5.0)
    assert session.state.ratings.level_before is None
    assert session.state.ratings.level_after is None


def test_questions_are_not_asked_on_top_of_each_other(inhibitory: Protocol) -> None:
    session = exposed(inhibitory).run(1400.0)
    at_s = at_s_of(session, "suds", "expectancy")
    begun_s = min(at_s_of(session, "expectancy")) + 60.0
    assert all(after - before >= 8.0 for before, after in pairwise(one for one in at_s if one > begun_s))


def test_sickness_is_asked_where_the_protocol_says_so() -> None:
    assert "fms" in asked(exposed(protocol(sickness={"ask": True, "every_s": 90.0})).run(480.0))
    assert "fms" not in asked(exposed(protocol()).run(480.0))


def test_rising_sickness_lowers_and_holds_and_much_of_it_stops() -> None:
    session = exposed(protocol())
    session.answers = False
    session.feed(Therapist(TherapistAction.SICKNESS, 0))
    while session.state.place.current_0to1 < 0.2:
        session.run(session.t_s + 12.0)
        session.rate(20)
    before = session.state.place.current_0to1
    session.feed(Therapist(TherapistAction.SICKNESS, 6))
    assert session.decisions[-1].rule is Rule.GUARD_SICKNESS_DOWN
    assert session.decisions[-1].limiting is Reason.SICKNESS_RISING
    session.run(session.t_s + 60.0)
    session.rate(10)
    session.run(session.t_s + 60.0)
    assert session.state.place.current_0to1 == pytest.approx(before - 0.1), "one step for one rating, and none up"
    session.feed(Therapist(TherapistAction.SICKNESS, 10))
    assert session.state.health.latched == (Reason.SICKNESS,)
    session.feed(Therapist(TherapistAction.RESUME))
    session.run(session.t_s + 2.0)
    assert not session.state.health.latched, "after a resume the patient is asked anew"


@pytest.mark.parametrize("amount", [None, -1.0, 21.0, 3.5])
def test_an_impossible_sickness_is_refused(amount: float | None) -> None:
    session = exposed(protocol())
    session.feed(Therapist(TherapistAction.SICKNESS, amount))
    assert session.notices()[-1] == "command-refused"
    assert session.state.ratings.fms is None


def test_distraction_shows_its_scene_with_the_intensity_locked() -> None:
    calm = load_protocol("calm-breathing").protocol.model_dump()
    calm.update(mode="distraction", policy="distraction", scene="meadow")
    calm["distraction"] = {"led": True, "pace_per_min": 6.0, "lead_every_s": 60.0}
    session = exposed(Protocol.model_validate(calm)).run(900.0)
    shown = [one for one in session.all_of(SetScene) if one.scene == "meadow"]
    assert shown
    assert {one.intensity_0to1 for one in shown} == {0.0}
    assert shown[-1].overrides == (("pace_per_min", 6.0),)


def test_a_policy_that_raises_leads_to_the_calm_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    session = exposed(protocol())

    class Broken:
        def begin(self) -> None:
            """Nothing."""

        def step(self, state: object, inputs: object) -> None:
            raise ZeroDivisionError

    object.__setattr__(session.setup, "policy", Broken())
    session.run(session.t_s + 1.0)
    assert session.state.health.latched == (Reason.EXCEPTION,)
    assert session.shown is not None
    assert session.shown.scene == "shore"


def test_movement_is_calibrated_and_taken_out_of_the_heart_rate() -> None:
    chosen = protocol(movement={"calibrate": True, "duration_s": 60.0})
    session = moving(rehearsal(chosen, seed=4).begin(), 0.0).run_to("look-and-reach")
    moving(session, None).run_to("expectation")
    assert "movement-calibrated" in session.notices()
    session.run_to("exposure").run(session.t_s + 60.0)
    explained = [decision.inputs.heart.movement_bpm for decision in session.decisions[-200:]]
    assert max(one for one in explained if one is not None) > 1.0
    for decision in session.decisions[-200:]:
        heart = decision.inputs.heart
        if heart.delta_bpm is not None and heart.hr10_bpm is not None and heart.baseline_bpm is not None:
            assert heart.delta_bpm <= max(heart.hr10_bpm - heart.baseline_bpm, 0.0) + 1e-9


def test_without_movement_the_calibration_says_that_it_learnt_nothing() -> None:
    chosen = protocol(movement={"calibrate": True, "duration_s": 60.0})
    session = moving(rehearsal(chosen, seed=4).begin(), 0.0).run_to("expectation")
    assert "movement-not-calibrated" in session.notices()
    assert session.decisions[-1].inputs.heart.movement_bpm is None


def test_ratings_only_needs_no_calibration() -> None:
    chosen = protocol(movement={"calibrate": True, "duration_s": 60.0})
    session = rehearsal(chosen, seed=4, suds_only=True)
    session.strap_on = False
    session.begin().run_to("expectation")
    assert "look-and-reach" not in {one.after.value for one in session.all_of(PhaseChanged)}


def moving(session: Rehearsal, speed_m_s: float | None) -> Rehearsal:
    """From now on the head moves at a speed each second; None: now still, now fast, and the heart follows."""

    def move(session: Rehearsal) -> None:
        if session.t_s % 1.0 == 0.0:
            wave = 0.4 if int(session.t_s) % 30 < 15 else 0.0
            speed = wave if speed_m_s is None else speed_m_s
            session.patient.move(session.t_s, speed)
            session.feed(HeadMoved(speed))

    session.on_tick = move
    return session


@pytest.mark.parametrize("resonance_per_min", [5.0, 6.0])
def test_a_resonance_session_finds_the_pace_at_which_the_heart_swings_most(resonance_per_min: float) -> None:
    session = rehearsal("resonance-breathing", seed=4).begin()
    session.patient = Swinging(resonance_per_min)  # type: ignore[assignment]
    session.run_to("exposure").run(session.t_s + 830.0)
    assert session.state.place.pace_per_min == pytest.approx(resonance_per_min)
    assert f"{resonance_per_min:g}" in [one.detail for one in session.all_of(Noticed) if one.code == "pace-found"]
    paces = {pace for one in session.all_of(SetScene) for name, pace in one.overrides if name == "pace_per_min"}
    assert paces >= {6.5, 6.0, 5.5, 5.0, 4.5}
    assert {one.intensity_0to1 for one in session.all_of(SetScene)} == {0.0}


class Swinging:
    """A heart that swings with the pace it is shown, the most at its resonance."""

    def __init__(self, resonance_per_min: float) -> None:
        self.resonance_per_min, self.pace_per_min = resonance_per_min, 6.0
        self.phase, self.beat_s, self.t_s = 0.0, 0.0, 0.0

    def set_scene(self, t_s: float, _intensity: float | None, pace_per_min: float | None = None) -> None:
        self.pace_per_min = pace_per_min or 6.0

    def advance(self, t_s: float) -> HeartBeatBatch:
        ticks: list[int] = []
        swing_bpm = 7.0 - 3.0 * abs(self.pace_per_min - self.resonance_per_min)
        while True:
            rr_s = 60.0 / (66.0 + swing_bpm * math.sin(self.phase))
            rr_ticks = round(rr_s * 1024)
            if self.beat_s + rr_ticks / 1024 > t_s:
                return HeartBeatBatch(66, tuple(ticks))
            self.beat_s += rr_ticks / 1024
            self.phase += 2.0 * math.pi * self.pace_per_min / 60.0 * rr_ticks / 1024
            ticks.append(rr_ticks)

    def answer(self, panel: str, t_s: float) -> PatientAnswer:
        return PatientAnswer(20, 2.0)
