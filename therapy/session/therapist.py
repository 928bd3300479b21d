"""What a therapist can do; every command is on the record, a refused one with its reason."""

from __future__ import annotations

from therapy.control import guard
from therapy.control.decision import Wish
from therapy.session import phases, questions, ratings
from therapy.session.events import (
    AdjustSound,
    FaceAhead,
    GuideBreath,
    NoticeCode,
    Phase,
    Rated,
    Speak,
    Stimulate,
    Therapist,
    TherapistAction,
    Unlatch,
)
from therapy.session.hearing import PLAIN, POSSIBLE, adjusted
from therapy.session.state import Draft, Purpose

RELEASE_GRACE_S = 5.0
SICKNESS_MOST = 20
GUIDED_PER_MIN = (3.0, 15.0)
"""The paces of the breathing guide."""


def act(draft: Draft, command: Therapist) -> None:
    """Carry a command out, or refuse it with the reason."""
    handlers = {
        TherapistAction.UP: _wish,
        TherapistAction.DOWN: _wish,
        TherapistAction.HOLD: _hold,
        TherapistAction.GO_ON: _go_on,
        TherapistAction.PAUSE: _pause,
        TherapistAction.SAFE: _safe,
        TherapistAction.STOP: _stop,
        TherapistAction.RESUME: _resume,
        TherapistAction.CEILING: _ceiling,
        TherapistAction.SUDS_ONLY: _suds_only,
        TherapistAction.RECOVER: _recover,
        TherapistAction.ASK: _ask,
        TherapistAction.EVENT: _event,
        TherapistAction.SAY: _say,
        TherapistAction.GUIDE: _guide,
        TherapistAction.RECENTRE: _recentre,
        TherapistAction.SOUND: _sound,
        TherapistAction.NOTE: _note,
        TherapistAction.EXPECTATION: _note,
        TherapistAction.SICKNESS: _sickness,
    }
    handlers[command.action](draft, command)


def refuse(draft: Draft, why: str) -> None:
    """Say why a command was not carried out."""
    draft.notice(NoticeCode.COMMAND_REFUSED, why)


def _wish(draft: Draft, command: Therapist) -> None:
    if draft.state.health.latched:
        refuse(draft, "the calm scene is held; resume first")
        return
    if not draft.state.place.in_scene:
        refuse(draft, "levels change only while the patient is in the exposure scene")
        return
    if command.action is TherapistAction.DOWN and draft.state.place.current_0to1 <= 0.0:
        refuse(draft, "this is the lowest level already")
        return
    wish = Wish.UP if command.action is TherapistAction.UP else Wish.DOWN
    draft.change_place(wish=wish, wish_is_patients=False, wish_at_s=draft.t_s)


def _hold(draft: Draft, _command: Therapist) -> None:
    draft.change_place(held=True, wish=None)
    draft.notice(NoticeCode.PAUSED, "level held")
    draft.speak(draft.protocol.lines.hold)


def _go_on(draft: Draft, _command: Therapist) -> None:
    place = draft.state.place
    if draft.state.choice_since_s is not None:
        draft.change(choice_since_s=None, phase_at_s=draft.t_s)
    elif place.held or place.paused:
        draft.change_place(held=False, paused=False)
        draft.notice(NoticeCode.CONTINUED)
    else:
        refuse(draft, "nothing is held or paused")


def _pause(draft: Draft, _command: Therapist) -> None:
    if not draft.state.place.paused:
        ratings.withdraw(draft)
        draft.change_place(paused=True)
        draft.notice(NoticeCode.PAUSED)


def _safe(draft: Draft, _command: Therapist) -> None:
    draft.change_health(therapist_stopped=True)
    ratings.withdraw(draft)


def _stop(draft: Draft, command: Therapist) -> None:
    """End the session; the guard decides on the calm scene first, so that the stop is a decision on the record."""
    _safe(draft, command)
    draft.change(stopping=command.text)


def _resume(draft: Draft, command: Therapist) -> None:
    state = draft.state
    if not state.health.latched:
        if not state.health.clock_ok:
            draft.change_health(clock_ok=True)
            draft.notice(NoticeCode.CONTINUED)
            return
        _go_on(draft, command)
        return
    if state.phase in (Phase.RECOVERY, Phase.REVIEW):
        refuse(draft, "the session is coming to its end in the calm scene")
        return
    if not state.health.store_ok:
        refuse(draft, "the record cannot be written; end the session")
        return
    was_0to1 = state.loop.guard.latched_from_0to1
    draft.change(loop=type(state.loop)(state.loop.policy, guard.release(state.loop.guard)))
    draft.change_health(
        latched=(),
        patient_stopped=False,
        therapist_stopped=False,
        loop_ok=True,
        watchdog_ok=True,
        clock_ok=True,
        above_command_since_s=None,
        player_latch=None,
        expected_latch_until_s=draft.t_s + RELEASE_GRACE_S,
    )
    draft.change_ratings(missed_in_a_row=0, is_new=False, fms=None)
    draft.emit(Unlatch(state.health.player_latch_id))
    if state.phase is Phase.EXPOSURE and draft.protocol.mode.is_graded:
        _go_back_to(draft, max(round(was_0to1 * 20) - 2, 0) / 20)
    else:
        draft.change_place(paused=False)
        if state.phase is Phase.EXPECTATION:
            ratings.ask(draft, Purpose.PAIN_BEFORE if draft.protocol.pain.ask else Purpose.EXPECTANCY_BEFORE)
        draft.notice(NoticeCode.RESUMED)


