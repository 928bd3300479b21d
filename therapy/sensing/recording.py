"""A recorded heart beating again."""

from __future__ import annotations

import numpy as np

from therapy.sensing.heart import TICKS_PER_S, HeartBeatBatch

SHOWN_OVER_BEATS = 5


class RecordedHeart:
    """Beats with recorded intervals; `finished` once all have been given."""

    def __init__(self, rr_ms: tuple[float, ...]) -> None:
        ends_ms = np.cumsum(np.asarray(rr_ms, dtype=np.float64))
        # Rounding the ends, not the intervals, keeps the recording's length to half a tick.
        self._end_ticks: list[int] = [round(end_ms / 1000.0 * TICKS_PER_S) for end_ms in ends_ms.tolist()]
        self._next = 0

    @property
    def finished(self) -> bool:
        """Whether every interval was given."""
        return self._next == len(self._end_ticks)

    def advance(self, t_s: float) -> HeartBeatBatch:
        """The intervals that ended by `t_s` and the mean rate of the last five."""
        first = self._next
        while not self.finished and self._end_ticks[self._next] <= t_s * TICKS_PER_S:
            self._next += 1
        return HeartBeatBatch(self._shown_bpm(), tuple(self._rr_ticks(i) for i in range(first, self._next)), None)

    def _rr_ticks(self, index: int) -> int:
        return self._end_ticks[index] - (self._end_ticks[index - 1] if index else 0)

    def _shown_bpm(self) -> int:
        if not self._next:
            return 0
        recent = [self._rr_ticks(i) for i in range(max(0, self._next - SHOWN_OVER_BEATS), self._next)]
        return round(60.0 * TICKS_PER_S * len(recent) / sum(recent))
