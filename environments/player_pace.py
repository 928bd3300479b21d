"""How often to draw and how finely: keeps the frame budget on slow machines.  Pure."""

from __future__ import annotations

from dataclasses import dataclass

SCALES = (1.0, 0.75, 0.5)
"""Parts of the full width and height that are drawn."""

IDLE_FPS = 10.0
_SLOW_FRAMES = 6
_VERY_SLOW = 3.0
"""A frame this many budgets long counts as several slow ones."""

_LATE_WEIGHS, _LATE_AT_MOST = 6, 18
"""A late frame weighs as much as so many on time; three in a row are too many."""

_LONGEST_PATIENCE = 50_000
_QUICK_FRAMES = 90
_QUICK_PART_0TO1 = 0.35


@dataclass(slots=True)
class Pace:
    """Chooses the render scale from what frames took, in wall milliseconds.

    A few slow frames in a row make the picture coarser at once; it becomes finer again only after
    many frames that left enough room for the larger picture, so that it does not swing.
    """

    budget_ms: float
    _index: int = 0
    _slow: int = 0
    _quick: int = 0

    @property
    def scale(self) -> float:
        """The part of the full size to draw at."""
        return SCALES[self._index]

    def frame(self, took_ms: float) -> bool:
        """Take in a frame; True when the scale has changed."""
        weight = 3 if took_ms > _VERY_SLOW * self.budget_ms else 1
        self._slow = self._slow + weight if took_ms > 0.9 * self.budget_ms else 0
        self._quick = self._quick + 1 if took_ms < _QUICK_PART_0TO1 * self.budget_ms else 0
        step = 0
        if self._slow >= _SLOW_FRAMES and self._index < len(SCALES) - 1:
            step = 1
        elif self._quick >= _QUICK_FRAMES and self._index > 0:
            step = -1
        if step:
            self._index, self._slow, self._quick = self._index + step, 0, 0
        return step != 0


@dataclass(slots=True)
class SteadyPace:
    """The same for a headset, whose frames are on time or late and nothing between.

    A few late frames close together make the picture coarser.  It becomes finer again after a long time without any;
    when that was too much, the next time has to be twice as long.
    """

    budget_ms: float
    _index: int = 0
    _late: int = 0
    _steady: int = 0
    _patience: int = 1_000

    @property
    def scale(self) -> float:
        """The part of the full size to draw at."""
        return SCALES[self._index]

    def frame(self, took_ms: float) -> bool:
        """Take in how long a frame was shown; True when the scale has changed."""
        is_late = took_ms > self.budget_ms
        self._late = max(self._late + (_LATE_WEIGHS if is_late else -1), 0)
        self._steady = 0 if is_late else self._steady + 1
        if self._late >= _LATE_AT_MOST and self._index < len(SCALES) - 1:
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE)
            return self._step(1)
        return self._steady >= self._patience and self._index > 0 and self._step(-1)

    def _step(self, step: int) -> bool:
        self._index, self._late, self._steady = self._index + step, 0, 0
        return True


def wait_s(frame_began_s: float, now_s: float, fps: float) -> float:
    """Wall seconds until the next frame is due, so that frames begin 1/`fps` apart."""
    return max(frame_began_s + 1.0 / fps - now_s, 0.0)