def _go_back_to(draft: Draft, intensity_0to1: float) -> None:
    """Ask the patient, and let the loop enter the scene again when the answer allows it."""
    draft.change_place(
        entering_0to1=intensity_0to1, entering_since_s=draft.t_s, entering_as_planned=False, wish=None, paused=False
    )
    draft.notice(NoticeCode.RESUMING, f"{intensity_0to1 * 10:g}")


def _ceiling(draft: Draft, command: Therapist) -> None:
    place = draft.state.place
    top = draft.protocol.levels.top
    if command.amount is None or not 0 <= command.amount <= top or command.amount != int(command.amount):
        refuse(draft, f"a ceiling is a whole level from 0 to {top}")
        return
    raised = command.amount / 10 > place.ceiling_0to1
    if raised and not command.text.strip():
        refuse(draft, "raising the ceiling needs a reason, which goes on the record")
        return
    draft.change_place(ceiling_0to1=int(command.amount) / 10)
    draft.notice(NoticeCode.CEILING_CHANGED, f"{int(command.amount)} {command.text}".strip())


def _suds_only(draft: Draft, command: Therapist) -> None:
    draft.change(suds_only=True, choice_since_s=None)
    draft.notice(NoticeCode.SUDS_ONLY, command.text)


def _recover(draft: Draft, _command: Therapist) -> None:
    if draft.state.phase is not Phase.EXPOSURE:
        refuse(draft, "only an exposure can be ended by stepping down")
        return
    phases.begin_recovery(draft)


def _ask(draft: Draft, _command: Therapist) -> None:
    if draft.state.ratings.open is not None:
        refuse(draft, "a question is already open")
    elif draft.t_s - draft.state.ratings.prompted_s < ratings.SHORTEST_BETWEEN_S:
        refuse(draft, "the last question was less than 45 s ago")
    else:
        ratings.ask(draft, Purpose.SUDS)


def _sickness(draft: Draft, command: Therapist) -> None:
    amount = command.amount
    if amount is None or not 0 <= amount <= SICKNESS_MOST or amount != int(amount):
        refuse(draft, f"sickness is a whole number from 0 to {SICKNESS_MOST}")
        return
    questions.take_sickness(draft, int(amount))
    draft.emit(Rated(Purpose.SICKNESS.value, int(amount), False, draft.state.place.current_0to1))


def _event(draft: Draft, command: Therapist) -> None:
    if command.text not in draft.setup.event_names:
        known = ", ".join(draft.setup.event_names) or "none"
        refuse(draft, f"{draft.protocol.scene} has no event {command.text!r}; it has {known}")
    elif not draft.state.place.in_scene or draft.state.place.paused:
        refuse(draft, "events are fired during the exposure")
    else:
        draft.emit(Stimulate(command.text))
        draft.change_place(stimulus_at_s=draft.t_s)
        draft.notice(NoticeCode.EVENT_FIRED, command.text)


def _say(draft: Draft, command: Therapist) -> None:
    draft.emit(Speak(command.text))


def _guide(draft: Draft, command: Therapist) -> None:
    slowest, fastest = GUIDED_PER_MIN
    if command.amount is not None and not slowest <= command.amount <= fastest:
        refuse(draft, f"a guided breath has {slowest:g} to {fastest:g} a minute")
        return
    draft.emit(GuideBreath(command.amount))


def _recentre(draft: Draft, _command: Therapist) -> None:
    draft.emit(FaceAhead())


def _sound(draft: Draft, command: Therapist) -> None:
    if adjusted(PLAIN, command.text) is None:
        refuse(draft, POSSIBLE)
        return
    if draft.state.sound_problem is None:
        refuse(draft, "this session has no sound; start it in a window at life's pace, or with --sound on")
        return
    draft.emit(AdjustSound(command.text))


def _note(draft: Draft, command: Therapist) -> None:
    code = NoticeCode.NOTE if command.action is TherapistAction.NOTE else NoticeCode.EXPECTATION
    draft.notice(code, command.text)
