"""What stood against a step up, and what changed around a moment: the very reasons the loop had."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.explaining.rehearsed import moments_of
from tests.session.rehearsal import Rehearsal, climb, rehearsal
from therapy.control.decision import LoopInputs, Proposal, Reason, Rule, Stage
from therapy.explaining import Explanation, Moment, explain, raised_for_s
from therapy.session.events import Stopped, Therapist, TherapistAction


@pytest.fixture
def exposed() -> Rehearsal:
    session = rehearsal(seed=1).begin().run_to("exposure")
    return session.run(session.t_s + 20.0)


def explained(session: Rehearsal, at_s: float | None = None) -> Explanation:
    return explain(session.setup, moments_of(session), session.t_s if at_s is None else at_s)


def reasons(seen: Explanation) -> list[Reason]:
    return [one.reason for one in seen.objections]


def test_a_second_in_which_the_level_changed_is_told_by_the_change(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    raised = next(one for one in session.decisions if one.applied_0to1 > one.before_0to1)
    seen = explained(session, float(int(raised.t_s)))
    assert seen.decision == raised
    assert seen.objections == ()
    assert seen.proposal.rule is Rule.LADDER_UP
    exactly = explained(session, raised.t_s - 0.125)
    assert exactly.decision.t_s < raised.t_s
    assert exactly.following == raised


def test_changes_around_a_moment_are_the_nearest_ones(exposed: Rehearsal) -> None:
    session = climb(exposed, 3)
    ups = [one for one in session.decisions if one.applied_0to1 > one.before_0to1]
    seen = explained(session, ups[1].t_s + 10.0)
    assert (seen.previous, seen.following) == (ups[1], ups[2])
    assert explained(session, 5.0).previous is None


def test_everything_that_stands_is_named_the_policys_first_when_it_wanted_no_step(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    session.rate(60)
    session.run(session.t_s + 2.0)
    assert reasons(explained(session)) == [Reason.SUDS_IN_WINDOW, Reason.DWELL_SHORT, Reason.RAISE_TOO_SOON]
    assert [one.by_guard for one in explained(session).objections] == [False, False, True]


def test_what_bound_stands_first_when_the_guard_held_a_step_back(exposed: Rehearsal) -> None:
    session = climb(exposed, 1)
    session.feed(Therapist(TherapistAction.CEILING, 1.0))
    session.run(session.t_s + 40.0)
    session.rate(20)
    session.run(session.t_s + 10.0)
    seen = explained(session)
    assert seen.decision.rule is Rule.GUARD_HOLD
    assert seen.decision.limiting is Reason.CEILING
    assert seen.objections[0].reason is Reason.CEILING
    assert seen.allowed.limiting is Reason.CEILING


def test_a_lost_strap_and_a_high_rating_are_both_told(exposed: Rehearsal) -> None:
    session = climb(exposed, 2)
    session.strap_on = False
    session.run(session.t_s + 20.0)
    session.rate(60)
    session.run(session.t_s + 5.0)
    found = reasons(explained(session))
    assert found[0] is Reason.SUDS_IN_WINDOW
    assert Reason.HR_LOST in found


def test_in_the_calm_scene_the_stop_comes_first_and_then_the_therapists_resume(exposed: Rehearsal) -> None:
    session = climb(exposed, 2)
    session.feed(Stopped("key", session.latch_id + 1))
    called_s = session.t_s
    session.run(called_s + 30.0)
    found = reasons(explained(session))
    assert found[0] is Reason.PATIENT_STOPPED
    assert Reason.LATCHED in found
    assert Reason.NOT_GRADING not in found
    seen = explained(session)
    assert seen.previous is not None
    assert seen.previous.calm
    assert seen.previous.t_s == called_s


def test_a_stage_that_only_suggests_stands_against_every_step_of_the_policys(exposed: Rehearsal) -> None:
    session = exposed
    session.setup = replace(session.setup, stage=Stage.SUGGEST_ONLY)
    begun = len(session.journal)
    session.answers = False
    session.rate(20)
    session.run(session.t_s + 60.0)
    late = moments_of(session)[-1].decision
    assert begun < len(session.journal)
    assert late.suggested_0to1 == pytest.approx(0.1)
    seen = explained(session)
    assert reasons(seen) == [Reason.STAGE_SUGGEST_ONLY]
    assert seen.proposal.rule is Rule.LADDER_UP


def test_seconds_of_raised_heart_rate_are_neither_added_nor_cleared_while_it_is_unknown() -> None:
    session = rehearsal(seed=1).begin().run(5.0)
    moment = moments_of(session)[-1]

    def at(t_s: float, delta_bpm: float | None) -> Moment:
        inputs = moment.decision.inputs
        seen: LoopInputs = replace(inputs, t_s=t_s, heart=replace(inputs.heart, delta_bpm=delta_bpm))
        return replace(moment, decision=replace(moment.decision, inputs=seen))

    raised = [at(float(t_s), 16.0) for t_s in range(10)]
    assert raised_for_s(raised, 15.0) == 9.0
    assert raised_for_s([*raised, at(10.0, None), at(11.0, 16.0)], 15.0) == 10.0
    assert raised_for_s([*raised, at(10.0, 14.0)], 15.0) == 0.0


def test_a_policy_that_fails_again_is_told_as_staying(exposed: Rehearsal) -> None:
    class Failing:
        def begin(self) -> None:
            return None

        def step(self, state: object, inputs: LoopInputs) -> tuple[object, Proposal]:
            raise ZeroDivisionError

    moments = moments_of(exposed)
    setup = replace(exposed.setup)
    object.__setattr__(setup, "policy", Failing())
    assert explain(setup, moments, exposed.t_s).proposal.rule is Rule.HOLD
