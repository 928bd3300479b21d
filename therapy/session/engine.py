"""The session as a pure state machine: `step(setup, state, event, t_s) -> (state, outputs)`.

Nothing here reads a clock, draws a random number or touches a device.  Folding the same events
over the same set-up gives the same outputs, bit for bit.
"""

from __future__ import annotations

import math

from protocols.schema import Mode
from therapy.control import loop
from therapy.control.decision import Decision, Reason, Rule
from therapy.frozen import made
from therapy.session import body, phases, ratings
from therapy.session.absorb import absorb
from therapy.session.choice import PACE, PLAY_PACE
from therapy.session.events import (
    Decided,
    Event,
    NoticeCode,
    Output,
    Phase,
    SampleTaken,
    SessionEnded,
    SetScene,
    Tick,
)
from therapy.session.state import Draft, SessionSetup, SessionState
from therapy.session.view import loop_inputs
from therapy.signals import heart as heart_signal

SAMPLE_EVERY_S = 1.0
WISH_LASTS_S = 60.0


def step(setup: SessionSetup, state: SessionState, event: Event, t_s: float) -> tuple[SessionState, tuple[Output, ...]]:
    """Take one event in at session time `t_s`.

    A time that is not finite or lies before the last one is a clock fault: the last time stands
    and nothing rises until a therapist resumes.
    """
    if state.phase is Phase.ENDED:
        return state, ()
    sound = math.isfinite(t_s) and t_s >= state.t_s
    draft = Draft(setup, state, t_s if sound else state.t_s)
    if not sound:
        if state.health.clock_ok:
            draft.notice(NoticeCode.FAULT, "clock: it went back or stopped being a number")
        draft.change_health(clock_ok=False)
    if not state.started:
        phases.begin(draft)
    if state.ratings.is_new:
        draft.change_ratings(is_new=False)
    _shift_paused(draft, state.t_s)
    ticks = isinstance(event, Tick)
    if not ticks:
        absorb(draft, event)
    draft.look()
    _watch_ticks(draft)
    if ticks:
        draft.change(tick_s=draft.t_s)
    _watch_signal(draft)
    if draft.state.phase is not Phase.ENDED:
        ratings.expire(draft)
        _control(draft, event)
        ratings.ask_when_due(draft)
        phases.advance(draft)
    _show(draft, state)
    if ticks:
        _sample(draft)
    if draft.state.phase is Phase.ENDED:
        draft.outputs.sort(key=lambda output: isinstance(output, SessionEnded))  # the end comes last
    return draft.done()


def _show(draft: Draft, before: SessionState) -> None:
    """Say what the patient should see, at first and whenever it changes."""
    after = draft.state
    if before.started and after.place is before.place and after.health is before.health:
        return
    shown = _scene_of(after, draft.setup)
    if not before.started or shown != _scene_of(before, draft.setup):
        draft.emit(shown)


def _scene_of(state: SessionState, setup: SessionSetup) -> SetScene:
    """What the patient should see in a state."""
    place, protocol = state.place, setup.protocol
    if place.in_scene and not state.health.latched:
        return SetScene(protocol.scene, place.current_0to1, place.ramp_s, _play_of(state, setup) or _pace_of(state))
    latch = bool(state.health.latched)
    overrides = protocol.calm.override_pairs if protocol.mode is not Mode.CALM else _with_pace(setup, state)
    return SetScene(protocol.calm.scene, 0.0, 1.0, overrides, latch)


def _pace_of(state: SessionState) -> tuple[tuple[str, float], ...]:
    """The pace that a policy has set, as an override."""
    pace_per_min = state.place.pace_per_min
    return () if pace_per_min is None else ((PACE, pace_per_min),)


def _play_of(state: SessionState, setup: SessionSetup) -> tuple[tuple[str, float], ...]:
    """The pace of a played scene, as an override."""
    metres_per_min = state.place.pace_per_min
    if not setup.protocol.distraction.played or metres_per_min is None:
        return ()
    return ((PLAY_PACE, round(metres_per_min / 60.0, 4)),)


def _with_pace(setup: SessionSetup, state: SessionState) -> tuple[tuple[str, float], ...]:
    """The calm scene's settings, at the pace that a policy has set."""
    others = tuple(pair for pair in setup.protocol.calm.override_pairs if pair[0] != PACE)
    return tuple(sorted((*others, *(_pace_of(state) or setup.pace_pairs))))


def current_scene(setup: SessionSetup, state: SessionState) -> SetScene:
    """What the patient should see now; sent again and again, it renews the player's lease."""
    return _scene_of(state, setup)


def _shift_paused(draft: Draft, last_s: float) -> None:
    """A pause does not count towards a phase or a level."""
    place = draft.state.place
    if place.paused:
        passed_s = draft.t_s - last_s
        draft.change(phase_at_s=draft.state.phase_at_s + passed_s)
        draft.change_place(level_at_s=place.level_at_s + passed_s)


def _watch_ticks(draft: Draft) -> None:
    last_s = draft.state.tick_s
    if last_s is not None and draft.t_s - last_s > draft.setup.watchdog_s and draft.state.health.watchdog_ok:
        draft.change_health(watchdog_ok=False)
        draft.notice(NoticeCode.FAULT, f"watchdog: {draft.t_s - last_s:.1f} s without a step")


