"""Which further question is due: a level's expectation before and after its test, and sickness."""

from __future__ import annotations

from protocols.schema import Mode
from therapy.session.events import Phase
from therapy.session.state import Draft, Purpose

BETWEEN_PANELS_S = 8.0
ASK_AGAIN_S = 60.0
NOT_ABOVE_SUDS = 75
AFTER_RAMP_S = 2.0
OF_A_LEVEL = (Purpose.LEVEL_BEFORE, Purpose.LEVEL_AFTER)


def due(draft: Draft) -> Purpose | None:
    """What to ask beside SUDS now; nothing while the patient is in distress or has just been asked."""
    state = draft.state
    ratings = state.ratings
    exposed = state.phase is Phase.EXPOSURE and state.place.in_scene and not state.place.paused
    if not exposed or state.health.latched or draft.t_s - ratings.closed_s < BETWEEN_PANELS_S:
        return None
    if ratings.suds is not None and ratings.suds >= NOT_ABOVE_SUDS:
        return None
    return _of_the_level(draft) or _sickness(draft)


def _of_the_level(draft: Draft) -> Purpose | None:
    state, rules = draft.state, draft.protocol.expectation
    ratings = state.ratings
    if not rules.at_each_level or draft.protocol.mode is not Mode.INHIBITORY_LEARNING:
        return None
    entered_s = state.place.level_at_s + state.place.ramp_s + AFTER_RAMP_S
    if draft.t_s < entered_s or draft.t_s - ratings.level_asked_s < ASK_AGAIN_S:
        return None
    if ratings.level_before is None:
        return Purpose.LEVEL_BEFORE
    tested = draft.t_s - ratings.level_answered_s >= rules.test_s
    return Purpose.LEVEL_AFTER if tested and not _violated(draft) else None


def _violated(draft: Draft) -> bool:
    """Whether the expectation on this level is settled already, so that nobody asks a third time."""
    ratings = draft.state.ratings
    if ratings.level_before is None or ratings.level_after is None:
        return False
    return ratings.level_before - ratings.level_after >= draft.protocol.expectation.violated_by


def _sickness(draft: Draft) -> Purpose | None:
    rules, ratings = draft.protocol.sickness, draft.state.ratings
    return Purpose.SICKNESS if rules.ask and draft.t_s - ratings.fms_asked_s >= rules.every_s else None


def asked(draft: Draft, purpose: Purpose) -> None:
    """Remember when one of these questions was asked."""
    if purpose in OF_A_LEVEL:
        draft.change_ratings(level_asked_s=draft.t_s)
    elif purpose is Purpose.SICKNESS:
        draft.change_ratings(fms_asked_s=draft.t_s)


def take_expectancy(draft: Draft, purpose: Purpose, percent: int) -> None:
    """An answer about the present level."""
    match purpose:
        case Purpose.LEVEL_BEFORE:
            draft.change_ratings(level_before=percent, level_after=None, level_answered_s=draft.t_s)
        case Purpose.LEVEL_AFTER:
            draft.change_ratings(level_after=percent, level_answered_s=draft.t_s)
        case _:
            pass


def take_sickness(draft: Draft, fms: int) -> None:
    """A rating of sickness (0-20), asked or entered by the therapist."""
    first = draft.state.ratings.fms_first
    draft.change_ratings(fms=fms, fms_first=fms if first is None else first)
