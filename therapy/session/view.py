"""What the loop may see of a session at one moment."""

from __future__ import annotations

import math

from therapy.control.decision import Cause, Limits, LoopInputs, PlaceView, PlayView, RatingView
from therapy.frozen import made
from therapy.session.body import heart_view
from therapy.session.engagement import view_of
from therapy.session.events import (
    Answered,
    BatteryRead,
    Event,
    Fault,
    HeadMoved,
    PacketArrived,
    Phase,
    SensorLink,
    Stopped,
    Therapist,
    Tick,
)
from therapy.session.state import Draft, SessionSetup, SessionState

LEVEL_0TO1 = 0.1
UNPLAYED = PlayView()
MISMATCH_S = 3.0
MISMATCH_REPORTS = 6
STEADY_PHASES = (Phase.FITTING, Phase.REHEARSAL)


def loop_inputs(draft: Draft, event: Event) -> LoopInputs:
    """Everything the control step may use."""
    state, t_s = draft.state, draft.t_s
    stimulus_s = _since(state.place.stimulus_at_s, t_s)
    ignore = stimulus_s is not None and stimulus_s < draft.protocol.heart.ignore_after_event_s
    return made(LoopInputs)(
        t_s=t_s,
        cause=cause_of(event),
        heart=heart_view(draft, ignore=ignore),
        rating=_rating_view(state, t_s),
        limits=_limits(draft.setup, state),
        place=_place_view(draft, stimulus_s),
        age_years=draft.setup.age_years,
        suds_only=state.suds_only,
        stage=draft.setup.stage,
        hr_may_drive=draft.setup.hr_may_drive,
        breath=state.breath,
        play=view_of(state.play) if draft.protocol.distraction.played else UNPLAYED,
    )


def cause_of(event: Event) -> Cause:
    """What made the loop step, for the record."""
    match event:
        case Tick():
            return Cause.TICK
        case PacketArrived():
            return Cause.HEART_RATE
        case SensorLink() | BatteryRead():
            return Cause.SENSOR
        case HeadMoved():
            return Cause.MOVEMENT
        case Answered():
            return Cause.RATING
        case Stopped():
            return Cause.STOP
        case Therapist():
            return Cause.THERAPIST
        case Fault():
            return Cause.FAULT
        case _:
            return Cause.PLAYER


def _since(at_s: float | None, t_s: float) -> float | None:
    return None if at_s is None else t_s - at_s


def _rating_view(state: SessionState, t_s: float) -> RatingView:
    ratings = state.ratings
    return made(RatingView)(
        suds=ratings.suds,
        age_s=_since(ratings.at_s, t_s),
        previous_on_level=ratings.previous_on_level,
        peak_on_level=ratings.peak_on_level,
        lows_in_a_row=ratings.lows_in_a_row,
        given_on_level=ratings.suds is not None and ratings.asked_s >= state.place.level_at_s,
        is_new=ratings.is_new,
        since_signal_return=ratings.at_s is not None and ratings.asked_s >= state.health.signal_back_s,
        missed_in_a_row=ratings.missed_in_a_row,
        fms=ratings.fms,
        fms_rise=None if ratings.fms is None or ratings.fms_first is None else ratings.fms - ratings.fms_first,
        expectancy_before=ratings.level_before,
        expectancy_after=ratings.level_after,
    )


def _limits(setup: SessionSetup, state: SessionState) -> Limits:
    tolerated_level = math.floor(state.place.tolerated_0to1 * 10 + 1e-6)
    return made(Limits)(
        protocol_0to1=setup.protocol.levels.top_0to1,
        therapist_0to1=state.place.ceiling_0to1,
        patient_0to1=setup.patient_limit_0to1,
        suds_calm_at=setup.protocol.steps.calm_at,
        next_0to1=min(tolerated_level + 1, 10) / 10,
    )


def _place_view(draft: Draft, stimulus_s: float | None) -> PlaceView:
    state, t_s = draft.state, draft.t_s
    place, health = state.place, state.health
    entry = entry_now_0to1(draft)
    coming_down = state.phase is Phase.RECOVERY and place.in_scene
    exposing, graded = state.phase is Phase.EXPOSURE, draft.protocol.mode.is_graded
    settled = state.phase not in STEADY_PHASES
    return made(PlaceView)(
        grading=exposing and graded and (place.in_scene or entry is not None),
        paused=place.paused,
        held=place.held,
        level_step_0to1=LEVEL_0TO1,
        current_0to1=place.current_0to1,
        dwell_s=max(t_s - place.level_at_s, 0.0) if place.in_scene else 0.0,
        since_raise_s=_since(place.raised_at_s, t_s),
        since_lower_s=_since(place.lowered_at_s, t_s),
        since_stimulus_s=stimulus_s,
        wish=place.wish,
        wish_is_patients=place.wish_is_patients,
        planned_0to1=0.0 if coming_down else None,
        reentry_0to1=entry,
        head_worn=health.head_worn or not settled,
        head_tracked=health.head_tracked or not settled,
        frames_in_budget=health.frames_in_budget,
        player_present=health.player_present or not health.player_seen,
        player_latched=_latched_by_itself(state, t_s),
        player_matches=not _shows_more(state, t_s),
        patient_stopped=health.patient_stopped,
        therapist_stopped=health.therapist_stopped,
        store_ok=health.store_ok,
        clock_ok=health.clock_ok,
        watchdog_ok=health.watchdog_ok or not settled,
        loop_ok=health.loop_ok,
        in_phase_s=max(draft.in_phase_s, 0.0),
        practising=exposing and not graded,
        pace_per_min=place.pace_per_min,
        since_pace_s=_since(place.pace_at_s, t_s),
        entry_is_planned=entry is not None and place.entering_as_planned,
    )


def _shows_more(state: SessionState, t_s: float) -> bool:
    """Whether the player keeps showing more than commanded: for some seconds and in several reports."""
    health = state.health
    lasting = health.above_command_since_s is not None and t_s - health.above_command_since_s >= MISMATCH_S
    return lasting and health.above_command_reports >= MISMATCH_REPORTS


def _latched_by_itself(state: SessionState, t_s: float) -> bool:
    """Whether the player holds the calm scene though nobody here asked for it."""
    health = state.health
    expected = t_s < health.expected_latch_until_s or state.phase in STEADY_PHASES
    return health.player_latch is not None and not expected


def entry_now_0to1(draft: Draft) -> float | None:
    """The intensity to enter the scene with, once the patient rated since it was offered, and low enough."""
    state = draft.state
    place, ratings = state.place, state.ratings
    if place.entering_0to1 is None or state.health.player_latch is not None or state.health.latched:
        return None
    rated = ratings.at_s is not None and ratings.asked_s >= place.entering_since_s
    low = ratings.suds is not None and ratings.suds < draft.protocol.steps.down_one_at
    return place.entering_0to1 if rated and low else None
