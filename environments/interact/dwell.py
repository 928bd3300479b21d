"""Choosing by looking: a pure state machine on injected time.

Looking at a target for `DWELL_S` chooses it.  Time is accumulated, so a short glance aside costs
nothing; a longer one lets it drain as fast as it was won.  After a choice, and when a target
appears under the gaze, the patient has to look away once before it counts again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

DWELL_S = 1.5
GLANCE_S = 0.3
"""Looking away for no longer than this loses nothing."""


@dataclass(frozen=True, slots=True)
class Dwell:
    """What is looked at and for how long; a new one is not armed until the gaze was elsewhere."""

    target: int | None = None
    held_s: float = 0.0
    away_s: float = 0.0
    armed: bool = False

    @property
    def filled_0to1(self) -> float:
        """How much of the target's fill to draw."""
        return min(self.held_s / DWELL_S, 1.0)

    @property
    def looked_at(self) -> int | None:
        """What the gaze rests on in this moment."""
        return self.target if self.away_s == 0.0 else None


def look(dwell: Dwell, looked_at: int | None, dt_s: float, takes_s: float = DWELL_S) -> tuple[Dwell, int | None]:
    """The state after `dt_s` of looking at `looked_at`, and the target chosen by it, if one was."""
    if looked_at is None:
        return _away(dwell, dt_s), None
    if not dwell.armed:
        # Only a gaze that was elsewhere, or that moved on to another target, begins to count.
        if dwell.target is None or dwell.target == looked_at:
            return replace(dwell, target=looked_at, held_s=0.0), None
        dwell = Dwell(armed=True)
    if dwell.target != looked_at:
        dwell = Dwell(target=looked_at, armed=True)
    held_s = dwell.held_s + dt_s
    if held_s >= takes_s:
        return Dwell(target=looked_at), looked_at
    return replace(dwell, held_s=held_s, away_s=0.0), None


def _away(dwell: Dwell, dt_s: float) -> Dwell:
    if not dwell.armed or dwell.target is None:
        return Dwell(armed=True)
    away_s = dwell.away_s + dt_s
    drained_s = min(max(away_s - GLANCE_S, 0.0), dt_s)
    held_s = dwell.held_s - drained_s
    return replace(dwell, held_s=held_s, away_s=away_s) if held_s > 0.0 else Dwell(armed=True)
