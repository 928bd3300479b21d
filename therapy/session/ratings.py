"""Asking the patient, and what an answer does."""

from __future__ import annotations

from dataclasses import replace

from environments.contract import PanelKind
from therapy.session import questions
from therapy.session.events import Answered, AskPatient, NoticeCode, Phase, Rated, TakePanelAway
from therapy.session.state import NO_TIME_S, Draft, OpenPanel, Purpose

SHORTEST_BETWEEN_S = 45.0
AFTER_RAMP_S = 2.0
TO_APPEAR_S = 5.0
EXPECTANCY_ANSWER_S = 90.0
FIRST_REST_PROMPT_S = 30.0
_PANELS = {
    Purpose.SUDS: PanelKind.SUDS,
    Purpose.EXPECTANCY_BEFORE: PanelKind.EXPECTANCY,
    Purpose.EXPECTANCY_AFTER: PanelKind.EXPECTANCY,
    Purpose.LEVEL_BEFORE: PanelKind.EXPECTANCY,
    Purpose.LEVEL_AFTER: PanelKind.EXPECTANCY,
    Purpose.SICKNESS: PanelKind.FMS,
    Purpose.PAIN_BEFORE: PanelKind.NRS,
    Purpose.PAIN_AFTER: PanelKind.NRS,
}
SICKNESS_QUESTION = "How sick does the picture make you feel, 0 to 20?"
MOST = {Purpose.SICKNESS: 20, Purpose.PAIN_BEFORE: 10, Purpose.PAIN_AFTER: 10}
"""The highest answer where it is not 100."""


def ask(draft: Draft, purpose: Purpose) -> None:
    """Put a question before the patient, in place of any other."""
    ratings = draft.state.ratings
    if ratings.open is not None:
        draft.emit(TakePanelAway(ratings.open.panel_id))
    panel_id = ratings.next_panel_id
    words = {
        Purpose.SUDS: draft.protocol.prompts.question,
        Purpose.EXPECTANCY_BEFORE: draft.protocol.expectation.question,
        Purpose.EXPECTANCY_AFTER: draft.protocol.expectation.question_after,
        Purpose.LEVEL_BEFORE: draft.protocol.expectation.question_level,
        Purpose.LEVEL_AFTER: draft.protocol.expectation.question_level_after,
        Purpose.SICKNESS: SICKNESS_QUESTION,
        Purpose.PAIN_BEFORE: draft.protocol.pain.question,
        Purpose.PAIN_AFTER: draft.protocol.pain.question_after,
    }[purpose]
    draft.emit(AskPatient(panel_id, _PANELS[purpose].value, words))
    draft.change_ratings(
        open=OpenPanel(panel_id, purpose, draft.t_s, asked_0to1=draft.state.place.current_0to1),
        next_panel_id=panel_id + 1,
    )
    if purpose is Purpose.SUDS:
        draft.change_ratings(prompted_s=draft.t_s)
    questions.asked(draft, purpose)


def show_message(draft: Draft, words: str) -> None:
    """Put words before the patient that need no answer; they stay until withdrawn."""
    withdraw(draft)
    panel_id = draft.state.ratings.next_panel_id
    draft.emit(AskPatient(panel_id, PanelKind.MESSAGE.value, words))
    draft.change_ratings(open=OpenPanel(panel_id, Purpose.MESSAGE, draft.t_s), next_panel_id=panel_id + 1)


def withdraw(draft: Draft) -> None:
    """Take the open question away without counting it as missed."""
    if draft.state.ratings.open is not None:
        draft.emit(TakePanelAway(draft.state.ratings.open.panel_id))
        draft.change_ratings(open=None, closed_s=draft.t_s)


def leave_level(draft: Draft) -> None:
    """Another level begins: nothing that was said on the last one counts for it."""
    waiting = draft.state.ratings.open
    if waiting is not None and waiting.purpose in questions.OF_A_LEVEL:
        withdraw(draft)
    draft.change_ratings(
        previous_on_level=None, peak_on_level=None, lows_in_a_row=0, level_before=None, level_after=None
    )


def appeared(draft: Draft, panel_id: int) -> None:
    """The time to answer runs from when the patient can see the question."""
    if panel_id == 0:
        draft.change_ratings(dial_s=draft.t_s, dial_0to1=draft.state.place.current_0to1)
    waiting = draft.state.ratings.open
    if waiting is not None and waiting.panel_id == panel_id and waiting.shown_s is None:
        draft.change_ratings(open=replace(waiting, shown_s=draft.t_s))


def answer(draft: Draft, event: Answered) -> None:
    """Take an answer in.

    An answer to a question no longer open counts only if it asks for less: a rating high enough to step down.
    """
    waiting = draft.state.ratings.open
    is_open = waiting is not None and waiting.panel_id == event.panel_id
    most = MOST.get(waiting.purpose, 100) if is_open and waiting is not None else 100
    if not 0 <= event.answer <= most:
        draft.notice(NoticeCode.COMMAND_REFUSED, f"an answer of {event.answer} is outside 0 to {most}")
        return
    if is_open and waiting is not None:
        draft.change_ratings(open=None, missed_in_a_row=0, closed_s=draft.t_s)
        _answered(draft, waiting, event.answer)
        return
    if event.panel != PanelKind.SUDS.value:
        return
    if event.panel_id == 0 or event.answer >= draft.protocol.steps.down_one_at:
        low = event.panel_id == 0 and event.answer < draft.protocol.steps.down_one_at
        opened_s = draft.state.ratings.dial_s if low else None
        draft.change_ratings(dial_s=None)
        opened_0to1 = draft.state.place.current_0to1 if opened_s is None else draft.state.ratings.dial_0to1
        _rated(draft, event.answer, draft.t_s if opened_s is None else opened_s, opened_0to1, prompted=False)