def _watch_signal(draft: Draft) -> None:
    """Say once when the heart rate goes stale, is lost, and comes back."""
    heart, said = draft.state.heart, draft.state.health.signal_said
    if heart.reading_s is None:
        return
    age_s = draft.t_s - heart.reading_s
    if age_s > heart_signal.CLEARED_S:
        word = "lost"
    elif age_s > heart_signal.STALE_S:
        word = "lost" if said == "lost" else "stale"
    else:
        word = "here"
    if word == said:
        return
    if word == "here" and said == "lost":
        draft.change_health(signal_back_s=draft.t_s)
    code = {
        "lost": NoticeCode.HEART_RATE_LOST,
        "stale": NoticeCode.HEART_RATE_STALE,
        "here": NoticeCode.HEART_RATE_BACK,
    }[word]
    if said != "never":
        draft.notice(code)
    draft.change_health(signal_said=word)


def _control(draft: Draft, event: Event) -> None:
    inputs = loop_inputs(draft, event)
    state, decision = loop.step(draft.state.loop, inputs, draft.setup.policy)
    draft.change(loop=state)
    draft.emit(made(Decided)(decision))
    _suggest(draft, decision)
    if decision.calm:
        _latch(draft, decision)
    else:
        _apply(draft, decision)
    _expire_wish(draft, decision)


def _suggest(draft: Draft, decision: Decision) -> None:
    """Tell the therapist once what the policy would do where the patient's stage leaves it to a person."""
    wanted = decision.suggested_0to1
    if wanted == draft.state.place.suggested_0to1:
        return
    draft.change_place(suggested_0to1=wanted)
    if wanted is not None:
        way = "up" if wanted > decision.before_0to1 else "down"
        why = " ".join(reason.value for reason in decision.reasons[1:])
        draft.notice(NoticeCode.SUGGESTED, f"{way} {wanted * 10:g} {why}")


def _latch(draft: Draft, decision: Decision) -> None:
    if draft.state.health.latched:
        return
    draft.change_health(latched=decision.reasons, latched_at_s=draft.t_s)
    draft.change_place(
        in_scene=False, current_0to1=0.0, entering_0to1=None, wish=None, paused=False, lowered_at_s=draft.t_s
    )
    ratings.withdraw(draft)
    draft.notice(NoticeCode.LATCHED, " ".join(reason.value for reason in decision.reasons))
    if Reason.HR_FAR_BELOW_BASELINE in decision.reasons:
        draft.notice(NoticeCode.CHECK_FOR_FAINTING)
    draft.speak(draft.protocol.lines.safe)


def _apply(draft: Draft, decision: Decision) -> None:
    entered = decision.rule is Rule.RE_ENTRY
    if entered:
        draft.change_place(in_scene=True, entering_0to1=None)
        draft.notice(NoticeCode.RESUMED, f"{decision.applied_0to1 * 10:g}")
    if decision.pace_per_min is not None:
        draft.change_place(pace_per_min=decision.pace_per_min, pace_at_s=draft.t_s)
        if Reason.PACE_FOUND in decision.reasons:
            draft.notice(NoticeCode.PACE_FOUND, f"{decision.pace_per_min:g}")
    change_0to1 = decision.applied_0to1 - decision.before_0to1
    if change_0to1 == 0.0 and not entered:
        return
    draft.change_place(current_0to1=decision.applied_0to1, level_at_s=draft.t_s, wish=None, ramp_s=decision.ramp_s)
    ratings.leave_level(draft)
    if change_0to1 > 0.0:
        draft.change_place(raised_at_s=draft.t_s)
        draft.speak("" if entered else draft.protocol.lines.step_up)
    elif change_0to1 < 0.0:
        draft.change_place(lowered_at_s=draft.t_s)
        draft.speak("" if decision.rule is Rule.SESSION_PLAN else draft.protocol.lines.step_down)


def _expire_wish(draft: Draft, decision: Decision) -> None:
    place = draft.state.place
    if place.wish is not None and draft.t_s - place.wish_at_s > WISH_LASTS_S:
        draft.change_place(wish=None)
        draft.notice(NoticeCode.WISH_EXPIRED, " ".join(reason.value for reason in decision.reasons))


def _sample(draft: Draft) -> None:
    state = draft.state
    if draft.t_s - state.sampled_s < SAMPLE_EVERY_S:
        return
    body.sample(draft)
    seen = draft.seen
    draft.change(sampled_s=draft.t_s if draft.t_s - state.sampled_s > 2.0 else state.sampled_s + SAMPLE_EVERY_S)
    draft.emit(
        SampleTaken(
            hr10_bpm=seen.hr10_bpm,
            hr5_bpm=seen.hr5_bpm,
            delta_bpm=seen.delta_bpm,
            quality_0to1=seen.quality_0to1,
            age_s=seen.age_s,
            target_0to1=state.place.current_0to1,
            shown_0to1=state.health.shown_0to1,
            scene=state.health.shown_scene,
            scene_time_s=state.health.scene_time_s,
            suds=state.ratings.suds,
        )
    )
