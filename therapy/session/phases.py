"""The session's way: fitting, stop rehearsal, baseline, expectation, exposure, recovery, review, end."""

from __future__ import annotations

from protocols.schema import Mode
from therapy.control import guard
from therapy.control.decision import Reason
from therapy.control.loop import LoopState
from therapy.session import body, ratings
from therapy.session.events import (
    BaselineSettled,
    NoticeCode,
    Outcome,
    Phase,
    SessionEnded,
    Unlatch,
)
from therapy.session.state import Draft, Purpose
from therapy.signals.baseline import baseline_of

CHOICE_S = 180.0
REHEARSAL_REPEAT_S = 60.0
REHEARSAL_AT_MOST_S = 240.0
REHEARSAL_REST_S = 2.0
RELEASE_REPEAT_S = 10.0
SAFE_AT_MOST_S = 300.0
ENTRY_AT_MOST_S = 300.0
BEFORE_EXPOSURE = (Phase.FITTING, Phase.REHEARSAL, Phase.BASELINE, Phase.LOOK_AND_REACH, Phase.EXPECTATION)


def begin(draft: Draft) -> None:
    """The first step of a session."""
    draft.change(started=True, phase_at_s=draft.t_s, said_at_s=draft.t_s, suds_only=draft.setup.suds_only)
    draft.change_place(
        ceiling_0to1=draft.protocol.levels.ceiling_0to1,
        tolerated_0to1=draft.setup.tolerated_0to1,
        ramp_s=guard.CALM_RAMP_S,
    )
    draft.speak(draft.protocol.lines.welcome)


def advance(draft: Draft) -> None:
    """Move the session on, if it is time."""
    state = draft.state
    if state.stopping is not None:
        finish(draft, Outcome.STOPPED_BY_THERAPIST, state.stopping)
        return
    if state.place.paused or state.phase is Phase.ENDED:
        return
    if state.health.latched and state.phase in BEFORE_EXPOSURE:
        if draft.t_s - state.health.latched_at_s >= SAFE_AT_MOST_S:
            finish(draft, *outcome_of(state.health.latched))
        return
    _PHASES[state.phase](draft)


def finish(draft: Draft, outcome: Outcome, detail: str = "") -> None:
    """End the session."""
    if draft.state.phase is Phase.ENDED:
        return
    ratings.withdraw(draft)
    draft.enter(Phase.ENDED)
    draft.change(outcome=outcome, outcome_detail=detail)
    draft.change_place(in_scene=False, current_0to1=0.0)
    draft.speak(draft.protocol.lines.goodbye)
    draft.emit(SessionEnded(outcome, detail))


def _fitting(draft: Draft) -> None:
    if draft.state.suds_only and not draft.state.heart.connected_s:
        _after_fitting(draft)
        return
    fitting = draft.protocol.fitting
    seen = draft.seen
    good = seen.hr10_bpm is not None and seen.quality_0to1 >= fitting.quality_at_least and seen.contact is not False
    since_s = draft.state.good_since_s
    if good and since_s is None:
        draft.change(good_since_s=draft.t_s)
    elif not good:
        draft.change(good_since_s=None)
    elif since_s is not None and draft.t_s - since_s >= fitting.good_for_s:
        draft.notice(NoticeCode.STRAP_FITTED, f"{seen.quality_0to1:.2f}")
        _after_fitting(draft)
        return
    if draft.in_phase_s >= fitting.at_most_s:
        _choose(draft, NoticeCode.FIT_POOR, "strap-not-fitted")


def _after_fitting(draft: Draft) -> None:
    if draft.protocol.stop_rehearsal:
        draft.enter(Phase.REHEARSAL)
        _say_rehearsal(draft)
    else:
        _begin_baseline(draft)


def _choose(draft: Draft, code: NoticeCode, detail: str) -> None:
    """Wait for the therapist to choose: try on, or ratings only; without a choice the session ends unstarted."""
    if draft.state.suds_only:
        if draft.state.phase is Phase.FITTING:
            _after_fitting(draft)
        else:
            _after_baseline(draft)
    elif draft.state.choice_since_s is None:
        draft.change(choice_since_s=draft.t_s)
        draft.notice(code)
    elif draft.t_s - draft.state.choice_since_s >= CHOICE_S:
        finish(draft, Outcome.NOT_STARTED, detail)


def _say_rehearsal(draft: Draft) -> None:
    draft.change(said_at_s=draft.t_s)
    draft.speak(draft.protocol.lines.rehearsal)
    ratings.show_message(draft, "Try your stop now")


def _rehearsal(draft: Draft) -> None:
    done_s = draft.state.rehearsed_at_s
    if done_s is not None:
        _release_rehearsal(draft, done_s)
    elif draft.in_phase_s >= REHEARSAL_AT_MOST_S:
        draft.notice(NoticeCode.STOP_NOT_REHEARSED)
        finish(draft, Outcome.NOT_STARTED, "stop-not-rehearsed")
    elif draft.t_s - draft.state.said_at_s >= REHEARSAL_REPEAT_S:
        _say_rehearsal(draft)


def _release_rehearsal(draft: Draft, done_s: float) -> None:
    """Let the picture come back, and go on once the player says it did."""
    if draft.t_s - done_s < REHEARSAL_REST_S:
        return
    ratings.withdraw(draft)
    if draft.state.health.player_latch is None:
        _begin_baseline(draft)
    elif draft.state.said_at_s < done_s or draft.t_s - draft.state.said_at_s >= RELEASE_REPEAT_S:
        draft.change(said_at_s=draft.t_s)
        draft.emit(Unlatch(draft.state.health.player_latch_id))


