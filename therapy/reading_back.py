"""The player's state as the session reads it back."""

from __future__ import annotations

from environments.contract import PlayerState, SoundState
from environments.scenes.manifest import BREATH_PACE, BREATH_PHASE
from therapy.session.events import PlayerSaid, SoundSaid

SHOWN_CHANGE_0TO1 = 0.01


def is_news(report: PlayerState, last: PlayerState | None) -> bool:
    """Whether the session has to hear of it at once, and not only with the next second's report."""
    if last is None:
        return True
    same = (report.scene, report.latch, report.latch_id, report.head_worn, report.head_tracked) == (
        last.scene,
        last.latch,
        last.latch_id,
        last.head_worn,
        last.head_tracked,
    )
    changed = abs(report.intensity_0to1 - last.intensity_0to1) > SHOWN_CHANGE_0TO1
    return not same or changed or report.frames_in_budget != last.frames_in_budget


def said_of(report: PlayerState) -> PlayerSaid:
    """The event that the session takes in."""
    return PlayerSaid(
        scene=report.scene,
        intensity_0to1=report.intensity_0to1,
        scene_time_s=report.scene_time_s,
        latch=report.latch.value if report.latch else None,
        latch_id=report.latch_id,
        head_worn=report.head_worn,
        head_tracked=report.head_tracked,
        frames_in_budget=report.frames_in_budget,
        pace_per_min=_number(report.parameters.get(BREATH_PACE)),
        breath_phase_cycles=_number(report.parameters.get(BREATH_PHASE)),
        hits=report.hits,
        throws=report.throws,
    )


def heard_of(report: SoundState) -> SoundSaid:
    """The event that the session takes in."""
    return SoundSaid(
        device=report.device,
        has_hrtf=report.has_hrtf,
        is_muted=report.is_muted,
        problem=report.problem,
        peak_db=report.peak_db,
        level_db=report.level_db,
        voice_delay_s=report.voice_delay_s,
    )


def _number(parameter: float | str | None) -> float | None:
    return parameter if isinstance(parameter, float) else None
