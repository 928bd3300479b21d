"""From bursts of RR intervals to beats on the session's clock, gated for plausibility.

Source of the gate: CLINICAL basis, section 3 (300-2000 ms, within 20 % of the median of the last 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from therapy.frozen import made, quick

MS_PER_TICK = 1000.0 / 1024.0
SHORTEST_RR_MS = 300.0
LONGEST_RR_MS = 2000.0
GATE_SHARE = 0.20
GATE_ORDER = 11
GATE_NEEDS = 3
LARGEST_CLOCK_ERROR_S = 2.0


@quick
@dataclass(frozen=True, slots=True)
class Beat:
    """One RR interval and the time of the beat that ended it."""

    t_s: float
    rr_ticks: int
    accepted: bool
    after_gap: bool

    @property
    def rr_ms(self) -> float:
        """The interval in milliseconds."""
        return self.rr_ticks * MS_PER_TICK


@quick
@dataclass(frozen=True, slots=True)
class BeatTrain:
    """Where the train of beats stands: the last beat's time and the newest plausible intervals in ms."""

    last_beat_s: float | None = None
    recent_ms: tuple[float, ...] = ()


def add_intervals(train: BeatTrain, rr_ticks: tuple[int, ...], t_s: float) -> tuple[BeatTrain, tuple[Beat, ...]]:
    """Place the intervals of one notification that arrived at `t_s`.

    Times are cumulative sums from the last beat; when they disagree with the clock by more than
    2 s the train is anchored anew, so that its last beat is at `t_s`, and the first beat is marked as after a gap.
    """
    if not rr_ticks:
        return train, ()
    total_s = sum(rr_ticks) / 1024.0
    start_s = train.last_beat_s
    gap = start_s is None or abs(start_s + total_s - t_s) > LARGEST_CLOCK_ERROR_S
    beat_s = t_s - total_s if start_s is None or gap else start_s
    recent = () if gap else train.recent_ms
    beats = []
    for number, ticks in enumerate(rr_ticks):
        beat_s += ticks / 1024.0
        accepted = is_plausible(ticks * MS_PER_TICK, recent)
        if SHORTEST_RR_MS <= ticks * MS_PER_TICK <= LONGEST_RR_MS:
            recent = (*recent, ticks * MS_PER_TICK)[-GATE_ORDER:]
        beats.append(made(Beat)(beat_s, ticks, accepted, gap and number == 0))
    return made(BeatTrain)(beat_s, recent), tuple(beats)


def is_plausible(rr_ms: float, recent_ms: tuple[float, ...]) -> bool:
    """Whether an interval counts: in range, and near the median of the newest in-range intervals.

    In-range intervals enter the median even when rejected, so that a true change of rate is
    followed after a few beats and cannot lock the gate.
    """
    if not SHORTEST_RR_MS <= rr_ms <= LONGEST_RR_MS:
        return False
    if len(recent_ms) < GATE_NEEDS:
        return True
    middle_ms = median(recent_ms)
    return abs(rr_ms - middle_ms) <= GATE_SHARE * middle_ms