def _begin_baseline(draft: Draft) -> None:
    draft.enter(Phase.BASELINE)
    draft.speak(draft.protocol.lines.baseline)


def _baseline(draft: Draft) -> None:
    rules = draft.protocol.baseline
    if draft.in_phase_s < rules.duration_s:
        return
    found = baseline_of(draft.state.samples, rules.valid_s)
    if found is not None:
        draft.change(baseline=found)
        draft.look()
        draft.emit(BaselineSettled(found.bpm, found.spread_bpm, found.valid_s))
        draft.notice(NoticeCode.BASELINE_SETTLED, f"{found.bpm:.0f} {found.spread_bpm:.0f}")
    if found is not None or (draft.state.suds_only and not draft.state.heart.connected_s):
        _after_baseline(draft)
    elif draft.in_phase_s >= rules.at_most_s:
        _choose(draft, NoticeCode.BASELINE_NOT_SETTLED, "baseline-not-settled")


def _after_baseline(draft: Draft) -> None:
    if draft.protocol.movement.calibrate and draft.state.baseline is not None and not draft.state.suds_only:
        draft.enter(Phase.LOOK_AND_REACH)
        draft.speak(draft.protocol.lines.look_and_reach)
    else:
        _ask_expectation(draft)


def _look_and_reach(draft: Draft) -> None:
    if draft.in_phase_s < draft.protocol.movement.duration_s and not draft.state.suds_only:
        return
    model = body.calibrated(draft)
    draft.change(movement_model=model)
    draft.notice(NoticeCode.MOVEMENT_NOT_CALIBRATED if model is None else NoticeCode.MOVEMENT_CALIBRATED)
    _ask_expectation(draft)


def _ask_expectation(draft: Draft) -> None:
    if draft.protocol.expectation.ask and draft.protocol.mode.is_graded:
        draft.enter(Phase.EXPECTATION)
        ratings.ask(draft, Purpose.EXPECTANCY_BEFORE)
    elif draft.protocol.pain.ask:
        draft.enter(Phase.EXPECTATION)
        ratings.ask(draft, Purpose.PAIN_BEFORE)
    else:
        _begin_exposure(draft)


def _expectation(draft: Draft) -> None:
    if draft.state.ratings.open is None:
        _begin_exposure(draft)


def _begin_exposure(draft: Draft) -> None:
    draft.enter(Phase.EXPOSURE)
    draft.speak(draft.protocol.lines.exposure)
    if draft.protocol.mode is Mode.DISTRACTION:
        draft.change_place(in_scene=True, level_at_s=draft.t_s)
    if not draft.protocol.mode.is_graded:
        return
    start_0to1 = min(draft.protocol.levels.start_0to1, draft.setup.tolerated_0to1)
    if start_0to1 <= 0.0:
        draft.change_place(in_scene=True, current_0to1=0.0, level_at_s=draft.t_s)
        return
    admitted = LoopState(draft.state.loop.policy, guard.admit(draft.state.loop.guard, start_0to1))
    draft.change(loop=admitted)
    draft.change_place(entering_0to1=start_0to1, entering_since_s=draft.t_s, entering_as_planned=True)


def _exposure(draft: Draft) -> None:
    health, place = draft.state.health, draft.state.place
    if health.latched:
        if draft.t_s - health.latched_at_s >= SAFE_AT_MOST_S:
            begin_recovery(draft)
        return
    waiting = place.entering_0to1 is not None and draft.t_s - place.entering_since_s >= ENTRY_AT_MOST_S
    if waiting or draft.in_phase_s >= draft.protocol.exposure.duration_s:
        begin_recovery(draft)


def begin_recovery(draft: Draft) -> None:
    """Start to step down; the calm scene follows when the lowest level is reached."""
    ratings.withdraw(draft)
    draft.change_place(entering_0to1=None, wish=None, held=False, paused=False)
    draft.enter(Phase.RECOVERY)
    draft.speak(draft.protocol.lines.recovery)


def _recovery(draft: Draft) -> None:
    place = draft.state.place
    if place.in_scene:
        settled = draft.t_s - place.level_at_s >= place.ramp_s
        if place.current_0to1 <= 0.0 and settled:
            draft.change_place(in_scene=False)
        return
    if draft.state.calm_since_s is None:
        draft.change(calm_since_s=draft.t_s)
        if draft.protocol.pain.ask:
            ratings.ask(draft, Purpose.PAIN_AFTER)
    elif draft.t_s - draft.state.calm_since_s >= draft.protocol.recovery.duration_s:
        draft.enter(Phase.REVIEW)
        if draft.protocol.expectation.ask and draft.protocol.mode.is_graded:
            ratings.ask(draft, Purpose.EXPECTANCY_AFTER)


def _review(draft: Draft) -> None:
    if draft.state.ratings.open is None:
        finish(draft, *outcome_of(draft.state.health.latched))


def outcome_of(latched: tuple[Reason, ...]) -> tuple[Outcome, str]:
    """How a session ended that ended with or without a latch."""
    if not latched:
        return Outcome.COMPLETED, ""
    outcome = {
        Reason.PATIENT_STOPPED: Outcome.STOPPED_BY_PATIENT,
        Reason.THERAPIST_STOPPED: Outcome.STOPPED_BY_THERAPIST,
    }.get(latched[0], Outcome.SAFETY_STOP)
    return outcome, latched[0].value


_PHASES = {
    Phase.FITTING: _fitting,
    Phase.REHEARSAL: _rehearsal,
    Phase.BASELINE: _baseline,
    Phase.LOOK_AND_REACH: _look_and_reach,
    Phase.EXPECTATION: _expectation,
    Phase.EXPOSURE: _exposure,
    Phase.RECOVERY: _recovery,
    Phase.REVIEW: _review,
}