def _answered(draft: Draft, waiting: OpenPanel, given: int) -> None:
    """An answer to the question that is open."""
    if waiting.purpose is Purpose.MESSAGE:
        return
    if waiting.purpose is Purpose.SUDS:
        raised_s = draft.state.place.raised_at_s
        after_raise = raised_s is not None and raised_s >= waiting.asked_s
        high = given >= draft.protocol.steps.down_one_at
        felt_s = draft.t_s if high and after_raise else waiting.asked_s
        _rated(draft, given, felt_s, waiting.asked_0to1, prompted=True)
        return
    if waiting.purpose is Purpose.SICKNESS:
        questions.take_sickness(draft, given)
    else:
        questions.take_expectancy(draft, waiting.purpose, given)
    draft.emit(Rated(waiting.purpose.value, given, True, draft.state.place.current_0to1))


def _rated(draft: Draft, suds: int, asked_s: float, asked_0to1: float, *, prompted: bool) -> None:
    """A rating counts for the lower of the levels on which it was asked and answered."""
    place, ratings = draft.state.place, draft.state.ratings
    on_level = asked_s >= place.level_at_s
    peak = ratings.peak_on_level
    if on_level:
        peak = suds if peak is None else max(peak, suds)
        if place.in_scene and suds < draft.protocol.steps.down_one_at:
            draft.change_place(tolerated_0to1=max(place.tolerated_0to1, place.current_0to1))
    earlier_s = ratings.asked_s if ratings.suds is not None else NO_TIME_S
    low = suds < draft.protocol.steps.up_below_suds
    draft.change_ratings(
        suds=suds,
        at_s=draft.t_s,
        asked_s=asked_s,
        previous_on_level=ratings.suds if on_level and earlier_s >= place.level_at_s else None,
        peak_on_level=peak,
        lows_in_a_row=ratings.lows_in_a_row + 1 if low and on_level else 0,
        missed_in_a_row=0,
        is_new=True,
    )
    draft.emit(Rated(Purpose.SUDS.value, suds, prompted, min(asked_0to1, place.current_0to1)))


def expire(draft: Draft) -> None:
    """Withdraw what was not answered in time."""
    waiting = draft.state.ratings.open
    if waiting is not None:
        _expire(draft, waiting)


def ask_when_due(draft: Draft) -> None:
    """Ask when the next rating is due; comes after the decision, so that no question goes with a change of level."""
    if draft.state.ratings.open is not None:
        return
    if (further := questions.due(draft)) is Purpose.LEVEL_BEFORE:
        ask(draft, further)
    elif _due(draft):
        ask(draft, Purpose.SUDS)
    elif further is not None:
        ask(draft, further)


def _expire(draft: Draft, waiting: OpenPanel) -> None:
    if waiting.purpose is Purpose.MESSAGE:
        return
    since_s = waiting.asked_s + TO_APPEAR_S if waiting.shown_s is None else waiting.shown_s
    suds = waiting.purpose is Purpose.SUDS
    within_s = draft.protocol.prompts.answer_within_s if suds else EXPECTANCY_ANSWER_S
    if draft.t_s - since_s < within_s:
        return
    withdraw(draft)
    draft.notice(NoticeCode.PROMPT_MISSED, waiting.purpose.value)
    if suds:
        draft.change_ratings(missed_in_a_row=draft.state.ratings.missed_in_a_row + 1)


def _due(draft: Draft) -> bool:
    state = draft.state
    since_s = draft.t_s - state.ratings.prompted_s
    if state.place.paused or state.health.latched or since_s < SHORTEST_BETWEEN_S:
        return False
    if draft.t_s - state.ratings.level_answered_s < questions.BETWEEN_PANELS_S:
        return False
    if state.phase in (Phase.BASELINE, Phase.RECOVERY):
        return _due_at_rest(draft)
    if state.phase is not Phase.EXPOSURE or not draft.protocol.mode.is_graded:
        return False
    if not state.place.in_scene:
        return state.place.entering_0to1 is not None
    entered_s = state.place.level_at_s + state.place.ramp_s + AFTER_RAMP_S
    if draft.t_s < entered_s:
        return False
    prompts, steps = draft.protocol.prompts, draft.protocol.steps
    climbs_below = max(steps.up_below_suds, steps.edge_below_suds)
    low = state.ratings.suds is not None and state.ratings.suds < climbs_below
    if since_s >= (prompts.climbing_s if low or state.ratings.suds is None else prompts.window_s):
        return True
    return state.ratings.prompted_s < state.place.level_at_s


def _due_at_rest(draft: Draft) -> bool:
    """Once in the baseline, and once in the calm scene of the recovery."""
    state = draft.state
    since_s = state.phase_at_s if state.phase is Phase.BASELINE else state.calm_since_s
    if since_s is None or state.ratings.prompted_s >= since_s:
        return False
    wait_s = FIRST_REST_PROMPT_S if state.phase is Phase.BASELINE else FIRST_REST_PROMPT_S * 2.0
    return draft.t_s - since_s >= wait_s
